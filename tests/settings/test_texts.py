"""What people are told, and the words by which they answer, as ops people write them."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.texts import ANSWERS, TEMPLATES, Texts
from syncer.settings.places import Place
from syncer.settings.problems import Problem
from syncer.settings.texts import _shipped, texts
from syncer.settings.yaml import read
from tests.settings.agency import ROOT, Agency

TEXTS = "config/texts.yaml"
ONE = "keep it in one of them"
BRACE = (
    "a brace without its other one; braces stand around a placeholder, like {who}, and nowhere else"
)


def example() -> str:
    """The example in the comments of the shipped file, without the comment signs."""
    lines = (ROOT / TEXTS).read_text("utf-8").split("# For example:\n#\n")[1].splitlines()
    return "\n".join(line.removeprefix("# ") for line in lines)


def made(folder: Path, written: str) -> tuple[Texts, list[Problem]]:
    """What such a file says, in an agency with one client and one role."""
    path = folder / "texts.yaml"
    path.write_text(written, "utf-8")
    document, problems = read(path, TEXTS)
    assert document is not None
    assert not problems
    return texts(Place(document), ["bakery"], ["producer"])


def test_as_shipped_nothing_is_said_otherwise(agency: Agency) -> None:
    """The file holds only comments, and may as well be missing."""
    shipped = agency.load().texts
    (agency.root / TEXTS).unlink()

    assert shipped == agency.load().texts
    assert TEMPLATES.keys() == shipped.lines.keys()
    assert set(ANSWERS) == shipped.answers.keys()
    assert ({}, {}) == (shipped.clients, shipped.roles)
    assert "approve" in shipped.answers["approve"]


def test_the_shipped_example_is_right(agency: Agency) -> None:
    """Whoever takes the comment signs away has a file that says what it seems to say."""
    shipped = agency.load().texts
    found = agency.write(TEXTS, example()).load().texts

    assert frozenset({"approve", "approved", "passt", "freigegeben"}) == found.answers["approve"]
    assert shipped.answers["withdraw"] == found.answers["withdraw"]
    assert found.lines["put_back"] == (
        "The {field} of {record} is for {owners} to set, so it is back to: {now}",
        "Please ask them first. What {who} wrote: {value}",
    )
    assert shipped.lines["ask"] == found.lines["ask"]
    assert ("What came up for the bakery:",) == found.of("digest", "bakery")
    assert shipped.lines["digest"] == found.of("digest", "outdoor")
    assert ("Some news about your client:",) == found.of("several", "bakery", "account_manager")


def test_a_role_goes_before_a_client(tmp_path: Path) -> None:
    """Where both have a text of their own, the role's is told."""
    written = "clients: {bakery: {how: C}}\nroles: {producer: {how: R}}\ntexts: {how: A}"
    found, _ = made(tmp_path, written)

    assert [("R",), ("C",), ("A",)] == [
        found.of("how", "bakery", "producer"),
        found.of("how", "bakery", "account_manager"),
        found.of("how", "outdoor", "assignee"),
    ]


@pytest.mark.parametrize(
    "written",
    ['"One {who}\\n\\n  two "', '["One {who}", two]', "|\n    One {who}\n\n    two\n"],
    ids=["text", "list", "block"],
)
def test_a_text_is_its_lines(tmp_path: Path, written: str) -> None:
    """However it is written; empty lines are there for the file's reader only."""
    found, _ = made(tmp_path, f"texts:\n  ask: {written}")

    assert ("One {who}", "two") == found.lines["ask"]


@pytest.mark.parametrize(
    "written",
    ["[OK, Genehmigt, 'STRASSE  frei', 1]", "{en: ok, de: [ｇｅｎｅｈｍｉｇｔ, Straße frei, 1]}"],
    ids=["list", "by language"],
)
def test_words_are_compared_folded(tmp_path: Path, written: str) -> None:
    """Letter case, width and spaces do not count; languages are for the file's reader only."""
    found, _ = made(tmp_path, f"answers:\n  approve: {written}")

    assert {"ok", "genehmigt", "strasse frei", "1"} == found.answers["approve"]


