"""Whatever a person pastes into one tool arrives in the other, or is held; and stays quiet."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.adapterkit.sandbox import Task, World, agency_world
from syncer.cli import main
from syncer.model.report import CycleReport, CycleResult
from tests.system import typed
from tests.system.agency import Agency

CLIENT = "bakery"
BOTH = frozenset({"asana", "trello"})
ALLOW = frozenset({"updates"})
TASKS = [f"Task {letter * 8}" for letter in "abcdefghijklmnop"]
LIMIT = {"trello": 16_384, "asana": 65_535}

TWINS: list[dict[str, str]] = []
"""The ids of each task's twins, by system."""

CONTROL = "\x1b[2J\x1b]0;owned\x07 \x00 \x08 \x9b31m \x85 \x7f"
HOSTILE = {
    "escapes": CONTROL,
    "bidi": "\u202egnp.exe\u202c \u2066a\u2069 \u200f \u200eb",
    "separators": "one\u2028two\u2029three",
    "html": "<b onclick=x>bold</b> & <script>alert(1)</script> <!-- c --> <a href='javascript:x'>l</a>",
    "entities": "&lt;b&gt; &amp;amp; &#x41; &bogus;",
    "formula": "=cmd|' /C calc'!A0",
    "templates": "{{7*7}} ${x} %00%0a \\u0041 \\n $(id) `id`",
    "markdown": "* a _b_ **c** `d` [e](f) # g > h ~~i~~ 1. j | k | <http://l.example>",
    "emoji": "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é é ạ̈ \ufffe \ud7ff\ue000",
    "marks": "z" + "\u0300" * 200,
    "empty to the eye": "\u200b\u2060\ufeff",
    "nothing": "null",
    "sql": "'; DROP TABLE links; --",
}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """One project with a few tasks that are in both tools, in step."""
    world = agency_world()
    (project,) = (p for p in world.projects if p.key == "relaunch")
    tasks = tuple(Task(f"relaunch-{t}", project.key, t, BOTH) for t in TASKS)
    small = World(world.people, (world.client(CLIENT),), (replace(project, systems=BOTH),), tasks)
    with Agency(
        tmp_path_factory.mktemp("hostile"),
        systems=("trello", "asana"),
        world=small,
        clients={CLIENT: "Honey & Rye Bakery"},
    ) as agency:
        agency.run()
        TWINS[:] = [
            {name: link.remote_id for name, link in agency.record(CLIENT, title)[1].items()}
            for title in TASKS
        ]
        agency.run()
        yield agency


def shown(agency: Agency, number: int) -> dict[str, dict[str, Any]]:
    """What both tools hold of a task, whatever the service thinks."""
    twins = TWINS[number]
    cards: Any = agency.boxes["trello"].state()
    tasks: Any = agency.boxes["asana"].state()
    return {"trello": cards["cards"][twins["trello"]], "asana": tasks[twins["asana"]]}


def record_of(agency: Agency, number: int) -> str:
    """The id of a task's record."""
    key = ("trello", "card", TWINS[number]["trello"])
    return agency.store.links(CLIENT, [key])[key].record


def paste(agency: Agency, system: str, number: int, title: str, notes: str) -> str:
    """Maya sets a title and notes; gives what the tool refused with."""
    id = TWINS[number][system]
    if system == "trello":
        return typed.trello(agency, "maya", id, name=title, desc=notes)
    return typed.asana(agency, "maya", id, name=title, notes=notes)


def run(agency: Agency) -> CycleReport:
    """A cycle in which much may change."""
    (report,) = agency.run(allowed=ALLOW)
    return report


def quiet(agency: Agency) -> None:
    """Two more cycles write nothing to any tool."""
    agency.forget()
    for _ in range(2):
        assert run(agency).result is CycleResult.DONE
    assert agency.writes() == {"trello": [], "asana": []}


def words(text: str) -> list[str]:
    """The words of a text, without what marks them up."""
    return re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", text).lower())


def one_line(text: str) -> str:
    """A title without the blanks that tools trim or join."""
    return " ".join(text.split())


