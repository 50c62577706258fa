"""`syncer test`: examples on the command line, over two memory systems."""

import json

from tests.cli.hamlet import Hamlet

EXAMPLES = """
given: {client: acme}
examples:
  - example: An account manager moves a deadline
    given: {entity: task, values: {deadline: 2026-06-12}}
    when: {person: anna, sets: deadline, to: 2026-06-30, in: two}
    then: THEN
    tells: [maya, tom]
  - example: Anybody retitles a task
    given: {entity: task}
    when: {person: anna, sets: title, to: Draft, in: one}
    then: applied
"""


def write(hamlet: Hamlet, text: str) -> None:
    """The examples of this hamlet."""
    (hamlet.root / "config" / "examples.yaml").write_text(text, "utf-8")


def test_examples_that_hold_are_counted(hamlet: Hamlet) -> None:
    """0, and how many there are; no state is made, no tool is asked."""
    write(hamlet, EXAMPLES.replace("THEN", "held"))

    said = hamlet("test")

    assert (0, "2 examples, all as expected\n") == (said.code, said.out)
    assert not (hamlet.root / "data").exists()
    assert "1 example, all as expected\n" == hamlet("test", "--only", "retitles").out


def test_an_example_that_fails_shows_the_line_that_decided(hamlet: Hamlet) -> None:
    """1: what was done, what was expected, what happened, and file and line of the rule."""
    write(hamlet, EXAMPLES.replace("THEN", "applied").replace("[maya, tom]", "[]"))

    said = hamlet("test")

    assert 1 == said.code
    assert [
        "An account manager moves a deadline  config/examples.yaml:4",
        "  anna sets deadline to 2026-06-30 in two",
        "  then: expected applied, but it is held",
        "  tells: expected nobody, but it is maya, tom",
        "  decided by config/ownership.yaml:15  task.deadline: owner: producer; others: propose",
        "1 of 2 examples failed",
    ] == said.out.splitlines()


def test_programs_get_all_of_it(hamlet: Hamlet) -> None:
    """`--json` tells every example, the good ones too."""
    write(hamlet, EXAMPLES.replace("THEN", "applied"))

    told = json.loads(hamlet("test", "--json").out)

    assert (1, 1) == (told["failed"], told["exit_code"])
    assert [False, True] == [one["good"] for one in told["examples"]]
    first = told["examples"][0]
    assert ("config/ownership.yaml:15", ["then"]) == (first["rule"], first["amiss"])
    assert {"then": ["held"], "tells": ["maya", "tom"], "agreed": "2026-06-12"} == first["found"]


def test_examples_that_cannot_be_read_are_a_matter_of_configuration(hamlet: Hamlet) -> None:
    """2, with every problem: also where there is no such file, and no such name."""
    assert 2 == hamlet("test").code
    write(hamlet, EXAMPLES.replace("THEN", "hold").replace("sets: title", "sets: titel"))

    said = hamlet("test")

    assert 2 == said.code
    assert "config/examples.yaml:7:11: must be one of applied, held" in said.err
    assert 'config/examples.yaml:11:32: task has no field "titel"' in said.err
    write(hamlet, EXAMPLES.replace("THEN", "held"))
    assert (2, 'no example has "price" in its name') == (
        hamlet("test", "--only", "price").code,
        hamlet("test", "--only", "price").err.strip().removeprefix("syncer: "),
    )
