"""What a connection and a client's scope need, and what a credential may spend."""

from typing import Final, Self

from pydantic import SecretStr, model_validator

from syncer.adapterkit.contract import Strict
from syncer.adapterkit.limits import Limit

BASE_URL: Final = "https://api.trello.com/1"

MEMBER: Final = "member"
"""The kind of request that also counts against the limit of the members route."""

TOKEN_LIMITS: Final = (Limit(100, 10), Limit(100, 900, frozenset({MEMBER})))
KEY_LIMITS: Final = (Limit(300, 10),)
"""Trello's documented rate limits ("Rate limits"): per token, and per API key."""


class Options(Strict):
    """An API key and the token of the account that the service acts as.

    Args:
        key: the API key.
        token: a token of that account for this key, with read and write access.
    """

    base_url: str = BASE_URL
    key: SecretStr
    token: SecretStr


class ScopeOptions(Strict):
    """Where a client lives: the boards of a workspace, boards by themselves, or both.

    Args:
        workspace: id, short name or display name. New boards are made in it.
        boards: ids, short links (the eight characters in a board's address) or exact names.
    """

    workspace: str | None = None
    boards: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.workspace and not self.boards:
            raise ValueError("name a workspace, boards, or both")
        return self
