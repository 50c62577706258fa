"""What becomes of what was there before us: linked, left alone or made anew, as is said of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from syncer.adapterkit.addresses import Spot
from syncer.engine.onlooker import Onlooker
from syncer.engine.spoken import Wish, decide
from syncer.engine.whereabouts import look
from syncer.model.configuration import Limits
from syncer.model.contact import Candidate, ContactRule, ContactRules, Decision, FirstContact
from syncer.model.report import CycleResult
from tests.engine.test_kill import Killed
from tests.engine.town import Town, contact

ONLY, MAKE, ANEW = (
    FirstContact.MATCH_ONLY,
    FirstContact.MATCH_THEN_CREATE,
    FirstContact.CREATE_ONLY,
)
DONE, TO_DO = "Done", "To do"


def items(town: Town, system: str) -> list[str]:
    """The titles of all living tasks in a system."""
    things = town.worlds[system].things.values()
    living = (t for t in things if t.object == "item" and t.existence == "present")
    return sorted(str(thing.fields["title"]).capitalize() for thing in living)


def make(town: Town, system: str, titles: Iterable[str], **fields: Any) -> None:
    """Maya makes tasks in the one project of a system."""
    world = town.worlds[system]
    project = next((t for t in world.things.values() if t.object == "project"), None)
    inside = project or world.create("tom", "project", {"name": "Relaunch"})
    for title in titles:
        world.create("maya", "item", {"title": title, **fields}, inside.id)


def settled(town: Town) -> None:
    """A cycle after some time goes well; one more finds nothing to write."""
    town.later(minutes=5)
    report = town.run()
    assert report.result is CycleResult.DONE, report
    before = town.writes()
    town.later(minutes=5)
    report = town.run()
    assert report.result is CycleResult.DONE, report
    assert town.writes() == before


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems that hold one task together, and one each."""
    town = Town(tmp_path, contact=contact(ONLY))
    make(town, "one", ["Both", "Kitchen"])
    make(town, "two", ["both", "Garden"])
    return town


def test_match_only_links_and_makes_no_twin(town: Town) -> None:
    """What is the same is linked; the rest is left alone, and waits for nothing."""
    town.later(minutes=5)
    report = town.plan()
    assert report.tally is not None
    assert (report.tally.matched, report.tally.create, report.tally.left) == (2, 0, 2)

    settled(town)

    assert items(town, "one") == ["Both", "Kitchen"]
    assert items(town, "two") == ["Both", "Garden"]
    assert town.store.pending("acme") == []
    assert town.run().tally is None


def test_what_is_made_after_first_contact_follows_the_mapping(town: Town) -> None:
    """A new task gets its twin as ever, also where old ones got none."""
    settled(town)
    make(town, "one", ["Poster"])
    make(town, "two", ["Flyer"])
    settled(town)

    assert "Flyer" in items(town, "one")
    assert "Poster" in items(town, "two")
    assert "Kitchen" not in items(town, "two")


def test_a_new_thing_that_is_an_old_one_is_joined_to_it(town: Town) -> None:
    """Old stock without a twin is known all the same: its twin that somebody makes is its twin."""
    settled(town)
    make(town, "two", ["kitchen"], notes="by hand")
    settled(town)

    assert items(town, "one") == ["Both", "Kitchen"]
    assert town.shown("Kitchen", "notes") == {"one": "by hand", "two": "by hand"}


def test_another_mode_later_makes_exactly_what_is_let_in_now(town: Town) -> None:
    """The twins that were not made at first are, once; there is no second first contact."""
    settled(town)
    make(town, "one", ["New"])
    settled(town)
    known = set(town.store.record_ids("acme", "task"))
    both = {"one": ContactRule(MAKE), "two": ContactRule(ONLY)}
    town.contact = ContactRules(
        {(name, entity): rule for name, rule in both.items() for entity in ("task", "project")}
    )
    town.later(minutes=5)
    report = town.plan()
    assert report.tally is not None
    assert (report.tally.create, report.tally.left) == (1, 1)
    settled(town)

    assert "Kitchen" in items(town, "two")
    assert "Garden" not in items(town, "one")
    assert set(town.store.record_ids("acme", "task")) == known
    assert [c.kind for c in town.store.holds("acme")] == []


