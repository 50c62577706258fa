"""What leaves the scope is left as it is, and said on each twin once; what returns is in step."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.engine.matching import MATCH
from syncer.model.configuration import Limits
from syncer.model.notices import NoticeStatus
from syncer.model.records import Link, LinkStatus
from syncer.model.report import CycleResult
from syncer.model.rules import Source
from syncer.model.texts import Balance
from tests.engine.talking import AT_ANY_TIME, TalkingTown, told
from tests.engine.town import Town, mapping


class NotPrivate:
    """A condition as a mapping's ``when``: nothing whose title begins with "Private"."""

    text = "!item.title.startsWith('Private')"
    source = Source("mappings/one.yaml", 9)

    def __call__(self, context: Mapping[str, Any]) -> bool:
        """Whether it holds."""
        return not str(context["item"]["title"]).startswith("Private")


def picky(folder: Path, **more: Any) -> TalkingTown:
    """A town in step whose first system only takes what is not private."""
    task = replace(mapping().entities["task"], when=NotPrivate())
    return told(folder, mappings={"one": mapping(task=task)}, **more)


def step(town: TalkingTown, **options: Any) -> Any:
    """One cycle, some minutes later."""
    town.later(minutes=5)
    return town.run(**options)


def said(town: TalkingTown) -> dict[str, int]:
    """How many comments of the service tell of leaving or returning, in each system."""
    return {
        name: sum("kept in step" in each.markup for each in world.talk.told)
        for name, world in town.worlds.items()
    }


def link(town: TalkingTown, system: str, title: str) -> Link:
    """The link of a thing."""
    thing = town.find(system, title)
    return town.store.links("acme", [(system, thing.object, thing.id)])[
        (system, thing.object, thing.id)
    ]


def foreign(town: TalkingTown, system: str) -> str:
    """A project of another team, which is nobody's scope."""
    found = town.worlds[system].create("tom", "project", {"name": "Elsewhere"}, team="other")
    return found.id


def test_what_left_and_returns_is_said_once_on_each_twin(tmp_path: Path) -> None:
    """Both twins say that one left, why, since when and how it returns; then that it is back."""
    town = picky(tmp_path)
    town.edit("one", "Build", "tom", title="Private build")
    town.edit("one", "Private build", "tom", due="2026-12-24")

    for _ in range(3):
        assert step(town).result is CycleResult.DONE

    [here], [there] = town.comments("one", "Private build"), town.comments("two", "Build")
    day = town.now().date().isoformat()
    for text in (here, there):
        assert "in one is not kept in step any more" in text
        assert f"since {day}" in text
        assert "mappings/one.yaml:9" in text
        assert "Once it holds, it is in step again" in text
    assert link(town, "one", "Private build").status is LinkStatus.UNLINKED
    assert (town.find("one", "Private build").existence, town.find("two", "Build").existence) == (
        "present",
        "present",
    )

    town.edit("one", "Private build", "tom", title="Build")
    for _ in range(3):
        step(town)

    assert ["kept in step again" in text for text in town.comments("one", "Build")] == [False, True]
    assert ["kept in step again" in text for text in town.comments("two", "Build")] == [False, True]
    assert said(town) == {"one": 2, "two": 2}
    assert {len(world.things) for world in town.worlds.values()} == {3}


def test_edits_made_while_it_was_away_do_not_count(tmp_path: Path) -> None:
    """What is agreed stands and is shown again; what stood there instead is in the journal."""
    town = picky(tmp_path)
    before = link(town, "one", "Build")
    town.edit("one", "Build", "tom", title="Private build")
    step(town)
    town.edit("one", "Private build", "tom", due="2026-12-24", notes="Typed while away")
    town.edit("two", "Build", "maya", due="2026-12-10", notes="Typed where it is in step")
    step(town)
    town.edit("one", "Private build", "tom", title="Build")
    step(town)

    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert set(town.shown("Build", "notes").values()) == {"Typed where it is in step"}
    lost = [e for e in town.store.journal("acme", limit=None) if e.kind == "first_contact"]
    assert {"2026-12-24", "Typed while away"} <= {str(e.new) for e in lost if e.connection == "one"}
    after = link(town, "one", "Build")
    assert (after.id, after.record, after.status) == (before.id, before.record, LinkStatus.LINKED)
    town.edit("one", "Build", "maya", due="2026-12-11")
    step(town)
    assert set(town.shown("Build", "due").values()) == {"2026-12-11"}
    assert step(town, full=True).plan.actions == ()


