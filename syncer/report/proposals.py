"""Held edits as people read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from syncer.model.records import Proposal
from syncer.model.values import Value
from syncer.report.document import Block, Line, Style, line, short, table
from syncer.report.jsonable import proposal_json
from syncer.report.plan import Names, shown
from syncer.report.status import ago, span
from syncer.report.told import Tale, in_short, told_json, told_lines


class Waiting(Struct, frozen=True):
    """A proposal with what is needed to judge it.

    Args:
        agreed: the value that stands now.
        deciders: the people who may answer.
        blocked: connections that show the agreed value instead of the proposed one.
        tale: who was told of it, where and when.
    """

    proposal: Proposal
    title: str
    agreed: Value
    deciders: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    tale: Tale = field(default_factory=Tale)

    def json(self) -> dict[str, Any]:
        """All of it."""
        told = proposal_json(self.proposal, self.title, self.agreed, self.deciders)
        return told | {"blocked": list(self.blocked), "told": told_json(self.tale)}


def proposals_document(found: Sequence[Waiting], now: datetime, names: Names) -> list[Block]:
    """A table, and how to answer."""
    if not found:
        return [line("no proposals are waiting")]
    ended = any(one.proposal.closed_at for one in found)
    about = ("number", "client", "record", "field", "stands", "proposed", "by", "when", "for")
    columns = (*about, "until", "told", "old value in", "id")
    rows = [_row(one, now, names) + [_end(one)] * ended for one in found]
    blocks: list[Block] = [table((*columns, *["state"] * ended), rows)]
    if any(not one.proposal.closed_at for one in found):
        hint = "to answer: syncer proposals approve NUMBER --as PERSON (or decline, withdraw)"
        blocks.append(line(hint, Style.DIM))
    return blocks


def _end(one: Waiting) -> str:
    """How it ended."""
    by = f" by {one.proposal.closed_by}" if one.proposal.closed_by else ""
    return f"{one.proposal.status}{by}"


def _row(one: Waiting, now: datetime, names: Names) -> list[str]:
    proposal = one.proposal
    what = f'{proposal.entity} "{short(one.title, 40)}"'
    values = [short(shown(value, names), 60) for value in (one.agreed, proposal.value)]
    by = f"{proposal.proposer} in {proposal.connection}"
    whom = "" if proposal.closed_at else ", ".join(one.deciders) or "nobody"
    when = ago(proposal.updated_at, now)
    about = [proposal.number, proposal.client, what, proposal.field, *values, by, when, whom]
    told = "" if proposal.closed_at else in_short(one.tale, proposal.version)
    return [*about, _until(proposal, now), told, ", ".join(one.blocked), proposal.id]


def _until(proposal: Proposal, now: datetime) -> str:
    """How long its time still runs; it stands still until the owner was told."""
    if proposal.closed_at is not None or proposal.expires_at is None:
        return ""
    left = proposal.expires_at - now
    return (
        f"{proposal.expires_at:%Y-%m-%d %H:%M} UTC, in {span(left)}"
        if left > timedelta(0)
        else "the next run"
    )


def proposal_lines(found: Iterable[Waiting], names: Names) -> Iterable[Line]:
    """Each in a sentence with its rule, for the story of a record."""
    for one in found:
        p = one.proposal
        end = f", {p.status}" + (f" by {p.closed_by}" if p.closed_by else "")
        whom = f", waits for {' or '.join(one.deciders)}" if one.deciders else ""
        yield line(
            f"{p.number} ({p.id}): {p.proposer} proposes {p.field} = {shown(p.value, names)} in"
            f" {p.connection} (version {p.version}){end if p.closed_at else whom}  {p.rule}",
            indent=1,
        )
        yield from told_lines(one.tale, indent=2)