def test_create_only_matches_nothing(tmp_path: Path) -> None:
    """For an empty tool: what is there is made, whatever it is called."""
    town = Town(tmp_path, contact=contact(ANEW))
    make(town, "one", ["Same", "Same", "Sames"])
    settled(town)

    assert items(town, "two") == ["Same", "Same", "Sames"]


def filtered(mode: FirstContact, **filters: Any) -> ContactRules:
    """What is said of old stock in the first system; of the second nothing is asked."""
    rule = ContactRule(mode, **filters)
    places = {("one", entity): rule for entity in ("project", "task")}
    return ContactRules(places, ContactRule(mode))


def test_only_chosen_lists_take_part_until_somebody_touches_the_rest(tmp_path: Path) -> None:
    """Old tasks of other lists are not even known; touched, or let in later, they are."""
    town = Town(tmp_path, contact=filtered(MAKE, lists=("to *",)))
    make(town, "one", ["Open", "Also open"], list={"name": TO_DO})
    make(town, "one", ["Closed", "Old", "Older"], list={"name": DONE})
    settled(town)
    assert items(town, "two") == ["Also open", "Open"]
    assert len(town.store.record_ids("acme", "task")) == 2

    town.edit("one", "Closed", "tom", notes="Again, please")
    settled(town)
    assert items(town, "two") == ["Also open", "Closed", "Open"]

    town.contact = filtered(MAKE, lists=("to *", "done"))
    town.later(minutes=5)
    report = town.plan()
    assert report.tally is not None
    assert (report.tally.create, report.tally.left) == (2, 0)
    settled(town)
    assert items(town, "two") == items(town, "one")


def test_what_is_left_out_says_so_to_whoever_asks(tmp_path: Path) -> None:
    """Somebody pastes the address of an old thing: it is not told that the next run takes it in."""
    town = Town(tmp_path, contact=filtered(MAKE, lists=(TO_DO,)))
    make(town, "one", ["Closed"], list={"name": DONE})
    settled(town)
    make(town, "one", ["Fresh"], list={"name": DONE})
    with Onlooker(town.config(), town.store, clock=town.clock) as onlooker:
        ctx, adapters = onlooker.context("acme", full=False), onlooker.adapters("acme")
        old, new = (
            look(ctx, adapters, "one", Spot("item", town.find("one", title).id)).words
            for title in ("Closed", "Fresh")
        )

    assert "first_contact" in old
    assert "takes it in" not in old
    assert new.endswith("the next run takes it in")


def test_a_list_that_is_nowhere_is_said(tmp_path: Path) -> None:
    """A misspelt list would let nothing in and say nothing."""
    town = Town(tmp_path, contact=filtered(MAKE, lists=("Tu do",)))
    make(town, "one", ["Open"], list={"name": TO_DO})
    town.later(minutes=5)

    [text] = town.run().problems

    assert text.startswith('one: first_contact: no list of item is called "Tu do"; there are: ')


def test_active_since_a_day(tmp_path: Path) -> None:
    """What nobody touched since is left alone."""
    town = Town(tmp_path)
    make(town, "one", ["Old"])
    town.later(days=30)
    day = town.now().date()
    make(town, "one", ["Recent"])
    town.later(days=2)
    town.contact = filtered(MAKE, active_since=day)
    settled(town)

    assert items(town, "two") == ["Recent"]


def test_what_is_left_out_is_still_doubled_by_nothing(tmp_path: Path) -> None:
    """A task that another tool holds as well, in a list nobody chose, gets no second one there."""
    town = Town(tmp_path, contact=filtered(MAKE, lists=(TO_DO,)))
    make(town, "one", ["Same", "Nearly this"], list={"name": DONE})
    make(town, "two", ["Same", "Nearly that"], list={"name": TO_DO})
    settled(town)

    assert items(town, "one") == ["Nearly this", "Same"]
    assert items(town, "two") == ["Nearly that", "Same"]
    found = {one.reason: one for one in town.store.candidates("acme")}
    assert set(found) == {"the same, but it is left out by first_contact", "nearly the same"}

    say(town, found.values(), Decision.ACCEPTED)
    settled(town)
    assert len(town.store.record_ids("acme", "task")) == 2
    assert sum(town.store.link_counts("acme").values()) == 6


# -- candidates ----------------------------------------------------------------------------


