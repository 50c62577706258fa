"""``syncer explain``: which rule decides a field, or all about one record."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup, opened
from syncer.cli.waiting import tale_of, waiting
from syncer.cli.work import known_client, namer, title_of

if TYPE_CHECKING:
    from syncer.cli.output import Output
    from syncer.model.configuration import Configuration
    from syncer.model.records import Record
    from syncer.report.story import Story
    from syncer.state import Store

_ID = re.compile(r"[0-9A-Za-z]{6,}")
_FIELD = re.compile(r"([a-z_]+)\.([a-z0-9_]+)")

What = Annotated[
    str,
    typer.Argument(
        metavar="ENTITY.FIELD|RECORD",
        help="A field like project.deadline; or a record: id, title, vendor's id or address.",
    ),
]
Field = Annotated[str | None, typer.Argument(metavar="[FIELD]", help="This field only.")]
Limit = Annotated[int, typer.Option(min=1, help="Lines of history.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    ctx: typer.Context,
    what: What,
    field: Field = None,
    client: Client = None,
    limit: Limit = 30,
    json: Json = False,
) -> None:
    """Say who decides a field, or what is agreed about a record and how that came to be."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    name = _FIELD.fullmatch(what)
    if name is not None and name[1] in config.schema and field is None:
        _rule(config, output, name[1], name[2])
        return
    with opened(config) as store:
        record = record_of(config, store, what, client)
        if field is not None:
            _known_field(config, record.entity, field)
        story = _story(config, store, record, field, limit)
        from syncer.report.story import story_document, story_json

        output.show(story_document(story, namer(config, store, [])), story_json(story))


def _rule(config: "Configuration", output: "Output", entity: str, field: str) -> None:
    from syncer.report.rule import rule_document, rule_json

    _known_field(config, entity, field)
    rule = config.ownership.rules.get((entity, field))
    if rule is None:
        text = f"{entity}.{field} is not mapped anywhere and has no owner"
        raise Fault(text, Exit.CONFIGURATION)
    output.show(rule_document(config, rule), rule_json(config, rule))


def _known_field(config: "Configuration", entity: str, field: str) -> None:
    known = config.schema[entity].fields
    if field not in known:
        fields = ", ".join(sorted(known))
        text = f'{entity} has no field "{field}"; it has: {fields}'
        raise Fault(text, Exit.CONFIGURATION)


def record_of(config: "Configuration", store: "Store", what: str, client: str | None) -> "Record":
    """The one record that is meant. Raises :class:`Fault` where there is none, or several."""
    found = next(filter(None, (store.resolve(ref, client) for ref in _readings(what))), [])
    if not found:
        raise Fault(f'nothing is known of "{what}"', Exit.CONFIGURATION)
    if len(found) > 1:
        lines = [f'  {r.id}  {r.client}  {r.entity} "{title_of(config, store, r.id)}"'
                 for r in found]  # fmt: skip
        text = f'"{what}" can mean {len(found)} records; write more of it'
        raise Fault(text, Exit.CONFIGURATION, lines)
    return found[0]


def _readings(what: str) -> Iterator[str]:
    """What was written, and the forms in which an address from a browser may be known.

    Addresses carry names, queries and places around the id: each part may be the id itself.
    """
    yield what
    if what.startswith(("https://", "http://")):
        address = what.partition("?")[0].partition("#")[0].rstrip("/")
        parts = address.split("/")
        yield from ("/".join(parts[:end]) for end in range(len(parts), 3, -1))
        yield from (part for part in reversed(parts[3:]) if _ID.fullmatch(part))


def _story(
    config: "Configuration", store: "Store", record: "Record", field: str | None, limit: int
) -> "Story":
    from syncer.engine.answers import Answers
    from syncer.model.notices import NoticeStatus
    from syncer.report.story import Story, of_field

    answers = Answers(config, store, clock=lambda: datetime.now(UTC))
    proposals = store.proposals(record.client, [record.id], open_only=False)
    told = [
        notice
        for notice in store.notices(record.client, tuple(NoticeStatus), record=record.id)
        if notice.proposal is None  # what is about a proposal stands with it
    ]
    holds = [h for h in store.holds(record.client) if h.record == record.id]
    return Story(
        record=record,
        spec=config.schema[record.entity],
        links=store.links_of([record.id])[record.id],
        proposals=tuple(waiting(config, store, answers, one) for one in of_field(proposals, field)),
        holds=tuple(h for h in holds if field in (None, h.field)),
        history=tuple(store.journal(record.client, record.id, field, limit=limit)),
        field=field,
        tale=tale_of(store, [n for n in told if field in (None, n.field)]),
    )
