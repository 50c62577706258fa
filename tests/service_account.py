"""A service account's key that opens nothing: made here, known to nobody, gone with the tests."""

import json
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key


@cache
def key_of_nobody() -> str:
    """The JSON of a key, on one line, in the form in which Google hands them out.

    Shorter than Google's, as it protects nothing: long ones take long to make.
    """
    private = generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    info = {
        "type": "service_account",
        "client_email": "service@agency.example",
        "private_key": private.decode(),
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return json.dumps(info)
