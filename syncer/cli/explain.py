"""``syncer explain``: why something is as it is: which rule decides, who set it, what is open."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.finding import record_of
from syncer.cli.options import Client, Json
from syncer.cli.pages import check_target, write_page
from syncer.cli.setup import Setup, opened
from syncer.cli.waiting import tale_of, waiting
from syncer.cli.work import known_client, sayer_of

if TYPE_CHECKING:
    from syncer.cli.output import Output
    from syncer.model.configuration import Configuration
    from syncer.model.records import Record
    from syncer.report.saying import Sayer
    from syncer.report.story import Story
    from syncer.report.told import Tale
    from syncer.state import Store

_FIELD = re.compile(r"([a-z_]+)\.([a-z0-9_]+)")

What = Annotated[
    str,
    typer.Argument(
        metavar="ENTITY.FIELD|RECORD",
        help="A field like project.deadline; or a record: id, title, vendor's id or address.",
    ),
]
Field = Annotated[str | None, typer.Argument(metavar="[FIELD]", help="This field only.")]
Limit = Annotated[int, typer.Option(min=1, help="How many events; the last ones.")]
All = Annotated[
    bool, typer.Option("--all", help="Every event, also writes and what people were told.")
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="DATE",
        help="As it was then: 2026-11-20 (its end) or '2026-11-20 14:00', in the client's zone.",
    ),
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a page to send to a colleague.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    ctx: typer.Context,
    what: What,
    field: Field = None,
    client: Client = None,
    at: At = None,
    every: All = False,
    limit: Limit = 30,
    out: Out = None,
    json: Json = False,
) -> None:
    """Say who decides a field, or why a record is as it is: who set what, where, by which rule."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    from syncer.report.story import story_document, story_json

    name = _FIELD.fullmatch(what)
    if name is not None and name[1] in config.schema and field is None:
        _rule(config, output, name[1], name[2])
        return
    with opened(config) as store:
        record = record_of(config, store, what, client)
        _known_field(config, record.entity, field)
        sayer = sayer_of(config, store, record.client)
        story = _at(_story(config, store, record, field), _moment(at, sayer.zone))
        if out is not None:
            _page(story, sayer, out, every=every)
        told = story_json(story, sayer) | {"file": str(out) if out else None}
        output.show(story_document(story, sayer, every=every, most=limit), told)


def _rule(config: "Configuration", output: "Output", entity: str, field: str) -> None:
    from syncer.report.rule import rule_document, rule_json

    _known_field(config, entity, field)
    rule = config.ownership.rules.get((entity, field))
    if rule is None:
        text = f"{entity}.{field} is not mapped anywhere and has no owner"
        raise Fault(text, Exit.CONFIGURATION)
    output.show(rule_document(config, rule), rule_json(config, rule))


def _known_field(config: "Configuration", entity: str, field: str | None) -> None:
    known = config.schema[entity].fields
    if field is not None and field not in known:
        fields = ", ".join(sorted(known))
        text = f'{entity} has no field "{field}"; it has: {fields}'
        raise Fault(text, Exit.CONFIGURATION)


def _moment(text: str | None, zone: str) -> datetime | None:
    """The moment that is asked for; of a day its end, on the client's clocks."""
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    there, now = ZoneInfo(zone), datetime.now(UTC)
    try:
        if len(text.strip()) == 10:
            day = date.fromisoformat(text.strip())
            moment = datetime.combine(day + timedelta(days=1), time(), there)
            moment -= timedelta(seconds=1)
        else:
            moment = datetime.fromisoformat(text.strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=there)
    except (ValueError, OverflowError):
        hint = "write it like 2026-11-20 or '2026-11-20 14:00'"
        raise typer.BadParameter(hint, param_hint="--at") from None
    if moment.astimezone(there).date() > now.astimezone(there).date():
        raise typer.BadParameter("that is yet to come", param_hint="--at")
    return min(moment.astimezone(UTC), now)


def _story(config: "Configuration", store: "Store", record: "Record", field: str | None) -> "Story":
    from syncer.engine.answers import Answers
    from syncer.report.story import Story, of_field

    answers = Answers(config, store, clock=lambda: datetime.now(UTC))
    proposals = of_field(store.proposals(record.client, [record.id], open_only=False), field)
    holds = [h for h in store.holds(record.client) if h.record == record.id]
    client = config.clients.get(record.client)
    return Story(
        record=record,
        spec=config.schema[record.entity],
        links=store.links_of([record.id])[record.id],
        proposals=tuple(waiting(config, store, answers, one) for one in proposals),
        holds=tuple(h for h in holds if field in (None, h.field)),
        history=tuple(store.journal(record.client, record.id, limit=None)),
        field=field,
        tale=_tale(store, record, field),
        agreements=tuple(store.agreements(record.client, field, [record.id])),
        confidential=config.ownership.confidential,
        client=client.name if client else record.client,
    )


def _tale(store: "Store", record: "Record", field: str | None) -> "Tale":
    """What people were told; what is about a proposal stands with it."""
    from syncer.model.notices import NoticeStatus

    every = store.notices(record.client, tuple(NoticeStatus), record=record.id)
    told = [n for n in every if n.proposal is None and field in (None, n.field)]
    return tale_of(store, told)


def _at(story: "Story", moment: datetime | None) -> "Story":
    """How things stood at a moment, if one is asked for."""
    if moment is None:
        return story
    from msgspec.structs import replace

    from syncer.reconcile.past import agreed_then, open_then

    proposals = [one.proposal for one in story.proposals]
    names = [n for n in story.fields if n in story.record.agreed or n == story.field]
    then = {
        name: agreed_then(
            story.record, name, story.spec.fields[name].type, moment, story.agreements,
            story.history, proposals,
        )
        for name in names
    }  # fmt: skip
    return replace(story, moment=moment, then=then, open_then=tuple(open_then(proposals, moment)))


def _page(story: "Story", sayer: "Sayer", out: Path, *, every: bool) -> None:
    from syncer.adapterkit.redact import clean
    from syncer.report.page.data import mapped
    from syncer.report.page.explain import STORY, story_html
    from syncer.report.storyview import view

    check_target(out, (story.record.id, STORY), f'page about "{story.title}"')
    write_page(out, story_html(mapped(view(story, sayer, every=every), clean)))
