"""Files, names, values and conditions that somebody wrote to do harm, or by a slip that does."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from syncer.settings.conditions import condition
from syncer.settings.places import Document, Place
from syncer.settings.yaml import MAX_BYTES, read
from tests.settings.agency import Agency
from tests.settings.test_anything import SAID

MAPPING = "mappings/trello.yaml"
FILES = ["config/sync.yaml", "config/people.yaml", "config/ownership.yaml", MAPPING]

ODD = {
    "a pipe": (os.mkfifo, "this is not an ordinary file; name another"),
    "a folder": (os.mkdir, "the file cannot be read (Is a directory)"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "this is not an ordinary file; name another"),
    "a terminal": (lambda path: path.symlink_to("/dev/null"), "this is not an ordinary file; name another"),
    "a circle of links": (
        lambda path: path.symlink_to(path),
        "the file cannot be read (Too many levels of symbolic links)",
    ),
    "a link to nothing": (
        lambda path: path.symlink_to("gone"), "the file is missing; docs/reference.md shows what it holds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("what", ODD)
def test_a_file_that_is_something_else(agency: Agency, file: str, what: str) -> None:
    """Nothing is waited for, and nothing without an end is read."""
    make, expected = ODD[what]
    path = agency.root / file
    path.unlink()
    make(path)

    assert f"{file}:1:1: {expected}" in agency.problems()


@pytest.mark.parametrize("what", ["a pipe", "a device"])
def test_a_secret_file_that_is_something_else(agency: Agency, what: str) -> None:
    """A secret is not read from a pipe or a device either."""
    ODD[what][0](agency.root / "token")
    agency.change("config/sync.yaml", "env:TRELLO_TOKEN", "file:token")

    assert any("the file token is missing; mount or create it" in p for p in agency.problems())


@pytest.mark.parametrize("value", ["a\nb", "a\r\nX-Evil: 1", "a\x00b", "a\x1b[2J", "a\u2028b"])
def test_a_secret_with_a_line_break(agency: Agency, value: str) -> None:
    """No header is made of it: the variable is named, and the value is not shown."""
    agency.environ["TRELLO_TOKEN"] = value
    (agency.root / "key").write_text(value, encoding="utf-8", newline="")
    agency.change("config/sync.yaml", "env:TRELLO_KEY", "file:key")
    told = "\n".join(agency.problems())

    for what in ("the environment variable TRELLO_TOKEN", "the file key"):
        assert f"{what} holds a line break or another control character" in told
    assert value not in told


SHAPES: dict[str, Callable[[int], str]] = {
    "lists in lists": lambda size: "- " * (size // 2),
    "keys in keys": lambda size: "? " * (size // 2),
    "brackets": lambda size: "[" * size,
    "braces": lambda size: "{a: " * (size // 4),
    "closed brackets": lambda size: "[]" * (size // 2),
    "anchors": lambda size: "&a " * (size // 3),
    "aliases": lambda size: "*a " * (size // 3),
    "tags": lambda size: "!a " * (size // 3),
    "one long key": lambda size: "a" * size,
    "colons": lambda size: "a" + ":" * (size - 1),
    "an open text": lambda size: 'a: "' + "x\n" * (size // 2 - 2),
    "marks": lambda size: "\ufeff" * (size // 3),
    "steps": lambda size: "".join(" " * n + "k:\n" for n in range(int((2 * size) ** 0.5) - 3)),
    "documents": lambda size: "--- a\n" * (size // 6),
    "directives": lambda size: "%FOO " * (size // 5),
    "a large number": lambda size: "a: " + "9" * (size - 3),
    "equal keys": lambda size: "a: 1\n" * (size // 5),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_that_parsers_choke_on(tmp_path: Path, shape: str) -> None:
    """Each ends in a document or in problems that are said; none in another error."""
    (tmp_path / "x.yaml").write_text(SHAPES[shape](6_000), "utf-8")
    document, problems = read(tmp_path / "x.yaml", "config/x.yaml")

    assert document is not None or problems
    assert [] == [str(p) for p in problems if not SAID.fullmatch(str(p))]


def test_a_very_large_file(tmp_path: Path) -> None:
    """One byte more than is read is too much, also where the size is not told beforehand."""
    (tmp_path / "x.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    _, problems = read(tmp_path / "x.yaml", "config/x.yaml")

    assert ["the file is larger than 512 KiB"] == [p.message for p in problems]


KEYS = ["__class__", "nobody", "anyone", "assignee", "../maya", "maya okafor", "=cmd()", "\\e[2J",
        "\\u202eayam", "constructor", "0", "~", "true", "*", "<<", "maya.name", "\\0", "ma\\nya", ""]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_hostile_name_of_a_person(agency: Agency, key: str) -> None:
    """A person of any key and name is a person, or a problem on one line."""
    text = (agency.root / "config/people.yaml").read_text("utf-8")
    line = f'\n"{key}":\n  name: "{key} x"\n  email: mallory@evil.example\n'
    agency.write("config/people.yaml", text + line)
    found = agency.problems()

    assert [] == [p for p in found if not SAID.fullmatch(p)]
    if not found:
        assert "mallory@evil.example" in {p.email for p in agency.load().people.values()}


@pytest.mark.parametrize(
    "zone", ["../../etc/passwd", "/etc/passwd", "Europe", "Europe/", "", ".", "a\\0b", "x" * 5000,
             "posixrules/..", "Europe/London/..", "\\u202e"],
)  # fmt: skip
def test_a_zone_that_is_none(agency: Agency, zone: str) -> None:
    """A zone names no file and no folder of this machine."""
    text = (agency.root / "config/people.yaml").read_text("utf-8")
    line = f'\nmallory:\n  name: M\n  email: m@evil.example\n  zone: "{zone}"\n'
    agency.write("config/people.yaml", text + line)
    found = agency.problems()

    assert found
    assert [] == [p for p in found if not SAID.fullmatch(p)]


HERE = Place(Document("mappings/x.yaml", {"when": ""}, {(): (1, 1)}, {(): (1, 1)}, {}))
LOOPS = {
    "three": "card.l.all(a, card.l.all(b, card.l.all(c, true)))",
    "three, with comments": "card.l.all(//\n a, card.l.all //\n (b, card.l.all( //x\n c, true)))",
    "behind a raw text": r"""r"\" == "" && card.l.all(a, card.l.all(b, card.l.all(c, r"\" == "")))""",
    "behind a long text": '"""a"b""" == "" && card.l.map(a, card.l.map(b, card.l.map(c, "")))',
    "patterns in two loops": 'card.l.all(a, card.l.all(b, a.matches("x")))',
    "a pattern that repeats": 'card.l.all(a, a.matches("\\\\w{200}"))',
    "a pattern of the tool's": "card.l.all(a, a.matches(card.name))",
    "a pattern behind a comment": "card.l.all(a, a.matches( //\n card.name))",
    "a long pattern": f'card.l.all(a, a.matches("{"x" * 61}"))',
}