@pytest.mark.parametrize("system", ["trello", "asana"])
def test_hostile_texts_arrive_and_stay_quiet(agency: Agency, system: str) -> None:
    """As a title and as notes: the other tool shows the same title and the same words."""
    other = "asana" if system == "trello" else "trello"
    for number, text in enumerate(HOSTILE.values()):
        assert paste(agency, system, number, f"{system} {text}", f"from {text} end") == ""

    report = run(agency)

    assert (report.result, dict(report.failed)) == (CycleResult.DONE, {})
    for number, (name, text) in enumerate(HOSTILE.items()):
        both = shown(agency, number)
        titles = {one_line(found["name"]) for found in both.values()}
        assert titles == {one_line(f"{system} {text}")}, name
        notes = str(both[other].get("desc" if other == "trello" else "notes"))
        assert words(notes)[0] == "from", name
        assert words(notes)[-1] == "end", name
    quiet(agency)


def test_hostile_text_of_a_deal_arrives_in_two_tools(tmp_path: Path) -> None:
    """The account manager pastes all of it into HubSpot: boards and projects show its words."""
    world = agency_world()
    (project,) = (p for p in world.projects if p.key == "relaunch")
    small = World(world.people, (world.client(CLIENT),), (project,), ())
    with Agency(tmp_path, world=small, clients={CLIENT: "Honey & Rye Bakery"}) as agency:
        agency.run()
        agency.run()
        _, links = agency.record(CLIENT, project.name, "project")
        text = "from\n\n" + "\n\n".join(HOSTILE.values()) + "\n\nend"
        assert typed.hubspot(agency, "anna", links["hubspot"].remote_id, project_brief=text) == ""

        run(agency)

        for system, field in (("trello", "desc"), ("asana", "notes")):
            shown = str(agency.raw(system, CLIENT, links[system]).fields[field])
            found = [words(shown)[0], words(shown)[-1]]
            assert (found, "DROP TABLE links" in shown) == (["from", "end"], True)
        agency.forget()
        assert run(agency).result is CycleResult.DONE
        assert not any(agency.writes().values())


def test_what_a_person_wrote_is_no_markup(agency: Agency) -> None:
    """HTML in Trello's Markdown becomes text in Asana, never a tag; and the other way round."""
    html = "<script>alert(1)</script> <img src=x onerror=alert(2)>"
    paste(agency, "trello", 0, "html one", html)
    paste(agency, "asana", 1, "html two", html)

    run(agency)

    there = shown(agency, 0)["asana"]["html_notes"]
    assert "<script" not in there
    assert "<img" not in there
    # Trello's Markdown has no HTML: this stands there as it was typed.
    assert shown(agency, 1)["trello"]["desc"] == html
    quiet(agency)


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NASTY = st.lists(
    st.sampled_from(["*", "_", "`", "#", "\n", "  ", "<", "&", "[", "](", ")", "\\", "\t", "a", "- ",
                     "\u202e", "\x1b", "\x00", "é", "1. ", "> ", "~~", "|", "\r", "\u00a0", "😀"]),
    max_size=14,
).map("".join)  # fmt: skip
TEXT = ANY | NASTY


