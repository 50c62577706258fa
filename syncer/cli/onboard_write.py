"""Writing what was decided: only what is right, and never over somebody's own words unasked."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from syncer.cli import ask
from syncer.cli.exits import Exit, Fault
from syncer.cli.onboard import Work, writing
from syncer.cli.onboard_show import as_json, differences, found, unsure
from syncer.report.document import Block, Style, counted, line

if TYPE_CHECKING:
    from syncer.onboarding.drafting import Draft
    from syncer.onboarding.files import Change

_NOTHING = "Nothing is new."


def conclude(work: Work, draft: "Draft", *, agreed: bool = False) -> None:
    """Show the draft, write what may be written, and end the command with its exit code.

    ``agreed``: whoever typed the command has said that files of theirs may be added to.
    """
    from syncer.onboarding.files import changes

    made = changes(work.existing.texts, draft.files, work.kept)
    _no_client(work, draft)
    blocks: list[Block] = [*found(draft), *differences(made)]
    if not work.output.json:
        work.output.show(blocks, None)
    taken = [change for change in made if not change.by_hand or agreed or _may(work, change)]
    _check(work, taken)
    left = [change for change in made if change not in taken]
    if not work.dry:
        _write(work, draft, taken)
    code = Exit.REFUSED if left else Exit.NOT_EMPTY if draft.questions else Exit.DONE
    told = as_json(draft) | _files(taken, left, work.dry) | {"next": _next(work, draft)}
    work.output.show(_ending(work, draft, taken, left), told | {"exit_code": int(code)})
    raise typer.Exit(code)


def _no_client(work: Work, draft: "Draft") -> None:
    """Without any client there is no configuration yet."""
    if draft.clients.clients or work.existing.sync:
        return
    work.remember()
    if work.output.json:
        work.output.data(as_json(draft) | {"exit_code": int(Exit.NOT_EMPTY)})
    else:
        work.output.show([*found(draft), *unsure(draft.questions)], None)
    text = "No client is sure yet, so nothing is written. Answer what is unsure:"
    work.output.note(f"{text} {_how_to_answer(work)}", Style.WARN)
    raise typer.Exit(Exit.NOT_EMPTY)


def _may(work: Work, change: "Change") -> bool:
    """Whether what somebody has changed by hand may be changed."""
    said = work.answers.overwrite.get(change.name)
    if said is None and work.asks and not work.dry:
        return ask.yes(f"You have changed {change.name} by hand. Change it as shown?")
    return bool(said)


def _check(work: Work, taken: "Sequence[Change]") -> None:
    """What is written passes ``syncer check``, or nothing is."""
    from syncer.onboarding.files import problems

    wrong = problems(work.root, taken, work.environ) if taken else []
    if wrong:
        text = "nothing is written, because the configuration would not be right"
        raise Fault(text, Exit.CONFIGURATION, wrong)


def _write(work: Work, draft: "Draft", taken: "Sequence[Change]") -> None:
    from syncer.onboarding.files import write

    with writing(work.root):
        write(work.root, taken, work.kept)
    # What is settled need not be asked again; what is not is looked for anew the next time.
    work.kept.done |= draft.done
    work.kept.seen = {}
    work.kept.answers = _lasting(work.kept.answers)
    work.remember()


def _lasting(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers that hold for the next time too: what is left out for good, and what words mean.

    All else stands in the files now, where somebody may change it.
    """
    kept = {k: v for k, v in answers.items() if k not in ("roles", "overwrite")}
    for section in ("clients", "people", "connections"):
        said = answers.get(section) or {}
        kept[section] = {key: value for key, value in said.items() if value == "skip"}
    return kept


def _files(taken: "Sequence[Change]", left: "Sequence[Change]", dry: bool) -> dict[str, Any]:
    def told(change: "Change", state: str) -> dict[str, Any]:
        return {"file": change.name, "state": state, "diff": change.diff()}

    done = "would be written" if dry else "written"
    rows = [told(change, done) for change in taken]
    return {"files": [*rows, *(told(change, "left as it is") for change in left)]}


def _ending(
    work: Work, draft: "Draft", taken: "Sequence[Change]", left: "Sequence[Change]"
) -> list[Block]:
    names = [change.name for change in taken if not change.name.endswith(".json")]
    schemas = len(taken) - len(names)
    names += [f"config/schema ({counted(schemas, 'schema')} for your editor)"] if schemas else []
    verb = "Would write" if work.dry else "Written"
    text = f"{verb}: {', '.join(names)}" if names else _NOTHING
    blocks: list[Block] = [line(text, Style.GOOD)] if names or not left else []
    for change in left:
        text = f"{change.name} is left as it is, for you have changed it by hand. To have what is"
        answer = f"overwrite: {{{change.name}: yes}}"
        way = f"`{answer}` in the answers" + (", or --yes" if work.only else "")
        blocks.append(line(f"{text} shown above added to it: {way}.", Style.WARN))
    blocks += [*unsure(draft.questions)]
    if draft.questions and not work.asks:
        blocks.append(line(_how_to_answer(work)))
    if any(not client.known and client.mode == "observe" for client in draft.clients.clients):
        text = "New clients begin with `mode: observe`: a run reports, and writes nothing to any"
        blocks.append(line(f"{text} tool. When you trust what it says, take that line out."))
    if not work.answers.zone and any(not client.known for client in draft.clients.clients):
        text = f"Days are those of {work.zone}, {work.zone_from}: correct `zone:` in sync.yaml"
        blocks.append(line(f"{text} and people.yaml if that is not the agency's.", Style.WARN))
    blocks.append(line("Next:", Style.TITLE))
    return [*blocks, *(line(each, indent=1) for each in _next(work, draft))]


def _how_to_answer(work: Work) -> str:
    from syncer.settings.shapes_answers import SKIP

    again = f"syncer init {shlex.quote(str(work.root))}"
    return (
        f"Run `{again}` in a terminal, which asks; or write the answers into a file, each at the"
        f" place named (`{SKIP}` leaves it out for good), and add --answers FILE."
    )


def _next(work: Work, draft: "Draft") -> list[str]:
    """The commands to type now."""
    begin = f"syncer --config {shlex.quote(str(work.root))}"
    missing = any(
        "provision" in row.means for fitted in draft.mappings.values() for row in fitted.rows
    )
    commands = ["check --live", *(["provision"] if missing else []), "plan", "run", "match list"]
    return [f"{begin} {command}" for command in commands]
