"""What a connection and a client's scope need, and what an account may spend."""

from typing import Final, Literal

from pydantic import Field, SecretStr

from syncer.adapterkit.contract import Strict
from syncer.adapterkit.limits import Limit

BASE_URL: Final = "https://api.hubapi.com"
Tier = Literal["free", "starter", "professional", "enterprise", "api_add_on"]

BURST: Final[dict[str, int]] = {
    "free": 100,
    "starter": 100,
    "professional": 190,
    "enterprise": 190,
    "api_add_on": 200,
}
"""Requests per 10 seconds and key; the documents name 200 and 250 for the add-on."""

SEARCH: Final = "search"
"""The kind of request that also counts against the account's 5 searches a second."""


class Options(Strict):
    """A HubSpot account.

    Args:
        token: of a service key, project app or private app.
        tier: the account's highest subscription; it decides how fast we may go.
    """

    base_url: str = BASE_URL
    token: SecretStr
    tier: Tier = "starter"


class ScopeOptions(Strict):
    """Where a client lives.

    Args:
        company: the id of its company record.
        pipelines: ids of the deal pipelines that count; all unless said.
    """

    company: str = Field(pattern=r"^[0-9]+$")
    pipelines: tuple[str, ...] | None = None


def limits(tier: str) -> tuple[Limit, ...]:
    """The documented limits of an account ("Usage guidelines": burst, and search)."""
    return (Limit(BURST[tier], 10), Limit(5, 1, frozenset({SEARCH})))