def say(town: Town, candidates: Iterable[Candidate], decision: Decision) -> list[Candidate]:
    """Somebody says what these are."""
    return decide(town.store, [Wish(one, decision) for one in candidates], "ops", town.now())


@pytest.fixture
def unsure(tmp_path: Path) -> Town:
    """Two systems that hold what may be one task; and one more each."""
    town = Town(tmp_path)
    make(town, "one", ["Landing page", "Kitchen"])
    make(town, "two", ["Landing pages", "Alone"])
    settled(town)
    return town


def test_nothing_is_made_while_nobody_said(unsure: Town) -> None:
    """Neither gets a twin in the other's system, in any later cycle; the rest is in step."""
    unsure.run(full=True)

    assert items(unsure, "one") == ["Alone", "Kitchen", "Landing page"]
    assert items(unsure, "two") == ["Alone", "Kitchen", "Landing pages"]
    [one] = unsure.store.candidates("acme")
    assert (one.left.title, one.right.title, one.score) == ("Landing page", "Landing pages", 0.96)
    assert one.left.where == "Relaunch"


def test_accepted_they_are_joined(unsure: Town) -> None:
    """The next cycle joins them, as any match is; the empty takes what the filled one has."""
    unsure.edit("two", "Landing pages", "anna", notes="In two colours")
    say(unsure, unsure.store.candidates("acme"), Decision.ACCEPTED)
    settled(unsure)

    assert len(items(unsure, "one")) == len(items(unsure, "two")) == 3
    records = unsure.store.record_ids("acme", "task")
    assert {len(links) for links in unsure.store.links_of(records).values()} == {2}
    notes = {s: [t.fields["notes"] for t in w.things.values() if t.object == "item"] for s, w in unsure.worlds.items()}  # fmt: skip
    assert all("In two colours" in found for found in notes.values())
    texts = [e.text for e in unsure.store.journal("acme") if e.kind == "command"]
    assert texts[0].endswith("typed by ops")


@pytest.mark.parametrize("decision", [Decision.REJECTED, Decision.CREATED], ids=["no", "make"])
def test_rejected_they_are_two(unsure: Town, decision: Decision) -> None:
    """Both get their twins, and it is never asked again, not even when all is compared."""
    say(unsure, unsure.store.candidates("acme"), decision)
    settled(unsure)
    unsure.run(full=True)

    assert items(unsure, "one") == items(unsure, "two")
    assert len(items(unsure, "one")) == 4
    assert [one.decision for one in unsure.store.candidates("acme")] == [decision]


def test_create_is_stronger_than_match_only(tmp_path: Path) -> None:
    """Somebody who says that twins are to be made gets them, and nothing else does."""
    town = Town(tmp_path, contact=contact(ONLY))
    make(town, "one", ["Landing page", "Kitchen"])
    make(town, "two", ["Landing pages"])
    settled(town)
    say(town, town.store.candidates("acme"), Decision.CREATED)
    settled(town)

    assert items(town, "one") == ["Kitchen", "Landing page", "Landing pages"]
    assert items(town, "two") == ["Landing page", "Landing pages"]


def test_a_decision_can_be_taken_back_until_it_is_carried_out(unsure: Town) -> None:
    """Before the next run it is open again; after that it is too late, and that is said."""
    [one] = say(unsure, unsure.store.candidates("acme"), Decision.REJECTED)
    [one] = say(unsure, [one], Decision.OPEN)
    settled(unsure)
    assert len(items(unsure, "one")) == 3

    [one] = say(unsure, [one], Decision.ACCEPTED)
    settled(unsure)
    with pytest.raises(ValueError, match="one record already"):
        say(unsure, [one], Decision.OPEN)


def test_one_thing_is_not_two_things_of_one_system(tmp_path: Path) -> None:
    """Of two that may be it, one is accepted; the second is refused, and named with the first."""
    town = Town(tmp_path)
    make(town, "one", ["Landing page"])
    make(town, "two", ["Landing pages", "Landing-page"])
    settled(town)
    found = town.store.candidates("acme")
    assert len(found) == 2

    with pytest.raises(ValueError, match="would be two things of two"):
        say(town, found, Decision.ACCEPTED)
    say(town, found[:1], Decision.ACCEPTED)
    settled(town)

    assert len(items(town, "one")) == len(items(town, "two")) == 2
    assert town.store.candidates("acme", [Decision.OPEN]) == []