def test_an_item_that_is_moved_to_a_foreign_project_has_left(tmp_path: Path) -> None:
    """Nothing is archived and nothing is made anew; it says so, and it is back when it is moved back."""
    town = told(tmp_path)
    home = town.find("two", "Relaunch").id
    town.edit("two", "Build", "anna", project=foreign(town, "two"))
    step(town)
    town.edit("one", "Build", "maya", due="2026-12-10")
    step(town)

    assert town.find("two", "Build").fields["due"] == "2026-11-30"
    assert "moved out of what belongs to Acme there" in town.comments("one", "Build")[0]
    assert len(town.comments("two", "Build")) == 1
    town.edit("two", "Build", "anna", project=home)
    step(town)
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert [hold for hold in town.store.holds("acme") if hold.kind == MATCH] == []
    assert town.waiting() == []


def test_a_project_that_is_not_in_the_scope_any_more_leaves_with_all_in_it(tmp_path: Path) -> None:
    """A board that is taken out of the scope is seen at once; its cards are not written to again."""
    town = told(tmp_path)
    for thing in town.worlds["two"].things.values():
        thing.team = "other"
    town.worlds["two"].create("tom", "project", {"name": "Another"})
    step(town, full=True)

    titles = {"Relaunch", "Build", "Sketch"}
    assert {link(town, "two", title).status for title in titles} == {LinkStatus.UNLINKED}
    town.edit("one", "Build", "maya", due="2026-12-10")
    step(town)
    assert town.find("two", "Build").fields["due"] == "2026-11-30"
    assert {town.find(name, title).existence for name in town.systems for title in titles} == {
        "present"
    }
    for thing in town.worlds["two"].things.values():
        thing.team = "main"
    town.edit("two", "Relaunch", "tom", status={"name": "Active"})
    step(town, full=True)
    assert {link(town, "two", title).status for title in titles} == {LinkStatus.LINKED}
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}


def many(folder: Path, count: int, **more: Any) -> TalkingTown:
    """A town with so many more tasks, all of which somebody then makes private at once."""
    town = picky(folder, **more)
    project = town.find("one", "Relaunch").id
    for number in range(count):
        town.worlds["one"].create("maya", "item", {"title": f"Page {number}"}, project)
    step(town)
    for number in range(count):
        town.edit("one", f"Page {number}", "tom", title=f"Private {number}")
    return town


