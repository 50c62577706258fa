"""What is wrong now that ops should hear of, and what of it is news. Pure: values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from syncer.model.records import Parked
from syncer.model.report import CycleReport, CycleResult

BEGAN, ENDED = "began", "ended"

RAN: Final = (CycleResult.DONE, CycleResult.FAILED, CycleResult.REFUSED)


class Client(Struct, frozen=True):
    """One client after a run: how its cycle ended, and what the state says of it."""

    report: CycleReport
    connections: frozenset[str]
    parked: Sequence[Parked] = ()


class Age(Struct, frozen=True):
    """Since when a client that is not paused is not in step, and why, as far as it is known.

    ``late``: for longer than is fine. A client that was never in step counts from its first cycle.
    """

    client: str
    since: datetime
    late: bool
    why: str = ""


class Found(Struct, frozen=True):
    """Troubles by key, and the keys that could be looked at: those alone begin or end."""

    troubles: Mapping[str, str]
    looked_at: frozenset[str]


def found(clients: Iterable[Client], ages: Iterable[Age] = ()) -> Found:
    """What is wrong after a run.

    A tool is in trouble once, however many clients it serves. A client that is paused or that
    another run works on is as it was; but that one is not in step is looked at whatever became
    of its cycle, and also where this run had none for it.
    """
    troubles, looked_at = _late(ages)
    down: dict[str, list[Client]] = {}
    for one in clients:
        key, result = one.report.client, one.report.result
        if result in (CycleResult.PAUSED, CycleResult.RETIRED, CycleResult.LOCKED):
            continue
        looked_at |= {f"{kind}:{key}" for kind in ("broken", "refused", "parked")}
        troubles |= _of_client(one)
        if result in RAN:
            looked_at |= {f"down:{name}" for name in one.connections}
            for name in one.report.down:
                down.setdefault(name, []).append(one)
    for name, concerned in down.items():
        troubles[f"down:{name}"] = _down(name, concerned)
    return Found(troubles, frozenset(looked_at))


def _late(ages: Iterable[Age]) -> tuple[dict[str, str], set[str]]:
    looked_at: set[str] = set()
    troubles: dict[str, str] = {}
    for one in ages:
        looked_at.add(f"late:{one.client}")
        if one.late:
            why = f": {one.why}" if one.why else ""
            since = f"{one.since:%Y-%m-%d %H:%M} UTC"
            troubles[f"late:{one.client}"] = f"{one.client}: not in step since {since}{why}"
    return troubles, looked_at


def _of_client(one: Client) -> dict[str, str]:
    report, key = one.report, one.report.client
    told: dict[str, str] = {}
    if report.result is CycleResult.BROKEN:
        told[f"broken:{key}"] = f"{key}: its configuration is wrong: {_first(report.problems)}"
    if report.result is CycleResult.REFUSED:
        refusals = [str(each) for each in report.plan.refusals] if report.plan else []
        told[f"refused:{key}"] = (
            f"{key}: the guard refused: {_first([*refusals, *report.problems])}"
        )
    if one.parked:
        text = f"{len(one.parked)} parked: {one.parked[0].reason}"
        told[f"parked:{key}"] = f"{key}: {text} (see `syncer parked`)"
    return told


def _down(name: str, concerned: Sequence[Client]) -> str:
    keys = ", ".join(one.report.client for one in concerned)
    return f"{name} cannot be used: {concerned[0].report.down[name]} (clients: {keys})"


def _first(texts: Sequence[str]) -> str:
    more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
    return f"{texts[0]}{more}" if texts else "see the log"


class Book(Struct, frozen=True):
    """What was told, and what is still to be told.

    Args:
        open: troubles that began, by key, with their text.
        unsent: (began or ended, key, text), oldest first.
        sending: a message was about to go out; whether it did is not known.
    """

    open: Mapping[str, str]
    unsent: tuple[tuple[str, str, str], ...] = ()
    sending: bool = False

    def json(self) -> dict[str, Any]:
        """As it is kept."""
        unsent = [list(each) for each in self.unsent]
        return {"open": dict(self.open), "unsent": unsent, "sending": self.sending}

    @classmethod
    def of(cls, json: Any) -> "Book":
        """The inverse; an empty one if nothing was kept yet."""
        kept = json or {}
        unsent = tuple((str(a), str(b), str(c)) for a, b, c in kept.get("unsent", ()))
        return cls(dict(kept.get("open", {})), unsent, bool(kept.get("sending", False)))


def news(book: Book, now: Found) -> Book:
    """The book with what began and what ended; what ended before it was told is not told at all."""
    opened = {
        k: text for k, text in book.open.items() if k in now.troubles or k not in now.looked_at
    }
    unsent = list(book.unsent)
    for key in sorted(book.open.keys() - opened.keys()):
        waiting = [each for each in unsent if each[:2] == (BEGAN, key)]
        if waiting and not book.sending:
            unsent.remove(waiting[0])
        else:
            unsent.append((ENDED, key, book.open[key]))
    for key in sorted(now.troubles.keys() - book.open.keys()):
        opened[key] = now.troubles[key]
        unsent.append((BEGAN, key, now.troubles[key]))
    return Book(opened, tuple(unsent), book.sending)


def message(book: Book) -> tuple[str, str]:
    """Title and text of what is still to be told."""
    began = [text for what, _, text in book.unsent if what == BEGAN]
    ended = [text for what, _, text in book.unsent if what == ENDED]
    parts = [f"{len(began)} new"] * bool(began) + [f"{len(ended)} over"] * bool(ended)
    lines = [f"Trouble: {text}" for text in began] + [f"Over: {text}" for text in ended]
    if book.sending:
        lines.append("(Perhaps told before: the service was stopped while it told this.)")
    return f"syncer: trouble, {', '.join(parts)}", "\n".join(lines)
