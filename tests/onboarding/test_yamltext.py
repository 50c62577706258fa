"""YAML that is written into somebody's own file."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from syncer.onboarding.yamltext import NoRoom, added, inline, scalar, sections

FILE = """\
# The head.

# Who.
clients:
    one: # the first
        name: One
        # unsure: two
    # three: waits

# How much.
limits: {a: 1}
"""


def has(data: Any) -> bool:
    return "two" in data["clients"]


def test_lines_go_where_they_belong() -> None:
    """At the end of what stands there, as far indented; every other line stays as it is."""
    new = added(FILE, ("clients",), ["two:", "  name: Two"], has).splitlines()

    assert new[8:10] == ["    two:", "      name: Two"]
    assert [*new[:8], *new[10:]] == FILE.splitlines()


def test_at_the_end_of_a_file() -> None:
    """Without a key, after the last line."""
    assert (
        added("a: 1\n# end\n", (), ["b: 2"], lambda data: data == {"a": 1, "b": 2})
        == "a: 1\n# end\nb: 2\n"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("clients: {one: {}}\n", "on one line"),
        ("clients:\nlimits: 1\n", "holds no keys"),
        ("clients:\n  one: |\n    text\n", "nothing can be added"),
    ],
    ids=["flow", "empty", "not as wanted"],
)
def test_where_there_is_no_room_it_says_so(text: str, why: str) -> None:
    """Nothing is guessed: the new file is read again before it counts."""
    with pytest.raises(NoRoom, match=why):
        added(text, ("clients",), ["three: 3"], has)


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        "1201",
        "a: b",
        "Honey & Rye",
        "#",
        "*",
        "",
        "naïve",
        'say "hi"',
        "x, y",
        "null",
        "~",
        "- a",
    ],
    ids="word number colon ampersand hash star nothing accent quotes comma null tilde dash".split(),
)
def test_any_text_is_read_back(value: str) -> None:
    """As a value of its own, and inside brackets."""
    text = f"a: {scalar(value)}\nb: {inline([value, {'k': value}])}\n"

    assert YAML(typ="safe").load(text) == {"a": value, "b": [value, {"k": value}]}


def test_a_file_falls_into_its_sections() -> None:
    """Each key with the comment before it; together they are the file."""
    found = dict(sections(FILE))

    assert list(found) == ["", "clients", "limits"]
    assert found["limits"] == ["", "# How much.", "limits: {a: 1}"]
    assert [line for lines in found.values() for line in lines] == FILE.splitlines()