def test_a_candidate_that_is_gone_is_none_any_more(unsure: Town) -> None:
    """Deleted by hand, it keeps nobody waiting."""
    unsure.worlds["two"].delete("anna", unsure.find("two", "Landing pages").id)
    settled(unsure)

    assert items(unsure, "one") == items(unsure, "two")
    assert unsure.store.candidates("acme") == []


def test_what_is_held_costs_nothing_while_other_things_happen(unsure: Town) -> None:
    """Candidates are not read again because somebody edits something else."""
    asked = unsure.worlds["two"].calls = []
    unsure.edit("one", "Kitchen", "maya", notes="Soon")
    settled(unsure)

    assert "pull" in asked
    assert "fetch" not in asked
    assert len(unsure.store.holds("acme")) == 2


def test_what_was_said_of_one_pair_is_not_read_again_for_another(tmp_path: Path) -> None:
    """A thing of which one candidate was rejected waits for the other, and costs nothing."""
    town = Town(tmp_path)
    make(town, "one", ["Landing page"])
    make(town, "two", ["Landing pages", "Landing-page"])
    settled(town)
    say(town, town.store.candidates("acme")[:1], Decision.REJECTED)
    settled(town)
    town.later(minutes=30)
    assert town.run().result is CycleResult.DONE
    asked = [*town.worlds.values()]
    for world in asked:
        world.calls = []
    town.later(minutes=30)
    assert town.run().result is CycleResult.DONE

    assert all("pull" in world.calls and "fetch" not in world.calls for world in asked)
    assert len(town.store.candidates("acme", [Decision.OPEN])) == 1


# -- systems that come later ---------------------------------------------------------------


@pytest.mark.parametrize(("mode", "made"), [(ONLY, 0), (MAKE, 2)], ids=["only", "make"])
def test_a_system_that_joins_later_is_met_then(
    tmp_path: Path, mode: FirstContact, made: int
) -> None:
    """What it holds is old stock, what is known gets twins there by its mode; fields are filled."""
    town = Town(tmp_path, systems=("one", "two", "three"))
    town.systems = ("one", "two")
    make(town, "one", ["Both", "Known"])
    settled(town)
    town.systems = ("one", "two", "three")
    make(town, "three", ["both"], notes="From the third", due="2026-12-24")
    make(town, "three", ["Strange"])
    town.contact = ContactRules({("three", e): ContactRule(mode) for e in ("task", "project")},
                                ContactRule(MAKE))  # fmt: skip
    settled(town)

    known = ["Both", "Known"] if mode is MAKE else ["Both"]
    assert [t.casefold() for t in items(town, "three")] == sorted(
        t.casefold() for t in [*known, "Strange"]
    )
    assert ("Strange" in items(town, "one")) == (mode is MAKE)
    assert set(town.shown("Both", "notes").values()) == {"From the third"}
    assert town.store.proposals("acme") == []

    make(town, "one", ["New"])
    settled(town)
    assert "New" in items(town, "three")


@pytest.mark.parametrize(("mode", "made"), [(ONLY, False), (MAKE, True)], ids=["only", "make"])
def test_an_old_place_that_comes_into_the_scope_is_met_then(
    tmp_path: Path, mode: FirstContact, made: bool
) -> None:
    """What a project of years holds is old stock when somebody moves it in; what follows is new."""
    town = Town(tmp_path, contact=contact(mode))
    make(town, "one", ["Known"])
    one = town.worlds["one"]
    settled(town)
    old = one.create("tom", "project", {"name": "Old"}, team="other")
    for title in ("Older", "Oldest"):
        one.create("anna", "item", {"title": title}, old.id)
    town.later(days=3)
    settled(town)

    for thing in one.things.values():  # as the vendor moves a project with all that is in it
        thing.team = "main"
    assert town.run(full=True).result is CycleResult.DONE
    settled(town)

    assert ("Older" in items(town, "two")) is made
    assert town.store.proposals("acme") == []
    one.create("maya", "project", {"name": "New"})
    one.create("maya", "item", {"title": "Newest"}, town.find("one", "New").id)
    settled(town)
    assert "Newest" in items(town, "two")


