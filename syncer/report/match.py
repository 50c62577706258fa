"""Candidates for twins as people read them, and as a spreadsheet has them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from syncer.model.contact import Candidate, Decision, Side
from syncer.report.document import Block, Cell, Style, counted, line, short, table
from syncer.report.jsonable import moment_json

WIDE = 120
"""Characters of a title in the list; JSON and CSV have all of it."""

COLUMNS = (
    *("id", "decision", "score", "client", "entity"),
    *("system_1", "where_1", "title_1", "link_1"),
    *("system_2", "where_2", "title_2", "link_2"),
    "reason",
)
"""Of the CSV: what a person writes goes into ``decision``."""


def candidates_document(found: Sequence[Candidate], unread: Iterable[str] = ()) -> list[Block]:
    """A table for each client, and how to answer; ``unread`` are clients that no run looked at."""
    never: list[Block] = [
        line(f"{client}: no run has looked at it, and only a run keeps what it finds;", Style.WARN)
        for client in unread
    ]
    if never:
        never.append(line("  with `mode: observe`, `syncer run` writes nothing to any tool"))
    if not found:
        return never or [
            line("no candidates: nothing waits for somebody to say whether it is the same")
        ]
    blocks: list[Block] = []
    for client in dict.fromkeys(one.client for one in found):
        mine = [one for one in found if one.client == client]
        waiting = sum(one.decision is Decision.OPEN for one in mine)
        blocks.append(line(f"{client}: {counted(waiting, 'candidate')}", Style.TITLE))
        blocks.append(candidates_table(mine))
    if any(one.decision is Decision.OPEN for one in found):
        blocks += [line(text, Style.DIM) for text in _HINTS]
    return [*blocks, *never]


_HINTS = (
    "nothing is made of these until somebody says what they are:",
    "  syncer match accept ID...         they are the same; the next run joins them",
    "  syncer match reject ID...         they are two things, and are never asked about again",
    "  syncer match accept --above 0.95  all that are this likely and the one best for both",
    "  syncer match export --out FILE    to decide in a spreadsheet; then syncer match import FILE",
)


def candidates_table(found: Iterable[Candidate]) -> Block:
    """One row for each pair: how alike, both titles with where they are, and both links."""
    listed = list(found)
    decided = any(one.decision is not Decision.OPEN for one in listed)
    columns = ("id", "score", "what", "is it the same as", "links")
    rows = [[*_row(one), *([_state(one)] if decided else [])] for one in listed]
    return table((*columns, *(["said"] if decided else [])), rows)


def _row(one: Candidate) -> list[str | Cell]:
    links = " ".join(side.url for side in (one.left, one.right) if side.url)
    return [one.id, percent(one.score), side_text(one.left), side_text(one.right), links]


def percent(score: float) -> str:
    """A score as it may be written for ``--above``: never more than it is."""
    return f"{int(score * 100 + 1e-9) / 100:.2f}"


def side_text(side: Side) -> str:
    """A thing with where it is."""
    where = f" in {short(side.where, 30)}" if side.where else ""
    return f'{side.place[0]}: "{short(side.title, WIDE)}"{where}'


def _state(one: Candidate) -> Cell:
    if one.decision is Decision.OPEN:
        return Cell("")
    return Cell(f"{one.decision} by {one.decided_by}", Style.DIM)


def decided_document(
    decided: Sequence[Candidate], *, dry: bool = False, way: str = "--yes does it"
) -> list[Block]:
    """What was said, or would be, and what comes of it; ``way``: how to do it after all."""
    if not decided:
        return [line("nothing to change")]
    counts = Counter(one.decision for one in decided)
    told = ", ".join(
        f"{counts[each]} {_BACK if each is Decision.OPEN else each}"
        for each in Decision
        if counts[each]
    )
    head = f"would be: {told}" if dry else told
    blocks: list[Block] = [line(head, Style.WARN if dry else Style.GOOD)]
    blocks += [line(_sentence(one), indent=1) for one in decided]
    after = f"nothing was changed; {way}" if dry else "the next run carries it out"
    return [*blocks, line(after, Style.DIM)]


_BACK = "open again"
_VERBS = {
    Decision.ACCEPTED: "is the same as",
    Decision.REJECTED: "is another thing than",
    Decision.CREATED: "is another thing, and gets its twins, than",
    Decision.OPEN: "may be the same as",
}


def _sentence(one: Candidate) -> str:
    sides = f"{side_text(one.left)} {_VERBS[one.decision]} {side_text(one.right)}"
    return f"{one.id}  {percent(one.score)}  {sides}"


def candidate_json(one: Candidate) -> dict[str, Any]:
    """All of it."""
    return {
        "id": one.id,
        "client": one.client,
        "entity": one.entity,
        "score": one.score,
        "reason": one.reason,
        "things": [_side_json(one.left), _side_json(one.right)],
        "decision": str(one.decision),
        "decided_by": one.decided_by or None,
        "decided_at": moment_json(one.decided_at),
        "since": moment_json(one.since),
    }


def _side_json(side: Side) -> dict[str, Any]:
    connection, object_name, remote_id = side.place
    told = {"system": connection, "object": object_name, "id": remote_id}
    return told | {"title": side.title, "where": side.where or None, "url": side.url}


def candidate_row(one: Candidate, decision: str) -> dict[str, Any]:
    """A row of the CSV."""
    told: dict[str, Any] = {"id": one.id, "decision": decision, "score": percent(one.score)}
    told |= {"client": one.client, "entity": one.entity, "reason": one.reason}
    for number, side in ((1, one.left), (2, one.right)):
        # On one line, so that a line of the file is a row.
        title = " ".join(side.title.split())
        told |= {f"system_{number}": side.place[0], f"where_{number}": side.where}
        told |= {f"title_{number}": title, f"link_{number}": side.url or ""}
    return told
