"""``syncer proposals``: held edits, and the answers to them."""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.commands import Commands
from syncer.cli.exits import Exit, Fault
from syncer.cli.options import As, Client, Json
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.waiting import waiting
from syncer.cli.work import known_client, namer, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncer.engine.answers import Answer, Answers
    from syncer.model.configuration import Configuration
    from syncer.model.records import Proposal
    from syncer.state import Store

group = typer.Typer(
    cls=Commands, help="List held edits, and answer them.", invoke_without_command=True
)

Id = Annotated[
    str, typer.Argument(metavar="ID", help="As listed; its beginning or its number will do.")
]
Version = Annotated[
    int | None, typer.Option(help="Answer only if the proposal is still at this version.")
]
All = Annotated[bool, typer.Option("--all", help="Those that have ended too.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="proposals")


@group.callback()
def proposals(
    ctx: typer.Context, client: Client = None, every: All = False, json: Json = False
) -> None:
    """List held edits, and answer them."""
    setup: Setup = ctx.obj
    setup.output(json)
    if ctx.invoked_subcommand is None:
        _list(setup, client, every)


@group.command("list")
def list_(
    ctx: typer.Context, client: Client = None, every: All = False, json: Json = False
) -> None:
    """List the edits that wait for the owner of a field."""
    setup: Setup = ctx.obj
    setup.output(json)
    _list(setup, client, every)


@group.command()
def approve(
    ctx: typer.Context, id: Id, person: As, version: Version = None, json: Json = False
) -> None:
    """Agree with a held edit; the next run makes every tool show it."""
    setup: Setup = ctx.obj
    setup.output(json)
    with _answering(setup) as (config, store, answers):
        proposal = _one(store, id)
        answer = answers.approve(proposal.id, person, version=version)
        _say(setup, config, store, answer)


@group.command()
def decline(
    ctx: typer.Context,
    id: Id,
    person: As,
    reason: Annotated[str, typer.Option(help="Why, for the proposer.")] = "",
    version: Version = None,
    json: Json = False,
) -> None:
    """Let the agreed value stand."""
    setup: Setup = ctx.obj
    setup.output(json)
    with _answering(setup) as (config, store, answers):
        proposal = _one(store, id)
        answer = answers.decline(proposal.id, person, reason=reason, version=version)
        _say(setup, config, store, answer)


@group.command()
def withdraw(
    ctx: typer.Context,
    id: Id,
    person: Annotated[
        str, typer.Option("--as", metavar="PERSON", help="Who proposed it: a key of people.yaml.")
    ],
    reason: Annotated[str, typer.Option(help="Why, for the owner.")] = "",
    version: Version = None,
    json: Json = False,
) -> None:
    """Take back what you proposed; the agreed value stands."""
    setup: Setup = ctx.obj
    setup.output(json)
    with _answering(setup) as (config, store, answers):
        proposal = _one(store, id)
        answer = answers.withdraw(proposal.id, person, reason=reason, version=version)
        _say(setup, config, store, answer)


@contextmanager
def _answering(setup: Setup) -> "Iterator[tuple[Configuration, Store, Answers]]":
    from syncer.engine.answers import Answers

    config = setup.configuration()
    with opened(config) as store:
        clock = _now
        yield config, store, Answers(config, store, clock=clock, operator=operator())


def _now() -> datetime:
    return datetime.now(UTC)


def _one(store: "Store", id: str) -> "Proposal":
    """The proposal that an id, the beginning of one or a number can mean."""
    meant = store.proposals_meant(id)
    if not meant:
        raise Fault(f"there is no proposal {id}: see `syncer proposals`", Exit.CONFIGURATION)
    if len(meant) > 1:
        raise Fault(f"{id} can mean {len(meant)} proposals; write more of it", Exit.CONFIGURATION)
    return meant[0]


def _list(setup: Setup, client: str | None, every: bool) -> None:
    from syncer.report.proposals import proposals_document

    with _answering(setup) as (config, store, answers):
        known_client(config, client)
        listed = store.proposals(client, open_only=not every)
        found = [waiting(config, store, answers, proposal) for proposal in listed]
        document = proposals_document(found, _now(), namer(config, store, []))
    setup.output(False).show(document, {"proposals": [one.json() for one in found]})


def _say(setup: Setup, config: "Configuration", store: "Store", answer: "Answer") -> None:
    from syncer.report.document import Style, line
    from syncer.report.plan import shown
    from syncer.report.proposals import Waiting

    proposal, names = answer.proposal, namer(config, store, [])
    title = title_of(config, store, proposal.record)
    what = f'{proposal.field} of {proposal.entity} "{title}"'
    value = shown(proposal.value, names)
    document = [line(f"{proposal.status}: {what} = {value}, by {proposal.closed_by}", Style.GOOD)]
    document += [line(f"superseded: {p.id} by {p.proposer}") for p in answer.superseded]
    document.append(line("the next run carries it out", Style.DIM))
    record = store.records([proposal.record])[proposal.record]
    told = Waiting(proposal, title, record.value(proposal.field)).json()
    superseded = [rival.id for rival in answer.superseded]
    setup.output(False).show(document, told | {"role": answer.role, "superseded": superseded})
