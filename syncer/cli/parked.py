"""``syncer parked``: what failed and waits for another try, and trying it now."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncer.cli.commands import Commands
from syncer.cli.exits import Exit, Fault, worst
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.work import CODES, known_client, log_unfinished, namer, service, title_of

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.model.records import Link, Parked
    from syncer.model.report import CycleReport
    from syncer.report.document import Block
    from syncer.report.parked import Stuck
    from syncer.state import Store

group = typer.Typer(
    cls=Commands, help="List what failed; try it again.", invoke_without_command=True
)

System = Annotated[
    str | None, typer.Option("--system", metavar="SYSTEM", help="This connection or system only.")
]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="As listed; a beginning will do.")
]
All = Annotated[bool, typer.Option("--all", help="Everything that is parked.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be tried.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="parked")


@group.callback()
def parked(
    ctx: typer.Context, client: Client = None, system: System = None, json: Json = False
) -> None:
    """List what failed and is tried again with growing pauses."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    if ctx.invoked_subcommand is not None:
        return
    from syncer.report.parked import parked_document

    config = setup.configuration()
    with opened(config) as store:
        found = _stuck(config, store, _chosen(config, store, client, system))
    document = parked_document(found, datetime.now(UTC))
    output.show(document, {"parked": [one.json() for one in found]})


@group.command()
def replay(
    ctx: typer.Context,
    ids: Ids = None,
    client: Client = None,
    system: System = None,
    every: All = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Try parked work again now: the clients concerned are run once."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    if not (ids or client or system or every):
        text = "say what to try again: IDs, --client C, --system S or --all"
        raise Fault(text, Exit.CONFIGURATION, ["`syncer parked` lists it."])
    config = setup.configuration()
    with output.progress() as told, service(config, told) as running:
        store, now = running.store, datetime.now(UTC)
        chosen = _meant(_chosen(config, store, client, system), ids or ())
        if dry_run or not chosen:
            _show_dry(setup, _stuck(config, store, chosen), now)
            return
        _make_due(store, chosen, now)
        clients = sorted({one.client for one in chosen})
        reports = [report for key in clients for report in running.run(key)]
        log_unfinished(reports)
        left = _still(store, chosen)
        blocks = _told(config, store, reports, chosen, _stuck(config, store, left))
    codes = [CODES[report.result] for report in reports] + [Exit.FAILED] * bool(left)
    output.show(blocks, lambda: _json(reports, chosen, left, worst(codes)))
    raise typer.Exit(worst(codes))


def _chosen(
    config: "Configuration", store: "Store", client: str | None, system: str | None
) -> list["Parked"]:
    """Parked work of one client, or in one system, or all."""
    known_client(config, client)
    names = {name for name, each in config.systems().items() if system in (name, each)}
    if system is not None and not names:
        known = ", ".join(sorted({*config.systems(), *config.systems().values()}))
        raise Fault(f'there is no system "{system}"; there are: {known}', Exit.CONFIGURATION)
    return [p for p in store.parked(client) if system is None or p.connection in names]


def _meant(found: Sequence["Parked"], ids: Iterable[str]) -> list["Parked"]:
    """The parked work that ids, or their beginnings, mean; all of it if there are none."""
    wanted = list(ids)
    meant: dict[str, Parked] = {one.id: one for one in found} if not wanted else {}
    for id in wanted:
        fits = [one for one in found if one.id == id] or [p for p in found if p.id.startswith(id)]
        if not fits:
            raise Fault(
                f'nothing that is parked is called "{id}": see `syncer parked`', Exit.CONFIGURATION
            )
        if len(fits) > 1:
            text = f'"{id}" can mean {len(fits)} pieces of parked work; write more of it'
            raise Fault(text, Exit.CONFIGURATION, [f"  {one.id}" for one in fits])
        meant[fits[0].id] = fits[0]
    return list(meant.values())


def _still(store: "Store", chosen: Sequence["Parked"]) -> list["Parked"]:
    """What of it is parked now."""
    tried = {one.id for one in chosen}
    return [one for one in store.parked() if one.id in tried]


def _stuck(config: "Configuration", store: "Store", found: Sequence["Parked"]) -> list["Stuck"]:
    """With titles and addresses, as far as they are known."""
    from syncer.report.parked import Stuck

    links = store.links_of(one.record for one in found if one.record is not None)
    systems = config.systems()

    def stuck(one: "Parked") -> "Stuck":
        twins: Sequence[Link] = links.get(one.record or "", [])
        here = [link.url for link in twins if link.connection == one.connection]
        urls = [url for url in (*here, *(link.url for link in twins)) if url]
        if one.record is None:
            thing = f"{one.detail.get('object')} {one.detail.get('id')}"
            title, url = one.detail.get("title") or thing, one.detail.get("url")
        else:
            title, url = title_of(config, store, one.record), next(iter(urls), None)
            title = str(one.detail.get("title") or title) if title == one.record else title
        return Stuck(one, str(title), systems.get(one.connection, ""), url)

    return [stuck(one) for one in found]


def _make_due(store: "Store", chosen: Sequence["Parked"], now: datetime) -> None:
    """Let it be tried at once, and say in the journal who asked for it."""
    from syncer.model.records import JournalEntry

    who = operator()
    with store.transaction() as tx:
        for one in chosen:
            tx.due_now(one.client, [one.key], now)
        tx.journal(
            [
                JournalEntry(
                    one.client, now, "command", record=one.record,
                    connection=one.connection or None, outcome="replay",
                    text=f"parked replay {one.id}, typed by {who}",
                )
                for one in chosen
            ]
        )  # fmt: skip


def _show_dry(setup: Setup, found: Sequence["Stuck"], now: datetime) -> None:
    from syncer.report.parked import parked_document, replay_document

    document = replay_document(found, now) if found else parked_document(found, now)
    told = {"would_try": [one.json() for one in found], "exit_code": 0}
    setup.output(False).show(document, told)


def _told(
    config: "Configuration",
    store: "Store",
    reports: list["CycleReport"],
    chosen: Sequence["Parked"],
    left: Sequence["Stuck"],
) -> list["Block"]:
    """What became of the replay: the cycles, then how much went through."""
    from syncer.report.cycle import run_document
    from syncer.report.parked import replayed_document

    names = namer(config, store, reports)
    blocks = [block for report in reports for block in run_document(report, names)]
    return [*blocks, *replayed_document(len(chosen), left, datetime.now(UTC))]


def _json(
    reports: Sequence["CycleReport"],
    chosen: Sequence["Parked"],
    left: Sequence["Parked"],
    code: Exit,
) -> dict[str, Any]:
    from syncer.report.cycle import cycle_json

    still = [one.id for one in left]
    through = [one.id for one in chosen if one.id not in still]
    told = {"went_through": through, "still_parked": still, "exit_code": int(code)}
    return told | {"clients": [cycle_json(report) for report in reports]}