def test_more_projects_than_are_asked_for_at_once_leave_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not asked for in one cycle is in the next; nothing stays linked and forgotten."""
    monkeypatch.setattr("syncer.engine.outside.MOST_LOOKED_UP", 1)
    town = Town(tmp_path)
    world = town.worlds["two"]
    for name in ("Relaunch", "Campaign"):
        world.create("tom", "project", {"name": name})
    for _ in range(2):
        town.later(minutes=5)
        town.run()
    for thing in world.things.values():
        thing.team = "other"
    world.create("tom", "project", {"name": "Another"})
    for _ in range(2):
        town.later(minutes=5)
        town.run(full=True)

    titles = ("Relaunch", "Campaign")
    places = {("two", "project", town.find("two", title).id) for title in titles}
    found = town.store.links("acme", places).values()
    assert [link.status for link in found] == [LinkStatus.UNLINKED] * 2


def test_many_that_leave_at_once_are_told_together(tmp_path: Path) -> None:
    """One comment in each project counts them and names a few; none stands on any of them."""
    town = many(tmp_path, 8)
    step(town)
    step(town)

    assert said(town) == {"one": 1, "two": 1}
    text = town.worlds["two"].talk.told[-1].markup
    assert "8 things in one are not kept in step any more" in text
    assert "Page 0, Page 1" in text
    assert "Page 7" not in text
    assert town.store.notices("acme") == []
    for number in range(8):
        town.edit("one", f"Private {number}", "tom", title=f"Page {number}")
    step(town)
    assert said(town) == {"one": 2, "two": 2}


def test_a_mass_of_them_is_refused(tmp_path: Path) -> None:
    """More than may be archived at once must not leave either, until somebody allows it."""
    town = many(tmp_path, 6, limits=Limits(archives=5, floor=5))
    report = step(town)

    assert report.result is CycleResult.REFUSED
    [refusal] = report.plan.refusals
    assert str(refusal) == "leaving in one: 6 of 9, the limit is 5; to allow: --allow leaving"
    assert link(town, "one", "Private 0").status is LinkStatus.LINKED
    assert step(town).result is CycleResult.REFUSED
    assert step(town, allowed=frozenset({"leaving"})).result is CycleResult.DONE
    assert link(town, "one", "Private 0").status is LinkStatus.UNLINKED


def test_who_is_back_before_it_was_told_has_never_left(tmp_path: Path) -> None:
    """What left at night and is back in the morning is told nobody."""
    town = picky(tmp_path)
    today = town.now().date()  # tomorrow as well: the client's zone is ahead, and a cycle is later
    town.balance = Balance(quiet=None, holidays=frozenset({today, today + timedelta(days=1)}))
    town.edit("one", "Build", "tom", title="Private build")
    step(town)
    assert [n.status for n in town.store.notices("acme")] == [NoticeStatus.WAITING] * 2
    town.edit("one", "Private build", "tom", title="Build")
    step(town)
    town.balance = AT_ANY_TIME
    step(town)

    assert said(town) == {"one": 0, "two": 0}
    assert town.store.notices("acme") == []


def test_where_guests_can_read_nothing_is_said(tmp_path: Path) -> None:
    """The thing that left now stands before guests: nobody writes there, and nobody tries for ever."""
    town = told(tmp_path)
    place = foreign(town, "two")
    town.worlds["two"].talk.invite(place)
    town.edit("two", "Build", "anna", project=place)
    step(town)
    assert said(town) == {"one": 1, "two": 0}
    town.later(days=2)
    step(town)

    assert said(town) == {"one": 1, "two": 0}
    assert town.store.notices("acme") == []


def test_a_thing_that_was_done_and_tidied_away_says_nothing(tmp_path: Path) -> None:
    """Tidying up is nothing to be told of, nor is taking it out again."""
    town = told(tmp_path)
    town.edit("one", "Build", "maya", list={"name": "Done"})
    step(town)
    town.worlds["two"].archive("anna", town.find("two", "Build").id)
    step(town)
    assert link(town, "two", "Build").status is LinkStatus.UNLINKED
    town.worlds["two"].exist("anna", town.find("two", "Build").id, "present")
    step(town)

    assert link(town, "two", "Build").status is LinkStatus.LINKED
    assert said(town) == {"one": 0, "two": 0}


@pytest.mark.parametrize("left", [("two",), ("one", "two")], ids=["one twin", "every twin"])
def test_a_proposal_about_what_left_stays_open(tmp_path: Path, left: tuple[str, ...]) -> None:
    """While a twin is in step it goes on; where none is it rests, and is asked again on return."""
    town = told(tmp_path)
    town.edit("two", "Build", "anna", due="2026-12-05")
    step(town)
    [proposal] = town.waiting()
    homes = {name: town.find(name, "Relaunch").id for name in left}
    for name in left:
        town.edit(name, "Build", "tom", project=foreign(town, name))
    step(town)
    town.later(days=30)
    step(town)
    asked = [c for c in town.comments("one", "Build") if "would like to change" in c]
    assert len(asked) == 1
    [still] = town.waiting()
    assert (still.id, still.value) == (proposal.id, proposal.value)

    if len(left) == 1:
        town.say("one", "Build", "maya", "approve")
        step(town)
        assert town.ended() == [("accepted", "maya")]
        return
    for name in left:
        town.edit(name, "Build", "tom", project=homes[name])
    step(town)
    step(town)
    [again] = town.waiting()
    assert (again.id, again.version, again.delivered) == (proposal.id, 2, 2)
