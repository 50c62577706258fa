"""``syncer undo`` as it is typed: shown first, done with --yes, and what it cannot reach."""

import json

from tests.cli.hamlet import Hamlet


def in_step(hamlet: Hamlet) -> None:
    """Everything has its twins."""
    assert hamlet("run").code == 0
    assert hamlet("run").code == 0


def last(hamlet: Hamlet) -> str:
    """The id of the last cycle, as `run --json` tells it."""
    return str(json.loads(hamlet("run", "--json").out)["clients"][0]["cycle"])


def test_the_last_change_of_a_record_is_shown_and_then_taken_back(hamlet: Hamlet) -> None:
    """Without --yes nothing moves; with it the old date is everywhere, and it can be undone."""
    in_step(hamlet)
    hamlet.edit("two", "Build", "maya", due="2026-12-24")
    hamlet("run")

    shown = hamlet("undo", "Build", "--as", "maya")
    assert "deadline: 2026-12-24 -> 2026-11-30  goes back" in shown.out
    assert "nothing was changed: add --yes to do it" in shown.out
    assert hamlet.find("one", "Build").fields["due"] == "2026-12-24"

    done = hamlet("undo", "Build", "--as", "maya", "--yes")
    assert (done.code, hamlet.find("one", "Build").fields["due"]) == (0, "2026-11-30")
    again = next(word for word in done.out.split() if word.startswith("c_"))
    assert hamlet("undo", again, "--as", "maya", "--yes").code == 0
    assert hamlet.find("two", "Build").fields["due"] == "2026-12-24"
    assert "typed by" in hamlet("export", "journal").out


def test_what_is_only_observed_is_not_undone(hamlet: Hamlet) -> None:
    """--yes writes nothing for such a client, and does not say that it had."""
    in_step(hamlet)
    hamlet.edit("two", "Build", "maya", due="2026-12-24")
    hamlet("run")
    hamlet.write(more="    mode: observe")

    said = hamlet("undo", "Build", "--as", "maya", "--yes")
    assert "nothing was changed: this client is only observed" in said.out
    assert "to take this back" not in said.out
    assert not json.loads(hamlet("undo", "Build", "--as", "maya", "--yes", "--json").out)["done"]
    assert hamlet.find("one", "Build").fields["due"] == "2026-12-24"


def test_a_cycle_is_named_by_its_id_or_as_the_last(hamlet: Hamlet) -> None:
    """What the cycle brought about is found by either, and JSON says what becomes of each thing."""
    in_step(hamlet)
    hamlet.edit("one", "Build", "maya", notes="bolder")
    cycle = last(hamlet)

    by_id = json.loads(hamlet("undo", cycle, "--json").out)
    by_word = json.loads(hamlet("undo", "last", "--json").out)

    assert by_id["clients"][0]["undone"] == by_word["clients"][0]["undone"]
    [undone] = by_id["clients"][0]["undone"]
    assert (undone["field"], undone["outcome"], undone["back"]) == ("notes", "back", None)
    assert (by_id["done"], by_id["clients"][0]["not_undone"]["may_have_acted"]) == (False, ["two"])


def test_a_quiet_last_cycle_says_how_to_name_another(hamlet: Hamlet) -> None:
    """On a schedule the last cycle mostly changed nothing; the way to the one that did is said."""
    in_step(hamlet)
    hamlet("run")
    told = hamlet("undo", "last").out
    assert "nothing to take back" in told
    assert "the last cycle changed nothing: name an earlier one" in told


def test_everything_since_a_time_goes_back_to_before_it(hamlet: Hamlet) -> None:
    """Several changes of one field go back to what stood before the first of them."""
    in_step(hamlet)
    for day in ("2026-12-24", "2026-12-31"):
        hamlet.edit("one", "Build", "maya", due=day)
        hamlet("run")

    done = hamlet("undo", "--since", "2020-01-01", "--field", "deadline", "--as", "tom", "--yes")

    assert done.code == 0
    assert hamlet.find("two", "Build").fields["due"] == "2026-11-30"


def test_what_cannot_be_undone_is_said(hamlet: Hamlet) -> None:
    """Edits that were put back, and what the tools did by themselves, are named, not hidden."""
    in_step(hamlet)
    hamlet.edit("one", "Build", "anna", due="2026-12-24")
    cycle = last(hamlet)

    told = hamlet("undo", cycle).out

    assert 'anna\'s deadline of "Build" was put back then' in told
    assert "automations that ran" in told


def test_what_is_not_known_is_told_with_the_way_out(hamlet: Hamlet) -> None:
    """A wrong cycle, record, person or time names itself and what there is."""
    in_step(hamlet)

    assert "there is no cycle c_none" in hamlet("undo", "c_none").err
    assert 'nothing is known of "Nowhere"' in hamlet("undo", "Nowhere").err
    assert "maya" in hamlet("undo", "Build", "--as", "nemo").err
    assert "write it like" in hamlet("undo", "--since", "soon").err
    assert hamlet("undo").code == 2
    assert "one of archives" in hamlet("undo", "Build", "--allow", "archive").err
