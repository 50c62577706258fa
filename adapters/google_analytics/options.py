"""What a connection and a client's scope need, and what an account may spend."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from adapters.google_analytics.key import checked_key
from syncer.adapterkit.contract import Strict
from syncer.adapterkit.limits import Limit

BASE_URL: Final = "https://analyticsdata.googleapis.com/v1beta"
ADMIN_URL: Final = "https://analyticsadmin.googleapis.com/v1beta"
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address

WORDS: Final[Mapping[str, str]] = {
    "campaign": "sessionCampaignName",
    "landing_page": "landingPage",
    "host": "hostName",
    "channel": "sessionDefaultChannelGroup",
    "source": "sessionSource",
    "medium": "sessionMedium",
}
"""Words of filters to dimensions ("API Dimensions & Metrics"): those of the session."""

ADMIN_LIMITS: Final = (Limit(600, 60),)
"""Requests a minute and user of the Admin API ("Limits and quotas")."""

TOKEN_LIMITS: Final = (Limit(30, 60),)
"""Of our own: a token lasts an hour, so more than this is a loop."""

_MEASUREMENT: Final = re.compile(r"(G|GT|AW|UA|YT|MO|DC)-", re.IGNORECASE)
_WHERE: Final = "the property id is digits alone: Google Analytics, Admin, Property details"


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Patterns = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(_listed)]


def _word(name: str) -> Any:
    return Field(default=None, description=f"The vendor's `{WORDS[name]}`.")


class Filters(Strict):
    """Which visits count: all words must fit, one pattern of each; ``*`` is any text."""

    campaign: Patterns | None = _word("campaign")
    landing_page: Patterns | None = _word("landing_page")
    host: Patterns | None = _word("host")
    channel: Patterns | None = _word("channel")
    source: Patterns | None = _word("source")
    medium: Patterns | None = _word("medium")

    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """The vendor's dimensions, each with its patterns; words not used are left out."""
        said = {name: getattr(self, word) for word, name in WORDS.items()}
        return {name: patterns for name, patterns in said.items() if patterns}


class Options(Strict):
    """A service account (``credentials``), or a user who has agreed (the other three).

    Args:
        admin_url: Where the Admin API is; another address only for a sandbox.
        token_url: Where a user's tokens are made; a service account's key names its own.
        credentials: the whole JSON key of a service account, as it was downloaded.
        client_id: of the OAuth client.
        client_secret: of the OAuth client.
        refresh_token: of the user, with the scope analytics.readonly.
        reserve: the share of each of a property's quotas that is left to other tools.
    """

    base_url: str = BASE_URL
    admin_url: str = ADMIN_URL
    token_url: str = TOKEN_URL
    credentials: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    reserve: float = Field(default=0.1, ge=0, lt=1)

    @field_validator("credentials")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            checked_key(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        user = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }
        said = [name for name, value in user.items() if value is not None]
        if self.credentials is not None and said:
            raise ValueError(f"credentials are there, and {said[0]} as well; name one kind only")
        if self.credentials is None and len(said) < len(user):
            missing = ", ".join(name for name in user if name not in said)
            how = f"add {missing}" if said else f"name credentials, or {missing}"
            raise ValueError(f"there is nothing to sign in with; {how}")
        return self


class ScopeOptions(Strict):
    """The property in which a client is measured.

    Args:
        property: its id, digits only; not the measurement id (``G-...``).
        filters: the part of the property that is the client's, by ``campaign``,
            ``landing_page``, ``host``, ``channel``, ``source`` and ``medium``: one text or a
            list, with ``*`` for any text. All words must fit, one pattern of each.
        projects: a project's name to such words; they stand beside the client's own, and a word
            said here stands instead of the client's.
    """

    property: str = Field(max_length=20)
    filters: Filters = Filters()
    projects: dict[str, Filters] = Field(default_factory=dict)

    @field_validator("property")
    @classmethod
    def _digits(cls, value: str) -> str:
        if _MEASUREMENT.match(value):
            raise ValueError(f"this is a measurement id, of a tag and not of a property; {_WHERE}")
        if not re.fullmatch(r"[0-9]+", value):
            raise ValueError(f"this is no property id; {_WHERE}")
        return value
