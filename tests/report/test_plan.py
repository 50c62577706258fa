"""A plan reads well at any size and any width, whatever stands in it."""

import pytest

from syncer.model.decisions import Inexpressible, Refusal, Remap
from syncer.model.records import Hold
from syncer.model.refusals import BY_PLAN
from syncer.report.changes import Look
from tests.report.made import create, edit, report, text, update, widest, write

NOTES = "\n".join(f"Line {n} of what was agreed in the kick-off." for n in range(12))
HOSTILE = {
    "escapes": "\x1b[2J\x1b]0;owned\x07 \x9b31m red",
    "no spaces": "x" * 400,
    "wide letters": "日本語のとても長い題名" * 12,
    "marks": "z" + "\u0300" * 200,
    "other direction": "\u202egnp.exe\u202c \u2066a\u2069",
    "many lines": "a\r\nb\u2028c\x0bd\n" * 40,
    "markup": "[bold]not bold[/bold] [link=x]y[/link]",
    "nothing": " \t ",
}


def test_a_small_plan_word_for_word() -> None:
    """By system and record; old and new; whose edit causes it; the line of the rule; the totals."""
    found = report(
        update("Launch", write("deadline", "2026-11-30", "2026-12-24")),
        update("Sketch", write("labels", frozenset({"a", "b"}), frozenset({"b", "c"}))),
        create("Print", write("notes", None, "One.\nTwo."), connection="asana"),
        update("Build", write("deadline", "2026-12-31", "2026-12-01"), connection="hubspot"),
        judgements=(edit("Build", "proposed", "2026-12-31"),),
    )

    assert text(found) == [
        "bakery",
        "  edits",
        '    anna set deadline of task "Build" in hubspot to 2026-12-31: held as a',
        "      proposal; empty stands",
        "      config/ownership.yaml:42",
        "  asana: 1 new",
        '    + task "Print"  no twin yet',
        "        notes: One. Two. (2 lines)  maya in asana  config/ownership.yaml:42",
        "  hubspot: 1 change",
        '    ~ task "Build"',
        "        deadline: 2026-12-31 -> 2026-12-01",
        "          puts back anna's edit  maya in asana  config/ownership.yaml:42",
        "  trello: 2 changes",
        '    ~ task "Launch"',
        "        deadline: 2026-11-30 -> 2026-12-24",
        "          maya in asana  config/ownership.yaml:42",
        '    ~ task "Sketch"',
        "        labels: + c; - a  maya in asana  config/ownership.yaml:42",
        "  asana: 1 new; hubspot: 1 change; trello: 2 changes",
    ]


@pytest.mark.parametrize("width", [40, 80, 132])
@pytest.mark.parametrize("odd", HOSTILE.values(), ids=HOSTILE)
def test_nothing_is_wider_than_there_is_room(odd: str, width: int) -> None:
    """Names and texts of strangers neither run over the edge nor move the cursor."""
    found = report(
        update(odd, write("notes", NOTES, odd), write("labels", None, frozenset({odd, "b"}))),
        create(odd, write("notes", None, odd)),
        judgements=(edit(odd, "reverted", odd, by=odd),),
        inexpressible=(Inexpressible("r_1", odd, "trello", "notes", odd),),
        remaps=(Remap("trello", "task", "status", odd, "doing", 3, "trello.yaml:3"),),
        holds=(Hold("k", "bakery", "match", odd, "trello", "card", odd),),
    )

    lines = text(found, Look(width=width))

    assert widest(lines) <= width
    assert all(line.isprintable() for line in lines)


def test_a_long_text_is_shown_by_what_changed() -> None:
    """A line that came, one that went, one that changed within; the rest stays out."""
    lines = NOTES.splitlines()
    lines[3] = "Another line."
    lines[8] = lines[8].replace("was agreed in", "was decided at").ljust(61, "!")
    found = report(update("Launch", write("notes", NOTES, "\n".join([*lines, "The end."]))))

    shown = [line.strip() for line in text(found)[3:-1]]

    assert shown == [
        "notes:  maya in asana  config/ownership.yaml:42",
        "Line 2 of what was agreed in the kick-off.",
        "- Line 3 of what was agreed in the kick-off.",
        "+ Another line.",
        "Line 4 of what was agreed in the kick-off.",
        ": ...",
        "Line 7 of what was agreed in the kick-off.",
        "~ ... what was [-agreed-]{+decided+} [-in-]{+at+} the",
        "kick-off.{+!!!!!!!!!!!!!!!!!!+}",
        "Line 9 of what was agreed in the kick-off.",
        ": ...",
        "Line 11 of what was agreed in the kick-off.",
        "+ The end.",
    ]


