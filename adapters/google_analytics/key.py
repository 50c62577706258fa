"""A service account's key: what it must hold. No message ever repeats anything of it."""

import json
from typing import Any, Final

from google.oauth2.service_account import Credentials

SCOPES: Final = ("https://www.googleapis.com/auth/analytics.readonly",)
"""Enough for all reports and for all reads of the Admin API."""

_NEEDED: Final = ("client_email", "private_key", "token_uri")
_HOW: Final = "make a new JSON key of the service account and name it by file:PATH"


def checked_key(text: str) -> tuple[dict[str, Any], Credentials]:
    """What the key holds, and Google's credentials made of it.

    Raises:
        ValueError: it cannot be used, in words that hold nothing of it.
    """
    try:
        info = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(
            f"the key of a service account is a JSON file, this is none; {_HOW}"
        ) from None
    if not isinstance(info, dict):
        raise ValueError(f"the key of a service account is a JSON object, this is none; {_HOW}")
    if info.get("type") != "service_account":
        raise ValueError(f'the key has no "type": "service_account"; {_HOW}')
    for name in _NEEDED:
        if not isinstance(info.get(name), str) or not info[name].strip():
            raise ValueError(f'the key of the service account lacks "{name}"; {_HOW}')
    return info, _signer(info)


def _signer(info: dict[str, Any]) -> Credentials:
    try:
        made = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - whatever the library says might quote the key
        raise ValueError(f"the private key of the service account cannot be read; {_HOW}") from None
    assert isinstance(made, Credentials)
    return made
