"""What failed and waits for another try, as people read it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from syncer.model.records import Parked
from syncer.report.document import Block, Cell, Style, counted, line, short, table
from syncer.report.jsonable import parked_json
from syncer.report.status import ago

COLUMNS = ("id", "client", "system", "record", "what", "reason", "since", "tries", "next try")


class Stuck(Struct, frozen=True):
    """Parked work with what people need to find it.

    Args:
        title: what people call the record, or the thing that has none.
        system: which product the connection speaks to; empty where all are concerned.
        url: an address of it, where one is known.
    """

    parked: Parked
    title: str
    system: str = ""
    url: str | None = None

    def json(self) -> dict[str, Any]:
        """All of it."""
        about = {"title": self.title, "system": self.system or None, "url": self.url}
        return {**parked_json(self.parked), **about, "what": self.what}

    @property
    def what(self) -> str:
        """What was tried, in a few words."""
        detail, fields = self.parked.detail, self.parked.detail.get("fields") or ()
        if self.parked.key.startswith("look:"):
            return f"look up a {detail.get('op')}"
        if "op" not in detail:
            return "read it" if self.parked.record is None else "decide"
        named = detail.get("field") or ", ".join(map(str, fields))
        return f"{detail['op']} {named}".strip()


def parked_document(found: Sequence[Stuck], now: datetime) -> list[Block]:
    """A table, and how to try again."""
    if not found:
        return [line("nothing is parked")]
    blocks: list[Block] = [table(COLUMNS, [_row(one, now) for one in found])]
    text = "to try again now: syncer parked replay ID, or --client C, or --all"
    return [*blocks, line(text, Style.DIM)]


def replay_document(found: Sequence[Stuck], now: datetime) -> list[Block]:
    """What would be tried."""
    told = counted(len(found), "piece of parked work", "pieces of parked work")
    return [
        line(f"{told} would be tried again, nothing was changed", Style.TITLE),
        table(COLUMNS, [_row(one, now) for one in found]),
    ]


def replayed_document(tried: int, left: Sequence[Stuck], now: datetime) -> list[Block]:
    """How much of what was tried went through, and what did not."""
    text = f"tried {tried}: {tried - len(left)} went through, {len(left)} still parked"
    blocks: list[Block] = [line(text, Style.WARN if left else Style.GOOD)]
    return [*blocks, table(COLUMNS, [_row(one, now) for one in left])] if left else blocks


def _row(one: Stuck, now: datetime) -> list[str | Cell]:
    parked = one.parked
    title = f'"{short(one.title)}"' + (f" {one.url}" if one.url else "")
    where = parked.connection or "all"
    return [
        Cell(parked.id, Style.TITLE),
        parked.client,
        where,
        title,
        short(one.what),
        Cell(short(parked.reason), Style.WARN),
        ago(parked.since, now),
        str(parked.attempts),
        ahead(parked.next_try, now),
    ]


def ahead(at: datetime, now: datetime) -> str:
    """When, in one unit from now; what is due goes with the next run."""
    left = at - now
    if left <= timedelta(0):
        return "next run"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if left.total_seconds() >= size:
            return f"in {round(left.total_seconds() / size)} {unit}"
    return f"in {int(left.total_seconds())} s"