@pytest.mark.parametrize("what", LOOPS)
def test_a_condition_that_would_take_for_ever(what: str) -> None:
    """However it is written, it is a problem of the file, and never evaluated."""
    found, problems = condition(HERE, LOOPS[what], {"card": None})

    assert problems or found is None


HEAVY = {
    "two loops over much": (
        "card.l.all(a, card.l.all(b, a != b + card.name))",
        {"l": [str(n) for n in range(1000)], "name": ""},
    ),
    "a long text copied": (
        "card.l.map(a, card.name + card.name + card.name) != []",
        {"l": ["x"] * 1000, "name": "x" * 131_072},
    ),
    "a pattern for each of many": ('card.l.all(a, a.matches("x"))', {"l": ["x"] * 101}),
    "over a mapping": ("card.c.all(k, card.c.all(j, k != j))", {"c": {str(n): "" for n in range(1000)}}),
    "a list in a list": ("card.l.all(a, a.all(b, b > 0))", {"l": [["x"] * 100] * 1000}),
}  # fmt: skip


@pytest.mark.parametrize("what", HEAVY)
def test_a_tool_that_makes_a_loop_long(what: str) -> None:
    """Too much to go through is a question that cannot be answered, before it is tried."""
    text, card = HEAVY[what]
    found, problems = condition(HERE, text, {"card": None})
    assert found is not None
    assert not problems

    with pytest.raises(ValueError, match=r"cannot answer .* (to loop over|items)$"):
        found({"card": card})


def test_what_people_write_is_not_too_much() -> None:
    """Fifty labels, long notes and a pattern are an everyday matter."""
    card = {"labels": [f"label {n}" for n in range(50)], "notes": "x" * 65_000}
    for text in (
        'card.labels.exists(l, l == "label 49")',
        'card.labels.exists(l, l.matches("9$")) && card.notes.contains("x")',
        'card.labels.exists(l, l.startsWith("label")) && card.labels.all(l, l != "")',
        "size(card.labels.filter(l, card.notes.contains(l))) == 0",
        'card.notes.matches("x{10}")',
    ):
        found, problems = condition(HERE, text, {"card": None})
        assert found is not None
        assert not problems
        assert found({"card": card})