MISTAKES = {
    "no such text": ("texts: {aks: x}", ':9: there is no text "aks"; did you mean "ask"?'),
    "placeholder": (
        "texts: {ask: 'Hi {whom}'}",
        ':14: nothing is known here of {whom}; did you mean "who"?',
    ),
    "empty placeholder": (
        "texts: {ask: [Hi, '{}']}",
        f":19: nothing is known here of {{}}; placeholders: {', '.join(sorted(TEMPLATES['ask']))}",
    ),
    "none is known": ("texts: {how: '{who}'}", ":14: nothing is known here of {who}; remove it"),
    "not closed": ("texts: {ask: 'Hi {who'}", f":14: {BRACE}"),
    "not opened": ("texts: {ask: 'Hi who}'}", f":14: {BRACE}"),
    "braces twice": ("texts: {ask: '{{who}}'}", f":14: {BRACE}"),
    "empty text": ("texts: {ask: ''}", ":14: must not be empty"),
    "no lines": ("texts: {ask: []}", ":14: must not be empty"),
    "text by language": (
        "texts: {ask: {en: Hi}}",
        ":14: expected text or a list, found keys and values",
    ),
    "no such part": ("text: {ask: Hi}", ':1: unknown key "text"; did you mean "texts"?'),
    "no such client": (
        "clients: {bakry: {}}",
        ':11: there is no client "bakry"; did you mean "bakery"?',
    ),
    "no such text of a client": (
        "clients: {bakery: {aks: x}}",
        ':20: there is no text "aks"; did you mean "ask"?',
    ),
    "no such role": (
        "roles: {productr: {}}",
        ':9: there is no role "productr"; did you mean "producer"?',
    ),
    "placeholder of a role": (
        "roles: {producer: {ask: '{valu}'}}",
        ':25: nothing is known here of {valu}; did you mean "value"?',
    ),
    "no such answer": (
        "answers: {aprove: x}",
        ':11: unknown key "aprove"; did you mean "approve"?',
    ),
    "no words": ("answers: {approve: []}", ":20: must not be empty"),
    "no language": ("answers: {approve: {}}", ":11: must not be empty"),
    "no words of a language": ("answers: {approve: {de: []}}", ":25: must not be empty"),
    "blank word": ("answers: {approve: ' '}", ":20: must not be empty"),
    "a shipped word": (
        "answers: {approve: 'Ｄecline'}",
        f':20: "Ｄecline" would mean decline as well as approve; {ONE}',
    ),
    "a word in two languages": (
        "answers: {approve: {en: [go]}, decline: {fr: [no, GO]}}",
        f':51: "GO" would mean approve as well as decline; {ONE}',
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_has_one_exact_message(what: str, tmp_path: Path) -> None:
    """Where, what, and what to write instead."""
    written, message = MISTAKES[what]
    _, problems = made(tmp_path, written)

    assert [f"{TEXTS}:1{message}"] == list(map(str, problems))


def test_all_mistakes_come_at_once(agency: Agency) -> None:
    """Each with its own line and column, among the other files' problems."""
    agency.write(TEXTS, "texts:\n  aks: x\n  ask:\n    - '{who'\n    - '{nobody}'\nansers: {}\n")

    places = [":".join(problem.split(":")[1:3]) for problem in agency.problems()]
    assert ["2:3", "4:7", "5:7", "6:1"] == places


@pytest.mark.parametrize("file", ["config/sync.yaml", "config/ownership.yaml"])
def test_an_unreadable_neighbour_is_the_only_problem(agency: Agency, file: str) -> None:
    """Clients or roles of which nobody can tell are not complained about."""
    agency.write(TEXTS, example()).write(file, "[")

    assert {file} == {problem.split(":")[0] for problem in agency.problems()}


_words = st.text(st.sampled_from("aokAÄß{}\x00 -1"), max_size=4)
_keys = st.sampled_from(["ask", "how", "approve", "decline", "bakery", "producer", "de"]) | _words
_any: st.SearchStrategy[Any] = st.recursive(
    _words | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["answers", "texts", "clients", "roles"]), _any))
def test_whatever_stands_there_is_used_or_complained_about(written: dict[str, Any]) -> None:
    """Never a traceback; with problems or without, every template and answer is there."""
    with tempfile.TemporaryDirectory() as folder:
        found, problems = made(Path(folder), json.dumps(written))

    assert all(problem.file == TEXTS and problem.line == 1 for problem in problems)
    assert TEMPLATES.keys() <= found.lines.keys()
    assert all(found.of(name, "bakery", "producer") for name in TEMPLATES)
    assert set(ANSWERS) == found.answers.keys()
    words = [word for own in found.answers.values() for word in own]
    assert problems or len(words) == len(set(words))


def test_such_a_file_is_read_like_the_others(agency: Agency) -> None:
    """What is not YAML, or no keys and values, is said of it; a comment alone is fine."""
    for written, message in (
        ("- approve", "1:1: expected keys and values, found a list"),
        ("a: b: c", "1:5: not YAML: mapping values are not allowed here"),
    ):
        (problem,) = agency.write(TEXTS, written).problems()
        assert problem.startswith(f"{TEXTS}:{message}")
    assert [] == agency.write(TEXTS, "# nothing yet\n").problems()


def test_shipped_texts_are_read_when_somebody_is_told(agency: Agency) -> None:
    """A run that tells nobody does not read them, whether it has texts of its own or not."""
    _shipped.cache_clear()
    agency.write(TEXTS, "clients: {bakery: {how: [Answer here]}}\n")
    found = agency.load().texts
    assert 0 == _shipped.cache_info().currsize

    assert ("Answer here",) == found.of("how", "bakery")
    assert found.lines["how"] == found.of("how")
    assert set(TEMPLATES) == set(found.lines)
    assert set(ANSWERS) == set(found.answers)
    assert 1 == _shipped.cache_info().currsize
