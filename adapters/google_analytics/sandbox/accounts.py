"""Accounts that sign in: service accounts with keys of their own, and people by OAuth."""

import json
from functools import cache
from typing import Final
from zlib import crc32

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from syncer.adapterkit.sandbox import PEOPLE, Person, SandboxUser, made_up_token

PROJECT: Final = "agency-reports"
"""The Cloud project of the service and of the app that people agreed to."""

STRANGE_PROJECT: Final = "other-tools"
SCOPE: Final = "https://www.googleapis.com/auth/analytics.readonly"
SCOPES: Final = frozenset(
    {SCOPE, *(f"https://www.googleapis.com/auth/analytics{end}" for end in ("", ".edit"))}
)
"""Scopes that let one read."""

PARTNER: Final = Person("partner", "A partner's reports", "", bot=False)
LIMITED: Final = Person("limited", "Reports without revenue", "", bot=False)
SERVICES: Final = ("syncer", PARTNER.key, LIMITED.key)
"""The users that are service accounts; the others are people."""

CLIENT_ID: Final = "418201734455-reports.apps.example"
CLIENT_SECRET: Final = made_up_token("google_analytics", "oauth client", 30, "GOCSPX-")


def users() -> dict[str, SandboxUser]:
    """Everybody: the staff, and two more service accounts."""
    return {person.key: _user(person) for person in (*PEOPLE, PARTNER, LIMITED)}


def _user(person: Person) -> SandboxUser:
    number = str(104_000_000_000_000_000_000 + crc32(person.key.encode()))
    token = made_up_token("google_analytics", person.key, 90, "ya29.")
    return SandboxUser(person.key, number, person.name, _email(person), token, person.bot)


def _email(person: Person) -> str:
    if person.key in SERVICES:
        return f"{person.key}@{project_of(person.key)}.iam.example"
    return person.email


def project_of(user: str) -> str:
    """The Cloud project that a user's requests count for."""
    return STRANGE_PROJECT if user == PARTNER.key else PROJECT


def refresh_token(user: str) -> str:
    """What stands for a person's agreement."""
    return made_up_token("google_analytics refresh", user, 60, "1//0")


@cache
def key_of(user: str) -> RSAPrivateKey:
    """A service account's key, made once in a process."""
    if user not in SERVICES:
        raise LookupError(f"{user} is no service account")
    return generate_private_key(65537, 2048)


def key_id(user: str) -> str:
    """What the vendor calls that key."""
    return made_up_token("google_analytics key", user, 40)


def key_file(user: SandboxUser, token_url: str) -> str:
    """The JSON key of a service account as it is downloaded, with its private half."""
    key = key_of(user.name)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    address = user.email.replace("@", "%40")
    told = {
        "type": "service_account",
        "project_id": project_of(user.name),
        "private_key_id": key_id(user.name),
        "private_key": pem,
        "client_email": user.email,
        "client_id": user.id,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_url,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{address}",
        "universe_domain": "googleapis.com",
    }
    return json.dumps(told)
