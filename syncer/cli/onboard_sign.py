"""Signing in to the tools: with what the environment holds, else with what is typed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from syncer.cli import ask
from syncer.cli.exits import Exit, Fault
from syncer.cli.onboard import Work, writing
from syncer.report.document import Style

if TYPE_CHECKING:
    from syncer.onboarding.look import Seen
    from syncer.onboarding.tools import Lack, Line

_TRIES: Final = 3


def sign_in(work: Work) -> None:
    """Find the tools that there are credentials for; ask for others. Raises :class:`Fault`."""
    from syncer.onboarding import tools

    work.lines = dict(work.existing.sync.get("connections") or {})
    if work.only is None:
        said = work.kept.answers.get("connections") or {}
        work.lines |= {n: line for n, line in said.items() if line != "skip"}
        for name, template in tools.templates().items():
            used = {str(line["adapter"]) for line in work.lines.values()}
            if template["adapter"] not in used and not _left_out(work, name):
                _offer(work, name, template)
    if not work.lines:
        raise Fault("there are no credentials for any tool", Exit.CONFIGURATION, _how(work))
    _open(work)


def _offer(work: Work, name: str, template: "Line") -> None:
    """A tool of the shipped configuration: taken if all is there, else asked for."""
    from syncer.onboarding import tools

    line = tools.line_of(template, work.environ)
    missing = tools.lacks(name, line, work.environ)
    begun = tools.begun(name, line, work.environ)
    if not missing:
        work.lines[name] = line
    elif work.asks and (begun or _uses(work, name, str(line["adapter"]))):
        for _ in range(_TRIES):
            if _signed(work, name, dict(line), missing):
                return
    elif begun:
        names = ", ".join(lack.variable for lack in missing)
        work.output.note(f"{name} is left out: {names} is not set", Style.WARN)


def _left_out(work: Work, name: str) -> bool:
    """Whether a file of answers says so: it goes before what the environment holds."""
    told = work.file.data.get("connections") if work.file is not None else None
    return isinstance(told, dict) and told.get(name) == "skip"


def _uses(work: Work, name: str, adapter: str) -> bool:
    """Whether the agency has this tool; who said no is not asked again."""
    from syncer.onboarding.asking import SKIP, answer, said

    if said(work.kept.answers, ("connections", name)) == SKIP:
        return False
    used = ask.yes(f"Do you use {adapter}?")
    if not used:
        answer(work.kept.answers, ("connections", name), SKIP)
        work.remember()
    return used


def _signed(work: Work, name: str, line: "dict[str, Any]", missing: "list[Lack]") -> bool:
    """Ask for the secrets of a tool, and try them; whether that is settled."""
    from syncer.adapterkit.errors import AdapterError
    from syncer.adapterkit.redact import know
    from syncer.onboarding import files, tools

    given = _asked(line, missing)
    if given is None:
        return True
    know(tuple(given.values()))
    opened, problems = tools.opened({name: line}, work.root, work.environ | given)
    if problems:
        ask.say("\n".join(problem.message for problem in problems))
        return False
    try:
        work.kept.seen[name] = looked(work, opened[name])
    except AdapterError as error:
        ask.say(f"{name}: {error}")
        return False
    work.environ |= given
    work.lines[name] = line
    if not work.dry:
        with writing(work.root):
            files.put_secrets(work.root, given)
    work.remember()
    return True


def _asked(line: "dict[str, Any]", missing: "list[Lack]") -> dict[str, str] | None:
    """The secrets by their variables; one in a file is named in the line. None if one is not given."""
    given: dict[str, str] = {}
    for lack in missing:
        said = ask.secret(lack)
        if not said:
            return None
        if said.startswith("file:"):
            line[lack.option] = said
        else:
            given[lack.variable] = said
    return given


def _how(work: Work) -> Iterator[str]:
    from syncer.onboarding import tools

    yield f"Set these in the environment or in {work.root / '.env'}, all of a tool:"
    for name, template in tools.templates().items():
        names = [lack.variable for lack in tools.lacks(name, template, {})]
        yield f"  {', '.join(names)}"
    yield "Or run it in a terminal: it asks for them."


def _open(work: Work) -> None:
    from syncer.adapterkit.redact import know
    from syncer.onboarding import tools
    from syncer.settings.problems import ConfigurationError

    if work.file is not None and (problems := tools.faults(work.file, work.root, work.environ)):
        raise ConfigurationError(problems)
    work.opened, problems = tools.opened(work.lines, work.root, work.environ)
    if problems:
        raise Fault("a tool cannot be used", Exit.CONFIGURATION, [p.message for p in problems])
    for each in work.opened.values():
        know(each.connection.secrets)


def looked(work: Work, opened: Any) -> "Seen":
    """Look around in one tool, with progress. Raises ``AdapterError``."""
    from syncer.onboarding.look import look

    with work.output.progress() as told:
        return look(opened, told or (lambda *_: None))