def test_a_text_that_is_all_new_is_cut_unless_all_is_asked_for() -> None:
    """A screen full of one field hides the others."""
    found = report(update("Launch", write("notes", NOTES, NOTES.upper())))

    assert ": and 12 more lines" in [line.strip() for line in text(found)]
    assert 24 == sum(" - " in line or " + " in line for line in text(found, Look(all=True)))


def test_a_large_plan_begins_with_numbers_and_folds_what_is_alike() -> None:
    """Hundreds of writes fit on two screens; all of them are there for who asks."""
    moved = [update(f"T{n:03}", write("deadline", "2026-11-30", "2026-12-24")) for n in range(215)]
    status = [
        update(f"S{n:03}", write("status", "todo", "doing", "tom in asana")) for n in range(7)
    ]
    new = [
        create(f"N{n:03}", write("title", None, f"N{n:03}"), connection="asana") for n in range(90)
    ]
    edits = tuple(edit(f"T{n:03}", "proposed", "2026-12-24") for n in range(30))
    found = report(*moved, *status, *new, judgements=edits)

    lines, everything = text(found), text(found, Look(all=True))

    assert lines[:6] == [
        "bakery",
        "  summary: 312 writes",
        "    asana: 90 new",
        "    trello: 222 changes",
        "    by field: deadline 215, status 7",
        "    by whom: maya in asana 215, tom in asana 7",
    ]
    assert "    30 edits held as proposals" in lines
    assert "    and 212 more of the same (~ task: deadline)" in lines
    assert "    and 4 more of the same (~ task: status)" in lines
    assert "    and 87 more of the same (+ task)" in lines
    assert "    and 27 more of the same: deadline, by anna in hubspot: held" in lines
    assert len(lines) < 60
    assert 312 == sum(line.startswith(("    ~ task", "    + task")) for line in everything)
    assert not any("more of the same" in line for line in everything)


def test_a_large_plan_of_a_hundred_kinds_stays_short() -> None:
    """Changes that are hardly alike are counted by field once enough of them were told apart."""
    found = report(
        *(
            update(f"T{n:03}", write(f"field{n % 40}", "a", "b", f"p{n % 50} in asana"))
            for n in range(200)
        )
    )

    lines = text(found)

    assert any(line.startswith("    and 188 changes of other kinds of task: ") for line in lines)
    assert len(lines) < 80


def test_what_is_asked_for_is_shown_and_the_rest_is_counted() -> None:
    """By record, field and system; the numbers of all of it stay."""
    found = report(
        update("Launch", write("deadline", "2026-11-30", "2026-12-24"), write("notes", "a", "b")),
        update("Build", write("deadline", "2026-11-30", "2026-12-24")),
        update("Launch", write("deadline", "2026-11-30", "2026-12-24"), connection="asana"),
        holds=(Hold("k", "bakery", "match", "unsure", "asana", "task", "7"),),
    )
    look = Look(records=("laun",), fields=("deadline",), connections=("trello",))

    lines = text(found, look)

    assert lines == [
        "bakery",
        "  trello: 1 change",
        '    ~ task "Launch"',
        "        deadline: 2026-11-30 -> 2026-12-24",
        "          maya in asana  config/ownership.yaml:42",
        "  1 of 3 writes in all: asana: 1 change; trello: 2 changes",
    ]


def test_a_plan_after_a_change_of_rules_says_what_to_type() -> None:
    """The way out is the plan itself, saved and run; no kind of allowing."""
    refusals = (
        Refusal("configuration", None, 31, 200, "20", BY_PLAN),
        Refusal("updates", "trello", 31, 40, "20", "--allow updates"),
    )

    lines = text(report(refusals=refusals))

    assert "    syncer plan --client bakery --save bakery.plan.json" in lines
    assert "    syncer run --plan bakery.plan.json" in lines
    assert not any("let it pass, once" in line for line in lines)
