"""Signing in to the tools, looking around in them, and asking what is unsure."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from syncer.cli import ask
from syncer.cli.exits import Exit, Fault
from syncer.cli.onboard import Work, writing
from syncer.cli.output import render
from syncer.report.document import Style, counted

if TYPE_CHECKING:
    from syncer.adapterkit.errors import AdapterError
    from syncer.model.remote import Catalogue
    from syncer.onboarding.drafting import Draft, Material
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
            if said.get(name) != "skip" and template["adapter"] not in used:
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
    elif work.asks and (begun or ask.yes(f"Do you use {line['adapter']}?")):
        for _ in range(_TRIES):
            if _signed(work, name, dict(line), missing):
                return
    elif begun:
        names = ", ".join(lack.variable for lack in missing)
        work.output.note(f"{name} is left out: {names} is not set", Style.WARN)


def _signed(work: Work, name: str, line: "dict[str, Any]", missing: "list[Lack]") -> bool:
    """Ask for the secrets of a tool, and try them; whether that is settled."""
    from syncer.adapterkit.errors import AdapterError
    from syncer.adapterkit.redact import know
    from syncer.onboarding import files, tools

    given: dict[str, str] = {}
    for lack in missing:
        said = ask.secret(lack)
        if not said:
            return True
        if said.startswith("file:"):
            line[lack.option] = said
        else:
            given[lack.variable] = said
    know(tuple(given.values()))
    opened, problems = tools.opened({name: line}, work.root, work.environ | given)
    if problems:
        ask.say("\n".join(problem.message for problem in problems))
        return False
    try:
        work.kept.seen[name] = _looked(work, opened[name])
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


def look_around(work: Work) -> None:
    """See what each tool holds; a run that broke off goes on. Raises :class:`Fault`."""
    from syncer.adapterkit.errors import AdapterError

    failed: dict[str, AdapterError] = {}
    for name, opened in work.opened.items():
        if name not in work.kept.seen:
            try:
                work.kept.seen[name] = _looked(work, opened)
            except AdapterError as error:
                failed[name] = error
            else:
                work.remember()
        if name in work.kept.seen:
            work.output.note(_found(name, work.kept.seen[name]))
    work.kept.seen = {n: seen for n, seen in work.kept.seen.items() if n in work.opened}
    if failed:
        raise _not_looked(failed)


def _looked(work: Work, opened: Any) -> "Seen":
    from syncer.onboarding.look import look

    with work.output.progress() as told:
        return look(opened, told or (lambda *_: None))


def _not_looked(failed: "Mapping[str, AdapterError]") -> Fault:
    from syncer.adapterkit.errors import WaitAndRetry

    passing = all(isinstance(error, WaitAndRetry) for error in failed.values())
    lines = [f"{name}: {error}" for name, error in failed.items()]
    lines.append("Nothing is written. What was found is kept: the same command goes on.")
    code = Exit.FAILED if passing else Exit.CONFIGURATION
    return Fault("not all tools could be looked at", code, lines)


def _found(name: str, seen: "Seen") -> str:
    account = seen.account.name or seen.account.id
    if not seen.told:
        return f"{name}: {account}; {seen.adapter} does not tell what it holds"
    kinds: dict[str, int] = {}
    for spot in seen.spots:
        kinds[spot.kind] = kinds.get(spot.kind, 0) + 1
    parts = [counted(n, kind, _many(kind)) for kind, n in kinds.items()] or ["nothing yet"]
    parts += [counted(len(seen.people), "person", "people")] if seen.people else []
    return f"{name}: {account}; {', '.join(parts)}"


def _many(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def decide(work: Work) -> "tuple[Draft, Material]":
    """Draft all files, asking as long as there is something new to ask. Raises :class:`Fault`."""
    from syncer.onboarding.asking import answer
    from syncer.onboarding.drafting import begin, finish

    asked: set[tuple[str, ...]] = set()
    known: dict[str, Catalogue] = {}
    while True:
        made = _material(work)
        draft = begin(made)
        first = [q for q in draft.questions if q.path not in asked]
        if not (work.asks and first):
            made = replace(made, catalogues=_catalogues(work, draft, known))
            finish(draft, made)
        _refuse(work, draft)
        fresh = [q for q in draft.questions if q.path not in asked]
        if not (work.asks and fresh):
            return draft, made
        if not asked:
            _preview(draft)
        asked |= {question.path for question in fresh}
        people = sorted({p.key for p in draft.people.people} | set(work.existing.people))
        for each in ask.ask(fresh, people):
            answer(work.kept.answers, each.question.path, each.value)
            work.remember()


def _preview(draft: "Draft") -> None:
    """What is sure so far: whoever is asked has it before their eyes."""
    from syncer.cli.onboard_show import found

    render([*found(draft)], sys.stderr)


def _material(work: Work) -> "Material":
    from syncer.onboarding.drafting import Material

    return Material(
        existing=work.existing,
        lines=work.lines,
        seen=work.kept.seen,
        answers=work.answers,
        zone=work.zone,
        # Whoever asks for a client by its key wants it, whatever was said of it before.
        done=frozenset(work.kept.done if work.only is None else ()),
        only=work.only,
    )


def _refuse(work: Work, draft: "Draft") -> None:
    from syncer.onboarding.kept import FILE
    from syncer.settings.answers import refused
    from syncer.settings.problems import ConfigurationError

    if draft.wrong and work.file is not None:
        raise ConfigurationError(refused(work.file, draft.wrong))
    if draft.wrong:
        lines = [f"{'.'.join(path)}: {text}" for path, text in draft.wrong]
        text = f"an earlier answer is not right any more; remove {work.root / FILE} to begin anew"
        raise Fault(text, Exit.CONFIGURATION, lines)


def _catalogues(
    work: Work, draft: "Draft", known: "dict[str, Catalogue]"
) -> "dict[str, dict[str, Catalogue]]":
    """What the places of new clients hold; each place is asked for once."""
    from syncer.onboarding.drafting import objects_of
    from syncer.onboarding.look import describe

    found: dict[str, dict[str, Catalogue]] = {}
    for name, opened in work.opened.items():
        scopes = {c.key: c.scopes[name].options for c in draft.clients.clients if name in c.scopes}
        marks = {key: f"{name} {json.dumps(said, default=str)}" for key, said in scopes.items()}
        wanted = {key: said for key, said in scopes.items() if marks[key] not in known}
        objects = objects_of(work.existing, opened.connection.adapter)
        if wanted and objects and not work.kept.seen[name].counts:
            with work.output.progress() as told:
                fresh, failed = describe(opened, wanted, objects, told or (lambda *_: None))
            known |= {marks[key]: catalogue for key, catalogue in fresh.items()}
            for key, error in failed.items():
                text = f"{name}: what {key} has there cannot be seen: {error}"
                work.output.note(text, Style.WARN)
        found[name] = {key: known[mark] for key, mark in marks.items() if mark in known}
    return found