def test_a_new_place_that_somebody_called_another_one_is_still_new(tmp_path: Path) -> None:
    """What waited for days because it may be something else follows the mapping once it is not."""
    town = Town(tmp_path, contact=contact(ONLY))
    make(town, "one", ["Known"])
    settled(town)
    town.worlds["two"].create("maya", "project", {"name": "Relaunched"})
    town.worlds["one"].create("maya", "project", {"name": "Relaunches"})
    for _ in range(2):
        town.later(days=2)
        town.run()
    waiting = town.store.candidates("acme")
    assert waiting

    say(town, waiting, Decision.REJECTED)
    town.later(minutes=5)
    town.run()

    names = [t.fields["name"] for t in town.worlds["two"].things.values() if t.object == "project"]
    assert "Relaunches" in names


def test_a_system_that_joins_waits_for_a_plan_if_it_changes_much(tmp_path: Path) -> None:
    """A connection more is another configuration: what is filled in what it holds is counted."""
    town = Town(tmp_path, systems=("one", "two", "three"), limits=Limits(after_change=2, floor=0))
    town.systems = ("one", "two")
    titles = ["Sketch", "Build", "Launch"]
    make(town, "one", titles, notes="Known")
    settled(town)
    town.systems = ("one", "two", "three")
    make(town, "three", titles)
    town.later(minutes=5)
    report = town.run()

    assert report.plan is not None
    assert [r.kind for r in report.plan.refusals] == ["configuration"]
    assert report.result is CycleResult.REFUSED
    assert town.writes()["three"] == 0


# -- killed, and in any order --------------------------------------------------------------


def scene(folder: Path, systems: tuple[str, ...]) -> Town:
    """A first contact with matches, candidates, old stock left out, and twins to make."""
    folder.mkdir()
    town = Town(folder, systems=systems)
    town.contact = filtered(MAKE, lists=(TO_DO,))
    make(town, "one", ["Both", "Landing page", "Kitchen"], list={"name": TO_DO})
    make(town, "one", ["Left"], list={"name": DONE})
    make(town, "two", ["both", "Landing pages", "Garden"])
    town.later(minutes=5)
    return town


def content(town: Town) -> Any:
    """What people see, and what they are asked."""
    asked = [(o.left.title, o.right.title, o.score) for o in town.store.candidates("acme")]
    return {name: sorted(map(str.casefold, items(town, name))) for name in town.systems}, asked


def test_killed_at_any_moment_of_a_first_contact(tmp_path: Path) -> None:
    """Run again it ends in the same: no second twin, nothing made of what is unsure or left."""
    town = scene(tmp_path / "whole", ("one", "two"))
    moments = cut(town, None)
    settled(town)
    whole = content(town)
    assert whole[0]["two"] == ["both", "garden", "kitchen", "landing pages"]

    # Before a commit all is as it was after the one before, or after a write: that is tried.
    tried = [n for n, moment in enumerate(moments, 1) if n == 1 or moment != "commit.before"]
    for at in tried:
        town = scene(tmp_path / str(at), ("one", "two"))
        cut(town, at)
        met = bool(town.store.contacts("acme"))
        make(town, "one", ["Made since"], list={"name": DONE})
        for _ in range(2):
            town.later(minutes=5)
            town.run()
        town.worlds["one"].delete("maya", town.find("one", "Made since").id)
        assert ("made since" in content(town)[0]["two"]) == met, moments[at - 1]
        if met:
            town.worlds["two"].delete("maya", town.find("two", "Made since").id)
        assert content(town) == whole, moments[at - 1]


def cut(town: Town, at: int | None) -> list[str]:
    """Run one cycle, and die at one of its boundaries, all of which are named."""
    names: list[str] = []

    def boundary(name: str) -> None:
        names.append(name)
        if len(names) == at:
            raise Killed

    town.store.boundary = boundary
    try:
        with town.service() as service:
            service.boundary = boundary
            next(iter(service.run("acme")))
    except Killed:
        town.later(minutes=1)
    finally:
        town.store.boundary = lambda _: None
    return names


def test_the_order_of_systems_does_not_matter(tmp_path: Path) -> None:
    """Whichever is read first: the same twins, the same questions."""
    ends = []
    for number, systems in enumerate([("one", "two"), ("two", "one")]):
        town = scene(tmp_path / str(number), systems)
        settled(town)
        ends.append(content(town))

    assert ends[0] == ends[1]
