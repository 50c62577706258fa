"""Examples of the rules: what is wrong with them is told by place, with a way out."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from syncer.model.examples import Example, Fate
from syncer.model.values import MISSING, Money
from syncer.settings import ConfigurationError
from syncer.settings.examples import examples
from tests.settings.agency import Agency

FILE = "config/examples.yaml"

FRAME = """given:
  client: bakery
  values: {{project.producer: maya}}
examples:
{lines}"""


def read(agency: Agency, lines: str) -> tuple[Example, ...]:
    """The examples of a file that holds these."""
    agency.write(FILE, FRAME.format(lines=lines))
    return examples(agency.root, agency.load())


def problems(agency: Agency, lines: str) -> list[str]:
    """What is wrong with these."""
    with pytest.raises(ConfigurationError) as refused:
        read(agency, lines)
    return [str(problem) for problem in refused.value.problems]


def one(given: str, when: str, then: str = "held", more: str = "") -> str:
    """An example whose parts stand on lines of their own: 5 to 8, and what follows."""
    return f"  - example: It\n    given: {given}\n    when: {when}\n    then: {then}\n{more}"


def test_an_example_in_full(agency: Agency) -> None:
    """What is given, done and expected arrives as it is written, with what holds everywhere."""
    (found,) = read(
        agency,
        one(
            "{entity: task, values: {deadline: 2026-06-01, project.name: Shop}, day: 2026-12-22}",
            "[{person: anna, sets: deadline, to: 2026-06-02 17:00, in: trello}, run,"
            " {person: nobody, sets: assignees, to: [tom], in: asana},"
            " {person: maya, reply: approve, of: anna}]",
            "[held, applied]",
            "    tells: []\n    agreed:\n",
        ),
    )
    first, second, third = found.doings

    assert ("It", f"{FILE}:5", "bakery", "task", date(2026, 12, 22)) == (
        found.name, str(found.source), found.client, found.entity, found.day,
    )  # fmt: skip
    assert {
        ("project", "producer"): "maya",
        ("project", "name"): "Shop",
        ("task", "deadline"): date(2026, 6, 1),
    } == found.given
    assert (datetime(2026, 6, 2, 16, tzinfo=UTC), "anna", "trello", False) == (
        first.value, first.by.person, first.connection, first.after_run,
    )  # fmt: skip
    assert (frozenset({"tom"}), None, True) == (second.value, second.by.person, second.after_run)
    assert ("approve", "anna") == (third.reply, third.of)
    assert ((Fate.HELD, Fate.APPLIED), frozenset(), None) == (found.then, found.tells, found.agreed)


def test_what_is_not_said_is_not_asked(agency: Agency) -> None:
    """Without `tells` and `agreed` neither is looked at; money and numbers are read as such."""
    (found,) = read(
        agency,
        one(
            "{entity: project, values: {price: 8000 EUR, budget_hours: 80.5}}",
            "{person: tom, sets: price, to: 1 EUR, in: asana}",
        ),
    )

    assert (None, MISSING) == (found.tells, found.agreed)
    assert Money(Decimal(8000), "EUR") == found.given["project", "price"]
    assert Decimal("80.5") == found.given["project", "budget_hours"]


MISTAKES = {
    "person": (
        "{person: ana, sets: deadline, to: 2026-06-30, in: asana}",
        '7:20: "ana" is not in config/people.yaml; did you mean "anna"?',
    ),
    "field": (
        "{person: anna, sets: dedline, to: 2026-06-30, in: asana}",
        '7:32: project has no field "dedline"; did you mean "deadline"?',
    ),
    "value": (
        "{person: anna, sets: deadline, to: June, in: asana}",
        '7:46: not a day or a moment; write it like "2026-01-31" or "2026-01-31 17:00"',
    ),
    "option": (
        "{person: anna, sets: status, to: activ, in: hubspot}",
        '7:44: "activ" is not one of the values; did you mean "active"?',
    ),
    "somebody": (
        "{person: anna, sets: producer, to: tomm, in: hubspot}",
        '7:46: "tomm" is not one of the people; did you mean "tom"?',
    ),
    "money": (
        "{person: anna, sets: price, to: a lot, in: hubspot}",
        '7:43: not an amount of money; write it like "1200 EUR"',
    ),
    "system": (
        "{person: anna, sets: deadline, to: 2026-06-30, in: asanna}",
        '7:62: bakery has no tool "asanna"; did you mean "asana"?',
    ),
    "not there": (
        "{person: anna, sets: price, to: 1 EUR, in: trello}",
        "7:32: trello does not show project.price; see mappings/trello.yaml:13",
    ),
    "key": (
        "{person: anna, set: deadline, in: asana}",
        '7:26: unknown key "set"; did you mean "sets"?',
    ),
    "nobody": (
        "{sets: deadline, to: 2026-06-30, in: asana}",
        '7:5: must have exactly one of "person", "robot" and "system"',
    ),
    "nowhere": (
        "{person: anna, sets: deadline, to: 2026-06-30}",
        '7:5: missing key "in"; say in which tool it is done',
    ),
    "nothing": (
        "{person: anna, in: asana}",
        '7:5: must have exactly one of "sets", "does" and "reply"',
    ),
    "no value": (
        "{person: anna, sets: deadline, in: asana}",
        '7:5: "sets" and "to" go together; write "sets: deadline, to: 2026-01-31"',
    ),
    "answer to nothing": (
        "{person: anna, reply: approve}",
        "7:26: nobody did anything that can be answered; let somebody edit first",
    ),
    "only a run": ("[run]", "7:11: nobody does anything; say who sets what"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_a_way_out(agency: Agency, name: str) -> None:
    """File, line and column, and what was probably meant."""
    when, expected = MISTAKES[name]

    assert f"{FILE}:{expected}" in problems(agency, one("{entity: project}", when))


FINE = "{person: anna, sets: deadline, to: 2026-06-30, in: asana}"

GIVENS = {
    "client": (
        "{entity: project, client: bakry}",
        '6:38: there is no client "bakry"; did you mean "bakery"?',
    ),
    "entity": (
        "{entity: projct}",
        '6:21: there is no entity "projct"; did you mean "project"?',
    ),
    "no entity": ("{new: true}", '6:5: missing key "entity" under "given"; known: client,'),
    "field": (
        "{entity: project, values: {dedline: 2026-06-30}}",
        '6:39: project has no field "dedline"; did you mean "deadline"?',
    ),
    "other entity": (
        "{entity: project, values: {task.title: Draft}}",
        '6:39: "task" is nothing that this record belongs to; it has: client, project',
    ),
    "value": (
        "{entity: project, values: {deadline: soon}}",
        "6:49: not a day or a moment;",
    ),
    "day": ("{entity: project, day: soon}", '6:35: not a day; write it like "2026-01-31"'),
}


@pytest.mark.parametrize("name", GIVENS)
def test_what_is_given_is_checked_too(agency: Agency, name: str) -> None:
    """Clients, entities, fields and values that there are not."""
    given, expected = GIVENS[name]
    found = problems(agency, one(given, FINE))

    assert any(text.startswith(f"{FILE}:{expected}") for text in found), found


def test_outcomes_are_checked(agency: Agency) -> None:
    """A word that is none, more outcomes than doings, and people who are not there."""
    more = "    tells: [maja]\n    agreed: soon\n"

    assert [f'{FILE}:8:11: must be one of {", ".join(Fate)}; did you mean "held"?'] == problems(
        agency, one("{entity: project}", FINE, "hold")
    )
    assert [
        f"{FILE}:8:11: 2 outcomes of one doing; say one for each",
        f'{FILE}:9:13: "maja" is not in config/people.yaml; did you mean "maya"?',
        f"{FILE}:10:13: not a day or a moment;",
    ] == [
        text[: len("config/examples.yaml:10:13: not a day or a moment;")]
        if ":10:" in text
        else text
        for text in problems(agency, one("{entity: project}", FINE, "[held, held]", more))
    ]


def test_one_mistake_does_not_hide_the_next(agency: Agency) -> None:
    """Each example is checked by itself, and two of one name are told apart by their lines."""
    found = problems(
        agency,
        one("{entity: projct}", FINE)
        + one("{entity: project}", "{person: ana, sets: deadline, to: , in: asana}")
        + one("{entity: project}", FINE).replace("example:", "exampel:"),
    )

    assert [
        f'{FILE}:6:21: there is no entity "projct"; did you mean "project"?',
        f"{FILE}:9:14: there is an example of this name already; it begins at {FILE}:5",
        f'{FILE}:11:20: "ana" is not in config/people.yaml; did you mean "anna"?',
        f'{FILE}:13:5: missing key "example"; add "example: ..."',
        f'{FILE}:13:5: unknown key "exampel"; did you mean "example"?',
    ] == found


def test_a_file_that_is_not_there(agency: Agency) -> None:
    """It is said which file, and what it is to hold."""
    (agency.root / FILE).unlink()

    with pytest.raises(ConfigurationError, match=f"{FILE}:1:1: the file is missing"):
        examples(agency.root, agency.load())


@pytest.mark.parametrize("content", ["examples: []", "examples: {}", "given: {}", "[]", "nope: 1"])
def test_a_file_without_examples(agency: Agency, content: str) -> None:
    """Nothing to try is a mistake, not a success."""
    agency.write(FILE, content)

    with pytest.raises(ConfigurationError):
        examples(agency.root, agency.load())
