"""Looking around in the tools, and asking what is unsure."""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from syncer.cli import ask
from syncer.cli.exits import Exit, Fault
from syncer.cli.onboard import Work
from syncer.cli.onboard_sign import looked
from syncer.cli.output import render
from syncer.report.document import Style, counted

if TYPE_CHECKING:
    from syncer.adapterkit.errors import AdapterError
    from syncer.model.remote import Catalogue
    from syncer.onboarding.drafting import Draft, Material
    from syncer.onboarding.look import Seen


def look_around(work: Work) -> None:
    """See what each tool holds; a run that broke off goes on. Raises :class:`Fault`."""
    from syncer.adapterkit.errors import AdapterError

    failed: dict[str, AdapterError] = {}
    for name, opened in work.opened.items():
        if name not in work.kept.seen:
            try:
                work.kept.seen[name] = looked(work, opened)
            except AdapterError as error:
                failed[name] = error
            else:
                work.remember()
        if name in work.kept.seen:
            work.output.note(_found(name, work.kept.seen[name]))
    work.kept.seen = {n: seen for n, seen in work.kept.seen.items() if n in work.opened}
    if failed:
        raise _not_looked(failed)


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
    from syncer.onboarding.drafting import begin

    asked: set[tuple[str, ...]] = set()
    known: dict[str, Catalogue] = {}
    while True:
        made = _material(work)
        draft = begin(made)
        first = [q for q in draft.questions if q.path not in asked]
        if not (work.asks and first):
            made = replace(made, catalogues=_catalogues(work, draft, known))
            _finished(draft, made)
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


def _finished(draft: "Draft", made: "Material") -> None:
    from syncer.onboarding.drafting import finish
    from syncer.onboarding.yamltext import NoRoom

    try:
        finish(draft, made)
    except NoRoom as error:
        lines = ["Write it with each key on a line of its own, and run this again."]
        text = f"a file of yours cannot be added to: {error}"
        raise Fault(text, Exit.CONFIGURATION, lines) from None


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
