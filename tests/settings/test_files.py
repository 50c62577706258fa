"""A file that cannot be read says so in one exact line."""

import pytest

from syncer.settings.yaml import MAX_BYTES, read
from tests.settings.agency import Agency

BOMB = """\
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
"""

UNREADABLE = {
    "empty": (b"", "1:1: the file is empty; docs/reference.md shows what it holds"),
    "only a comment": (
        b"# maya\n",
        "1:1: the file is empty; docs/reference.md shows what it holds",
    ),
    "not UTF-8": (
        "maya:\n  name: J\xfcrgen\n".encode("latin-1"),
        "2:10: not UTF-8 (byte 0xfc); save the file as UTF-8",
    ),
    "a tab": (b"maya:\n\tname: Maya\n", "2:1: indented with a tab; use spaces"),
    "a tab after spaces": (b"maya:\n  \tname: Maya\n", "2:3: indented with a tab; use spaces"),
    "an alias bomb": (
        BOMB.encode(),
        "5:1: the file unfolds to more than 50000 values; write less of it with aliases (*)",
    ),
    "an alias of itself": (
        b"maya: &m {name: *m}\n",
        "1:7: nested deeper than 40 levels; flatten it",
    ),
    "deep nesting": (
        b"maya: " + b"[" * 60 + b"]" * 60,
        "1:47: nested deeper than 40 levels; flatten it",
    ),
    "bottomless nesting": (
        b"maya: " + b"[" * 200_000,
        "1:507: nested deeper than 40 levels; flatten it",
    ),
    "a control character": (b"maya: \x00\n", "1:7: a control character; remove it"),
    "an open quote": (
        b'maya: "x\n',
        "2:1: not YAML: found unexpected end of stream; close the quotes",
    ),
    "an open bracket": (
        b"maya: {name: x\n",
        "2:1: not YAML: expected ',' or '}', but got '<stream end>'; close the bracket",
    ),
    "a colon in text": (
        b"maya: Maya: x\n",
        (
            "1:11: not YAML: mapping values are not allowed here; "
            'check the indentation, or quote text that holds ": "'
        ),
    ),
    "an unknown alias": (
        b"maya: *x\n",
        "1:7: not YAML: found undefined alias 'x'; put text that begins with * in quotes",
    ),
    "two documents": (
        b"maya: x\n---\ntom: y\n",
        '2:1: not YAML: but found another document; remove the line "---"',
    ),
    "a list": (b"- maya\n", "1:1: expected keys and values, found a list"),
    "text": (b"maya\n", "1:1: expected keys and values, found text"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_unreadable_file_is_named_with_its_place(agency: Agency, what: str) -> None:
    """Each kind of damage has its exact message, and nothing else is blamed for it."""
    content, expected = UNREADABLE[what]
    agency.write("config/people.yaml", content)

    assert [f"config/people.yaml:{expected}"] == agency.problems()[:1]


@pytest.mark.parametrize("file", ["sync", "people", "ownership"])
def test_a_missing_file_is_named(agency: Agency, file: str) -> None:
    """A file that is not there is one problem."""
    (agency.root / f"config/{file}.yaml").unlink()
    expected = "1:1: the file is missing; docs/reference.md shows what it holds"

    assert [f"config/{file}.yaml:{expected}"] == agency.problems()


def test_a_huge_file_is_not_read(agency: Agency) -> None:
    """Something that is no configuration does not fill the memory."""
    agency.write("config/people.yaml", b"#" * (MAX_BYTES + 1))

    assert [
        "config/people.yaml:1:1: the file is larger than 512 KiB; split or shorten it"
    ] == agency.problems()


def test_no_mapping_at_all(agency: Agency) -> None:
    """Without mapping files the folder is named, and every client says what it lacks."""
    for path in (agency.root / "mappings").iterdir():
        path.unlink()

    expected = "mappings:1:1: there is no mapping; add a file for each system; docs/mapping-cookbook.md shows some"
    assert expected in agency.problems()


def test_yaml_is_1_2(agency: Agency) -> None:
    """`on`, `yes` and `17:00` are text, a date stays text, and so does a number with a unit."""
    path = agency.root / "values.yaml"
    path.write_text("%YAML 1.1\n---\n[on, yes, 17:00, 2026-01-31, 0x1F, true, ~, 12, 1.5, '7']\n")
    document, problems = read(path, "values.yaml")

    assert document is not None
    expected = ["on", "yes", "17:00", "2026-01-31", "0x1F", True, None, 12, 1.5, "7"]
    assert (expected, []) == (document.data, problems)


def test_aliases_may_be_used_sparingly(agency: Agency) -> None:
    """An alias stands for what it names, and its place is where that is written."""
    path = agency.root / "values.yaml"
    path.write_text("a: &x {b: 1}\nc: *x\n")
    document, problems = read(path, "values.yaml")

    assert document is not None
    assert ({"a": {"b": 1}, "c": {"b": 1}}, []) == (document.data, problems)
    assert (1, 11) == document.values["c", "b"]


def test_tags_and_merge_keys_are_refused(agency: Agency) -> None:
    """Nothing in a file makes an object, and no key comes from elsewhere."""
    path = agency.root / "values.yaml"
    path.write_text("a: !!python/name:os.system x\nb: {<<: {c: 1}}\n? [d]\n: 1\n")
    _, problems = read(path, "values.yaml")

    assert [
        (
            'values.yaml:1:4: the tag "tag:yaml.org,2002:python/name:os.system" means nothing here;'
            " remove it"
        ),
        "values.yaml:2:5: a key must be plain text; write the keys out; << is not known here",
        "values.yaml:3:3: a key must be plain text; write the keys out; << is not known here",
    ] == [str(problem) for problem in problems]
