"""What is as it was when it was last decided on is not read again; anything else is."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.memory.things import DELETED
from syncer.adapterkit.errors import LookFirst
from syncer.engine import cycle
from syncer.engine.cases import Case
from syncer.engine.pulled import Digests, Pulled
from syncer.model.records import LinkStatus
from syncer.model.remote import Option
from tests.engine.town import Town

TITLES = ("Build", "Ship", "Sketch")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step, their echoes heard."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in TITLES:
        town.worlds["one"].create("maya", "item", {"title": title}, project.id)
    for _ in range(3):
        town.later(minutes=20)
        town.run()
    return town


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of records that are decided on from now on."""
    found: list[str] = []
    real = cycle.decide_case

    def noted(ctx: Any, case: Case, *more: Any) -> Any:
        found.append(case.record.id)
        return real(ctx, case, *more)

    monkeypatch.setattr(cycle, "decide_case", noted)
    return found


def test_a_full_compare_of_what_is_as_it_was_decides_nothing(
    town: Town, decided: list[str]
) -> None:
    """Everything is listed and counted, and nothing of it needs a decision."""
    report = town.run(full=True)

    assert report.pulled == {"one": 4, "two": 4}
    assert decided == []


def test_no_fingerprint_is_kept_of_what_is_not_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read again later in the cycle, by name, may be another by then than was listed."""
    found: list[dict[str, Pulled]] = []
    real = cycle.pull_all

    def noted(*given: Any) -> dict[str, Pulled]:
        found.append(real(*given))
        return found[-1]

    monkeypatch.setattr(cycle, "pull_all", noted)

    town.run(full=True)

    (pulls,) = found
    told = [(pulled.familiar, dict(pulled.records)) for pulled in pulls.values()]
    assert told == [(4, {}), (4, {})]


def test_an_edit_that_no_feed_told_is_found_by_a_full_compare(
    town: Town, decided: list[str]
) -> None:
    """Only the edited record is decided on, and its twin gets the value."""
    town.edit("two", "Ship", "maya", due="2026-12-05")
    town.worlds["two"].lapses.behind = 1

    town.run(full=True)

    assert len(decided) == 1
    assert town.shown("Ship", "due") == {"one": "2026-12-05", "two": "2026-12-05"}


def test_what_a_full_listing_lacks_is_absent_also_where_the_rest_is_as_it_was(town: Town) -> None:
    """Nobody told of the deletion: the listing of familiar things lacks one."""
    gone = town.find("two", "Sketch")
    town.worlds["two"].things[gone.id] = replace(gone, existence=DELETED)

    report = town.run(full=True)

    assert report.pulled["two"] == 3
    (link,) = town.store.links("acme", [("two", "item", gone.id)]).values()
    assert link.status is LinkStatus.GONE


def test_other_definitions_let_everything_be_looked_at_again(
    town: Town, decided: list[str]
) -> None:
    """An option that was renamed may read as another value in each record that has it."""
    options = town.worlds["two"].options
    key = next(key for key in options if key[0] == "list")
    options[key] = [*options[key], Option("l-new", "Parked", key[1])]

    town.run(full=True)

    assert len(decided) == 4


def test_what_is_held_is_looked_at_each_time(town: Town, decided: list[str]) -> None:
    """A value that could not be read is no reason to look away from it."""
    project = town.find("one", "Relaunch").id
    parked = Option("l-odd", "Somewhere", project)
    town.worlds["one"].options.setdefault(("list", project), []).append(parked)
    town.edit("one", "Build", "maya", list="l-odd")
    for _ in range(2):
        town.later(minutes=20)
        town.run(full=True)
    decided.clear()

    town.run(full=True)

    assert len(decided) == 1


def test_what_was_shown_before_our_write_is_not_taken_for_seen_after_it(town: Town) -> None:
    """A person who puts back exactly what a tool without times showed before is heard."""
    thing = town.find("two", "Build")
    town.edit("one", "Build", "maya", due="2026-12-05")
    town.run()

    (link,) = town.store.links("acme", [("two", "item", thing.id)]).values()
    assert link.mark is None
    town.run()
    (link,) = town.store.links("acme", [("two", "item", thing.id)]).values()
    assert link.mark is not None


def test_nor_is_it_where_the_answer_of_our_write_was_lost(town: Town) -> None:
    """Looked up in the next cycle, an update counts as written: what it replaced is news again."""
    world, thing = town.worlds["two"], town.find("two", "Build")
    before, at = dict(thing.fields), thing.modified_at
    town.edit("one", "Build", "maya", due="2026-12-05")
    world.fault = lost
    town.run()
    world.fault, world.lapses.behind = lambda _moment, _call: None, 99
    town.run()
    assert town.shown("Build", "due") == {"one": "2026-12-05", "two": "2026-12-05"}

    town.edit("two", "Build", "maya", due=None)
    thing.modified_at = at  # as in a tool that tells no times
    assert thing.fields == before
    town.run(full=True)

    assert town.shown("Build", "due") == {"one": None, "two": None}


def lost(moment: str, call: str) -> None:
    """The update happens, and nobody hears of it."""
    if (moment, call) == ("after", "update"):
        raise LookFirst("no answer")


def test_the_state_gives_the_fingerprints_of_linked_things_only(town: Town) -> None:
    """One look-up for many ids; what is not linked has none."""
    record = town.store.record_ids("acme", "task")[0]
    link = town.store.links_of([record])[record][0]

    found = town.store.marks("acme", link.connection, link.object, [link.remote_id, "other"])

    assert found == {link.remote_id: link.mark}
    assert link.mark is not None


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3)))
def test_ids_in_eight_bytes_are_compared_as_sets_are(ids: set[str], others: set[str]) -> None:
    """The compact form answers as sets of the ids would."""
    assert Digests(ids).cover(others) == (others <= ids)
    assert len(Digests(ids).whole()) == len(ids)
