"""Places that refused a comment: for a while the next best place is taken instead."""

from collections.abc import Sequence
from datetime import datetime

from syncer.engine.context import Context
from syncer.engine.heads_up.posts import Parcel
from syncer.model.comments import Thread

Until = dict[str, tuple[str, str]]
"""By connection, object and id: until when, and what the tool said."""


class Refusals:
    """Remembered for as long as what is known of a tool's places is (``intervals.scopes``)."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        known: Until = ctx.store.meta(self._key) or {}
        self._known = {k: v for k, v in known.items() if datetime.fromisoformat(v[0]) > ctx.now}

    @property
    def _key(self) -> str:
        return f"refused:{self.ctx.client.key}"

    def why(self, connection: str, thread: Thread) -> str:
        """What a place answered; empty where it refused nothing of late."""
        _, said = self._known.get(_name(connection, thread), ("", ""))
        return said

    def note(self, refused: Sequence[Parcel]) -> None:
        """Remember these."""
        until = (self.ctx.now + self.ctx.config.intervals.scopes).isoformat()
        for parcel in refused:
            reason = parcel.posting.reason or "it takes no comment"
            posting = parcel.posting
            self._known[_name(posting.connection, posting.thread)] = (until, reason)
        if refused:
            with self.ctx.store.transaction() as tx:
                tx.put_meta(self._key, {k: list(v) for k, v in self._known.items()})


def _name(connection: str, thread: Thread) -> str:
    return f"{connection}:{thread.object}:{thread.id}"
