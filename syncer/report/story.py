"""The story of one record: why it is as it is, where it lives, and what happened to it."""

from collections.abc import Iterator, Sequence
from typing import Any

from syncer.model.agreements import Agreed, Then
from syncer.model.records import Proposal
from syncer.report.document import Block, Cell, Line, Style, counted, line, short, table
from syncer.report.jsonable import entry_json, hold_json, link_json, moment_json, value_json
from syncer.report.saying import Sayer, marked
from syncer.report.storyparts import Story, Told, View
from syncer.report.storyview import events_of, matters, view
from syncer.report.timeline import Event
from syncer.report.told import told_json, told_lines

__all__ = ["Story", "of_field", "story_document", "story_json"]


def story_document(
    story: Story, sayer: Sayer, *, every: bool = False, most: int | None = None
) -> list[Block]:
    """All of it, for people: the answer, what is agreed, where it lives, what happened."""
    told = view(story, sayer, every=every, most=most)
    blocks: list[Block] = [line(told.sentence, Style.TITLE)]
    blocks += [line(text, Style.WARN) for text in told.also]
    about = f'{told.entity} "{short(told.title)}"  {story.record.client}  {told.id}'
    pending = "  (something is still to be done)" * story.record.pending
    blocks.append(line(f"{about}{pending}", Style.DIM))
    if story.field is None and told.rows:
        blocks.append(_agreed(told))
    columns = ("twin in", "object", "id", "state", "address")
    twins = [[t.where, t.what, t.id, t.state, t.url] for t in told.twins]
    blocks += [table(columns, twins)] if twins else []
    blocks += _timeline(told)
    if every and story.tale.notices:
        blocks.append(line("told, times in UTC", Style.TITLE))
        blocks += told_lines(story.tale, called=sayer.person)
    return blocks


def _agreed(told: View) -> Block:
    columns = ("field", "agreed", "set by", "as", "where", "when", "rule")
    rows = [
        [row.field + " (confidential)" * row.confidential, short(row.value, 60), row.who, row.role,
         row.where, row.at, row.rule]
        for row in told.rows
    ]  # fmt: skip
    return table(columns, rows)


def _timeline(told: View) -> Iterator[Line]:
    until = f" until {told.moment}" if told.moment else ""
    yield line(f"what happened{until}, oldest first, times of {told.zone}", Style.TITLE)
    if told.earlier:
        yield line(f"{counted(told.earlier, 'earlier event')}: --limit shows more", Style.DIM, 1)
    for one in told.lines:
        yield from _event(one)
    if not told.lines:
        yield line("nothing that the journal tells", Style.DIM, 1)
    if told.beside:
        few = counted(
            told.beside, "event that only carried it out", "events that only carried it out"
        )
        yield line(f"and {few}: --all shows them", Style.DIM, 1)


def _event(one: Told) -> Iterator[Line]:
    """What was done by whom, then what became of it, by which rule."""
    role = f" ({one.role})" if one.role else ""
    who = f"{one.who}{role} {one.where}".strip()
    secret = " (confidential)" * one.confidential
    what = f"{one.field}{secret}: {_change(one)}" if _change(one) else f"{one.field}{secret}"
    first = ": ".join(part for part in (who, what.strip()) if part)
    bare = not (one.field or one.who)
    yield Line((Cell(one.when, Style.DIM), Cell(f"  {first or one.text}")), 1)
    text = "" if bare and not first else short(one.text, 160)
    verdict = one.verdict + (f" {one.number}" if one.number else "")
    shown = f"shown in {one.shown_in}" if one.shown_in else ""
    said = "; ".join(part for part in (verdict, one.became, text, shown) if part)
    beside = "  ".join(part for part in (one.rule, one.cycle) if part)
    if said or beside:
        style = Style.WARN if one.held else Style.PLAIN
        yield Line((Cell(said, style), Cell(f"  {beside}" if said else beside, Style.DIM)), 5)


def _change(one: Told) -> str:
    if one.pieces:
        return marked(one.pieces)
    if one.old and one.new:
        return f"{one.old} -> {one.new}"
    return one.new or one.old


def story_json(story: Story, sayer: Sayer) -> dict[str, Any]:
    """All of it, for programs."""
    record = story.record
    told = view(story, sayer)
    return {
        "summary": told.sentence,
        "open": list(told.also),
        "record": record.id,
        "client": record.client,
        "entity": record.entity,
        "title": story.title,
        "field": story.field,
        "zone": sayer.zone,
        "at": moment_json(story.moment),
        "then": {name: _then_json(then) for name, then in story.then.items()},
        "open_then": [one.number for one in story.open_then],
        "pending": record.pending,
        "confidential": sorted(story.confidential & set(story.fields)),
        "agreed": {name: _agreed_json(agreed) for name, agreed in story.agreed.items()},
        "twins": [link_json(link) for link in story.links],
        "proposals": [one.json() for one in story.proposals],
        "told": told_json(story.tale),
        "holds": [hold_json(hold) for hold in story.holds],
        "timeline": [_event_json(story, sayer, event) for event in events_of(story, sayer)],
        "history": [entry_json(entry) for entry in story.history],
    }


def _event_json(story: Story, sayer: Sayer, event: Event) -> dict[str, Any]:
    names = ("kind", "field", "person", "role", "connection", "verdict", "number", "became")
    told: dict[str, Any] = {name: getattr(event, name) or None for name in names}
    return {
        "at": moment_json(event.at),
        **told,
        "name": sayer.person(event.person) or None,
        "old": value_json(event.old),
        "new": value_json(event.new),
        "rule": event.rule or None,
        "cycle": event.cycle or None,
        "shown_in": sorted(set(event.shown_in)),
        "text": event.text,
        "matters": matters(story, event),
    }


def _then_json(then: Then) -> dict[str, Any]:
    return {
        "known": then.agreed is not None,
        "first_known_at": moment_json(then.first),
        "shown_until_then": value_json(then.shown),
        "not_yet_seen": then.unmet,
    }


def _agreed_json(agreed: Agreed) -> dict[str, Any]:
    return {
        "value": value_json(agreed.value),
        "by": agreed.by,
        "role": agreed.role,
        "connection": agreed.connection,
        "at": moment_json(agreed.at),
        "rule": agreed.rule,
    }


def of_field(found: Sequence[Proposal], field: str | None) -> list[Proposal]:
    """The proposals about one field, or all; open ones first, then the newest."""
    wanted = [p for p in found if field in (None, p.field)]
    return sorted(wanted, key=lambda p: (p.closed_at is not None, -p.updated_at.timestamp()))
