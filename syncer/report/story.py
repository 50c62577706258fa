"""The story of one record: what is agreed, who set it, where it lives, what happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as factory
from typing import Any

from syncer.model.entities import EntitySpec
from syncer.model.records import Agreed, Hold, JournalEntry, Link, Proposal, Record
from syncer.model.values import Json
from syncer.report.document import Block, Cell, Line, Style, line, short, table
from syncer.report.jsonable import entry_json, hold_json, link_json, moment_json, value_json
from syncer.report.plan import Names, holds_document, shown
from syncer.report.proposals import Waiting, proposal_lines
from syncer.report.told import Tale, told_json, told_lines


@dataclass(frozen=True)
class Story:
    """A record with all that the state knows about it.

    Args:
        field: tell of this field only.
        proposals: open ones first.
        history: newest first.
        tale: what people were told of it, beside proposals.
    """

    record: Record
    spec: EntitySpec
    links: tuple[Link, ...]
    proposals: tuple[Waiting, ...]
    holds: tuple[Hold, ...]
    history: tuple[JournalEntry, ...]
    field: str | None = None
    tale: Tale = factory(default_factory=Tale)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.record.value(self.spec.title) or self.record.id)

    @property
    def agreed(self) -> Mapping[str, Agreed]:
        """What is agreed, of the field in question or of all."""
        wanted = [self.field] if self.field else list(self.spec.fields)
        return {name: self.record.agreed[name] for name in wanted if name in self.record.agreed}


def story_document(story: Story, names: Names) -> list[Block]:
    """All of it, for people."""
    record = story.record
    title = f'{record.entity} "{short(story.title)}"'
    about = f"  {record.client}  {record.id}" + (
        "  (something is still to be done)" * record.pending
    )
    blocks: list[Block] = [Line((Cell(title, Style.TITLE), Cell(about, Style.DIM)))]
    columns = ("field", "agreed", "set by", "as", "where", "when (UTC)", "rule")
    rows = [_agreed(name, agreed, names) for name, agreed in story.agreed.items()]
    blocks.append(table(columns, rows) if rows else line("nothing is agreed yet", indent=1))
    blocks.append(table(("twin in", "object", "id", "state", "address"), _twins(story.links)))
    if story.proposals:
        blocks += [line("proposals", Style.TITLE), *proposal_lines(story.proposals, names)]
    if story.tale.notices:
        blocks += [line("told, times in UTC", Style.TITLE), *told_lines(story.tale)]
    blocks += holds_document(story.holds, names)
    if story.history:
        blocks.append(line("history, newest first, times in UTC", Style.TITLE))
        blocks += [_entry(entry, names) for entry in story.history]
    return blocks


def _agreed(name: str, agreed: Agreed, names: Names) -> list[str]:
    where = agreed.connection or ("the command line" if agreed.by else "")
    value = short(shown(agreed.value, names), 60)
    return [
        name, value, agreed.by or "", agreed.role or "", where, _minute(agreed.at), agreed.rule
    ]  # fmt: skip


def _minute(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _twins(links: Sequence[Link]) -> Iterator[list[str]]:
    for link in links:
        state = str(link.status) if link.existence == "present" else link.existence
        yield [link.connection, link.object, link.remote_id, state, link.url or ""]


def _entry(entry: JournalEntry, names: Names) -> Line:
    where = f" in {entry.connection}" if entry.connection else ""
    who = f"{entry.editor} " if entry.editor else ""
    values = ""
    if entry.old is not None or entry.new is not None:
        values = f": {_json(entry.old, names)} -> {_json(entry.new, names)}"
    text = f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.kind} {who}{entry.field or ''}{where}{values}"
    outcome = f"  {entry.outcome}" if entry.outcome else ""
    words = "  ".join(part for part in (short(entry.text, 80), entry.rule) if part)
    return Line((Cell(text), Cell(outcome, Style.WARN), Cell(f"  {words}", Style.DIM)), 1)


def _json(value: Json, names: Names) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values())
    if isinstance(value, list):
        return short(", ".join(names(str(item)) for item in value), 60)
    return short(names(str(value)), 60)


def story_json(story: Story) -> dict[str, Any]:
    """All of it, for programs."""
    record = story.record
    return {
        "record": record.id,
        "client": record.client,
        "entity": record.entity,
        "title": story.title,
        "pending": record.pending,
        "agreed": {name: _agreed_json(agreed) for name, agreed in story.agreed.items()},
        "twins": [link_json(link) for link in story.links],
        "proposals": [one.json() for one in story.proposals],
        "told": told_json(story.tale),
        "holds": [hold_json(hold) for hold in story.holds],
        "history": [entry_json(entry) for entry in story.history],
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
