"""``syncer report``: one page about a client, to read, to print and to send."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Json
from syncer.cli.pages import check_target, write_page
from syncer.cli.setup import Setup, opened, state_file
from syncer.model.readers import Audience

if TYPE_CHECKING:
    from syncer.engine.clientreport.wanted import Wanted
    from syncer.model.client_inside import AgencyPage
    from syncer.model.client_report import Page
    from syncer.model.configuration import Configuration

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")

Client = Annotated[str, typer.Argument(metavar="CLIENT", help="A key of clients in sync.yaml.")]
Project = Annotated[
    str | None, typer.Option(metavar="PROJECT", help="This project only, by its name.")
]
Since = Annotated[
    str | None, typer.Option(metavar="DAY", help="First day, like 2026-09-01; else 90 days back.")
]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day; else yesterday.")]
For = Annotated[
    Audience,
    typer.Option("--for", help="client leaves out prices, names and all that is internal."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where to; else CLIENT-DAY.html here (agency: -agency)."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    ctx: typer.Context,
    client: Client,
    project: Project = None,
    since: Since = None,
    until: Until = None,
    audience: For = Audience.AGENCY,
    out: Out = None,
    json: Json = False,
) -> None:
    """Write a page about a client: goals and results, launch, work; reads the state only.

    It needs nothing but itself: no script, nothing asked of any other place. It replaces an
    older page of the same client for the same readers, and no other file.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    days = _days(since, until)
    config = setup.configuration()
    wanted = _wanted(config, client, project, days)
    target = out if out is not None or json else Path(_usual_name(wanted, audience))
    if target is not None:
        check_target(target, (client, str(audience)), f"such page of {client} for the {audience}")
    page = _gathered(config, wanted, audience)
    from syncer.report.document import Style, line
    from syncer.report.page.data import page_json

    if target is not None:
        write_page(target, _html(page))
    told = page_json(page) | {"file": str(target) if target else None}
    said = [line(f"{target}: {_summary(page)}", Style.GOOD)] if target else []
    output.show([*said, *(line(text, Style.DIM) for text in _hints(page, audience))], told)
    raise typer.Exit(Exit.DONE)


def _days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    first, last = _day(since, "--since"), _day(until, "--until")
    if first and last and first > last:
        text = f"--since {first} is after --until {last}"
        raise typer.BadParameter(f"{text}; write the earlier day first", param_hint="--since")
    return first, last


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    with suppress(ValueError):
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    raise typer.BadParameter("write a day like 2026-09-01", param_hint=name)


def _wanted(
    config: "Configuration", key: str, project: str | None, days: tuple[date | None, date | None]
) -> "Wanted":
    from syncer.engine.clientreport.wanted import Wanted
    from syncer.settings.problems import suggestion

    if key in config.broken:
        text = f"the configuration of {key} is wrong"
        raise Fault(text, Exit.CONFIGURATION, config.broken[key])
    if key not in config.clients:
        near = suggestion(key, config.clients.keys(), "there are")
        raise Fault(f'there is no client "{key}"; {near}'.rstrip("; "), Exit.CONFIGURATION)
    wanted = Wanted(config.clients[key], datetime.now(UTC), project, *days)
    if wanted.span.since > wanted.span.until:
        text = f"the days are the wrong way round: {wanted.span.since} to {wanted.span.until}"
        raise typer.BadParameter(text, param_hint="--since")
    return wanted


def _gathered(config: "Configuration", wanted: "Wanted", audience: Audience) -> "Page | AgencyPage":
    from syncer.adapterkit.redact import clean
    from syncer.engine.clientreport.gather import gathered
    from syncer.engine.clientreport.pages import agency_page, client_page
    from syncer.engine.clientreport.wanted import NoSuchProject
    from syncer.model.client_parts import Part
    from syncer.report.page.data import mapped
    from syncer.settings.problems import suggestion

    file = state_file(config)
    if file is not None and not file.exists():
        text = "nothing is known of any client yet"
        raise Fault(text, Exit.CONFIGURATION, ["Run `syncer run` first."])
    agency = audience is Audience.AGENCY
    try:
        with opened(config) as store:
            found = gathered(config, store, wanted, tuple(Part) if agency else config.for_client)
            page = agency_page(found) if agency else client_page(found)
    except NoSuchProject as error:
        near = suggestion(error.name, error.known, "there are") or "this client has none"
        text = f'{wanted.client.key} has no project "{error.name}"; {near}'
        raise Fault(text, Exit.CONFIGURATION) from None
    return mapped(page, clean)


def _html(page: "Page | AgencyPage") -> str:
    from syncer.model.client_report import Page
    from syncer.report.page.render import agency_html, client_html

    return client_html(page) if isinstance(page, Page) else agency_html(page)


def _usual_name(wanted: "Wanted", audience: Audience) -> str:
    """The agency's page is called after it, so that the wrong one is not sent by mistake."""
    inside = "-agency" if audience is Audience.AGENCY else ""
    return f"{wanted.client.key}-{wanted.today}{inside}.html"


def _summary(page: "Page | AgencyPage") -> str:
    from syncer.model.client_report import Page
    from syncer.report.document import counted
    from syncer.report.page.sums import standing_counts

    whole = page if isinstance(page, Page) else page.page
    goals = sum(len(section.goals) for section in whole.sections)
    projects = sum(section.project for section in whole.sections)
    well, judged = standing_counts(whole)
    told = f"{whole.client}, {counted(projects, 'project')}, {counted(goals, 'goal')}"
    return f"{told}; {well} of {judged} on course" if judged else told


def _hints(page: "Page | AgencyPage", audience: Audience) -> list[str]:
    from syncer.model.client_report import Page

    whole = page if isinstance(page, Page) else page.page
    hints = []
    if not any(section.measured for section in whole.sections):
        hints.append("there are no figures of this client yet; the page says so")
    if audience is Audience.AGENCY:
        hints.append("this page is for the agency; for the client: --for client")
    return hints
