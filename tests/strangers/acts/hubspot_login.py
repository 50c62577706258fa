"""How HubSpot's own client reaches the sandbox."""

from typing import Any

from hubspot import Client


def login(api: str, user: dict[str, Any]) -> Client:
    """A client that acts as this user. It repeats nothing by itself: refusals are looked at."""
    return Client.create(access_token=user["token"], host=api, retry=False)
