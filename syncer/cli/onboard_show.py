"""What ``syncer init`` found, what it would write, and what only a person can say."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from syncer.model.structs import as_dict
from syncer.report.document import Cell, Style, counted, line, table

if TYPE_CHECKING:
    from syncer.onboarding.asking import Question
    from syncer.onboarding.drafting import Draft
    from syncer.onboarding.files import Change
    from syncer.report.document import Block

_SCORED = "how sure"


def found(draft: "Draft") -> "Iterator[Block]":
    """The tables: clients, people, and what the tools' fields and options mean."""
    yield from _clients(draft)
    yield from _people(draft)
    yield from _mappings(draft)


def _clients(draft: "Draft") -> "Iterator[Block]":
    rows: list[tuple[str | Cell, ...]] = []
    for client in draft.clients.clients:
        rows += [
            (client.key, name, s.about or "as you said", "") for name, s in client.scopes.items()
        ]
        rows += [(client.key, name, s.about, _unsure()) for name, s in client.hints]
    if rows:
        yield line("Clients", Style.TITLE)
        yield table(("client", "connection", "place", ""), rows)


def _people(draft: "Draft") -> "Iterator[Block]":
    rows: list[tuple[str | Cell, ...]] = []
    for person in draft.people.people:
        rows.append(
            (person.key, person.name, "e-mail" if person.email else "", person.email or "", "")
        )
        rows += [(person.key, "", name, called, "") for name, (_, called) in person.ids.items()]
        rows += [(person.key, "", name, called, _unsure()) for name, _, called in person.hints]
    if rows:
        yield line("People", Style.TITLE)
        yield table(("key", "name", "known by", "", ""), rows)


def _unsure() -> Cell:
    return Cell("unsure", Style.WARN)


def _mappings(draft: "Draft") -> "Iterator[Block]":
    from syncer.onboarding.mappings import PROVISION

    rows: list[tuple[str | Cell, ...]] = []
    missing: list[tuple[str, int]] = []
    for system, fitted in draft.mappings.items():
        gone = [row for row in fitted.rows if row.sure and row.means == PROVISION]
        missing += [(system, len(gone))] if gone else []
        for row in fitted.rows:
            if row not in gone:
                score = "" if row.score is None else f"{row.score * 100:.0f} %"
                means = Cell(row.means, Style.PLAIN if row.sure else Style.WARN)
                rows.append((row.system, row.what, row.there, means, score))
    if rows:
        yield line("Fields and options", Style.TITLE)
        yield table(("tool", "ours", "in the tool", "means", _SCORED), rows)
    for system, count in missing:
        text = f"{system}: {counted(count, 'field')} of the mapping not there yet for every client"
        yield line(f"{text}; `syncer provision` makes them.")


def unsure(questions: "Sequence[Question]") -> "Iterator[Block]":
    """What was left out because nobody can tell."""
    if not questions:
        return
    yield line(f"Unsure, and left out ({len(questions)}):", Style.WARN)
    for question in questions:
        shown = " | ".join(choice.shown for choice in question.choices)
        between = " " if question.text.endswith("?") else ": "
        yield line(f"{question.text}{f'{between}{shown}' if shown else ''}", indent=1)
        yield line(f"in --answers FILE: {question.where}", Style.DIM, indent=2)


def differences(changes: "Sequence[Change]") -> "Iterator[Block]":
    """What changes in files that are there, line by line; new files by their name."""
    styles = {"+": Style.GOOD, "-": Style.BAD, "@": Style.DIM}
    for change in changes:
        for text in change.diff() if change.before is not None else ():
            yield line(text, styles.get(text[:1], Style.PLAIN))


def as_json(draft: "Draft") -> dict[str, Any]:
    """The same for programs."""
    return {
        "clients": [
            {
                "key": client.key,
                "name": client.name,
                "new": not client.known,
                "mode": client.mode,
                "scopes": {name: dict(s.options) for name, s in client.scopes.items()},
            }
            for client in draft.clients.clients
        ],
        "people": [as_dict(person) for person in draft.people.people],
        "mappings": [as_dict(row) for fitted in draft.mappings.values() for row in fitted.rows],
        "unsure": [
            {
                "answer_at": list(question.path),
                "text": question.text,
                "choices": [as_dict(choice) for choice in question.choices],
            }
            for question in draft.questions
        ],
    }