@settings(
    max_examples=max(3, settings().max_examples // 25),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.sampled_from(["trello", "asana"]), TEXT, TEXT), min_size=8, max_size=8)
)
def test_any_text_is_in_step_or_held(agency: Agency, pasted: list[tuple[str, str, str]]) -> None:
    """Any text that a tool takes is in the other one after a cycle; the next writes nothing."""
    taken = [
        number
        for number, (system, title, notes) in enumerate(pasted)
        if not paste(agency, system, number, f"n{number} {title}", notes)
    ]

    report = run(agency)

    assert report.plan is not None
    assert (report.result, dict(report.failed)) == (CycleResult.DONE, {})
    held = {hold.record for hold in report.plan.holds}
    for number in taken:
        titles = {one_line(found["name"]) for found in shown(agency, number).values()}
        assert len(titles) == 1 or record_of(agency, number) in held, titles
    quiet(agency)


@pytest.mark.parametrize("extra", ["", "\u0301", "😀", "\u202e", "👩‍👩‍👧‍👦"])
def test_a_text_longer_than_the_other_tool_takes(agency: Agency, extra: str) -> None:
    """The shorter tool shows the beginning and says so; the longer one keeps every letter."""
    size = LIMIT["asana"] - 1
    text = ("e" + extra) * (size // (1 + len(extra)))
    assert paste(agency, "asana", 0, "long", text) == ""

    run(agency)

    card, task = shown(agency, 0)["trello"], shown(agency, 0)["asana"]
    assert task["notes"] == text
    assert len(card["desc"]) <= LIMIT["trello"]
    assert card["desc"].endswith("…")
    assert card["desc"][:-1] in text
    quiet(agency)


def test_more_than_a_tool_takes_is_refused_by_the_tool(agency: Agency) -> None:
    """Trello documents its limits, and its stand-in keeps them; Asana documents none."""
    assert paste(agency, "trello", 0, "x", "y" * (LIMIT["trello"] + 1)).startswith("400")
    assert paste(agency, "trello", 0, "x" * (LIMIT["trello"] + 1), "").startswith("400")


@pytest.mark.parametrize(
    "due",
    ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.000Z"],
)
def test_a_date_at_the_end_of_time(agency: Agency, due: str) -> None:
    """Years that zones and clocks cannot reckon with arrive, or are held; the rest is in step."""
    id = TWINS[5]["trello"]
    assert typed.trello(agency, "maya", id, due=due) == ""
    paste(agency, "asana", 6, f"beside {due}", "")

    report = run(agency)

    assert report.plan is not None
    held = [hold for hold in report.plan.holds if hold.field == "deadline"]
    there = shown(agency, 5)["asana"]
    assert held or report.failed or (there["due_on"] or there["due_at"])
    assert shown(agency, 6)["trello"]["name"] == f"beside {due}"
    agency.forget()
    run(agency)
    assert agency.writes() == {"trello": [], "asana": []}
    typed.trello(agency, "maya", id, due=None)
    run(agency)


@pytest.mark.parametrize("due", ["2026-02-30T00:00:00.000Z", "NaN", "-0001-01-01", "99999-01-01"])
def test_a_day_that_is_none_is_refused_by_the_tool(agency: Agency, due: str) -> None:
    """Neither tool takes the thirtieth of February."""
    twins = TWINS[5]
    assert typed.trello(agency, "maya", twins["trello"], due=due).startswith("400")
    assert typed.asana(agency, "maya", twins["asana"], due_on=due[:10]).startswith("400")


COMMANDS = [
    ["--log-format", "json", "--debug", "plan"], ["--log-format", "text", "--debug", "plan", "--json"],
    ["status"], ["proposals"], ["export"], ["export", "journal", "--format", "jsonl"],
    ["--log-format", "text", "run"], ["run", "--json"], ["proposals", "list", "--json"],
]  # fmt: skip


def invisible(char: str) -> bool:
    """Whether it is no letter, sign or line end."""
    return not char.isprintable() and char != "\n"


def moves(char: str) -> bool:
    """Whether a terminal would do something other than show it, or turn the line around."""
    turns = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    kind = unicodedata.category(char)
    return char != "\n" and (kind in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(char) in turns)


def test_no_command_lets_a_text_touch_the_terminal(
    agency: Agency, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans, proposals, histories, exports, JSON and logs hold letters and line ends only."""
    for variable, secret in agency.secrets.items():
        monkeypatch.setenv(variable, secret)
    twins = TWINS[2]
    paste(agency, "trello", 2, f"nasty {CONTROL} \u202e", f"=1+1 {CONTROL}")
    run(agency)
    typed.trello(agency, "anna", twins["trello"], due="2030-01-01T00:00:00.000Z")
    paste(agency, "asana", 3, f"waits {CONTROL}", f"@x {CONTROL}")
    record = record_of(agency, 2)
    touched = {}
    for command in [*COMMANDS, ["explain", record], ["explain", record, "--json"]]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(agency.folder), *command])
        told = capfd.readouterr()
        assert ended.value.code in (0, 1), (command, told)
        assert "Traceback" not in told.err
        plain = command[0] != "export" or "--format" in command
        bad = {c for c in told.out + told.err if moves(c) or (plain and invisible(c))}
        if bad:
            touched[" ".join(command)] = bad
    assert touched == {}


def test_a_spreadsheet_finds_no_formula(
    agency: Agency, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    """No cell of an exported table begins as a formula does; JSON has it letter for letter."""
    for variable, secret in agency.secrets.items():
        monkeypatch.setenv(variable, secret)
    for number, text in enumerate(("=cmd()", "+1+1", "@SUM(A1)", "-1+1", "\t=1")):
        paste(agency, "trello", number, text, text)
    run(agency)
    formula = re.compile(r'(?:^|,)"?[=+@\t]|(?:^|,)"?-(?!\d+(?:\.\d+)?"?(?:,|$))', re.MULTILINE)
    for name in ("journal", "records", "links", "holds"):
        with pytest.raises(SystemExit):
            main(["--config", str(agency.folder), "export", name])
        assert not formula.findall(capfd.readouterr().out), name
    with pytest.raises(SystemExit):
        main(["--config", str(agency.folder), "export", "records", "--format", "jsonl"])
    assert "=cmd()" in capfd.readouterr().out
