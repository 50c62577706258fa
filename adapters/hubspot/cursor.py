"""What a feed remembers between two polls."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.hubspot.shapes import mapping, word
from adapters.hubspot.values import moment_or_none
from syncer.model.values import instant_text


class Cursor(Struct, frozen=True):
    """Where a feed stands.

    Args:
        scope: the company as configured; a cursor of another scope is worth nothing.
        company: the company that this one was merged into, or itself.
        since: when the last poll began, by HubSpot's clock.
        known: ids in scope, with a digest of what was last delivered.
        behind: when the last search began that reached back further than the others.
        archived: where the walk of the archived list stands.
    """

    scope: str
    company: str
    since: datetime | None = None
    known: dict[str, str] = field(default_factory=dict)
    archived: str | None = None
    behind: datetime | None = None

    def of(self, company: str | None) -> "Cursor":
        """The same for the company that this one was merged into; ``None`` if it is not known."""
        return replace(self, company=company) if company else self

    def dump(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "scope": self.scope,
            "company": self.company,
            "since": instant_text(self.since) if self.since else None,
            "known": self.known,
            "archived": self.archived,
            "behind": instant_text(self.behind) if self.behind else None,
        }


def cursor_of(told: dict[str, Any] | None, scope: str) -> Cursor:
    """Read a cursor; one that is of another scope or not ours is a new beginning."""
    stored = mapping(told)
    if word(stored.get("scope")) != scope:
        return Cursor(scope, scope)
    known = mapping(stored.get("known"))
    return Cursor(
        scope,
        word(stored.get("company")) or scope,
        moment_or_none(stored.get("since")),
        {id: mark for id, mark in known.items() if _is_digest(mark)},
        word(stored.get("archived")) or None,
        moment_or_none(stored.get("behind")),
    )


def _is_digest(mark: object) -> bool:
    return isinstance(mark, str) and mark.partition(".")[0].lstrip("-").isdigit()
