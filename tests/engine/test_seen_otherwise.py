"""What shows the same is looked at again where something else may have changed what it comes to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from syncer.engine.pulled import Pulled
from syncer.model.contact import ContactRule, ContactRules, FirstContact
from syncer.model.feeds import Page
from syncer.model.mapping import EntityMapping, SystemMapping
from syncer.model.remote import RemotePerson, RemoteRecord
from tests.engine.talking import TalkingTown
from tests.engine.town import HERE, Town, line, mapping

LIMITLESS = {"allowed": frozenset({"remap", "leaving", "writes", "creates", "first_contact"})}


class Estimated:
    """A condition: only what was estimated gets a twin."""

    text = "task.estimate != null"
    source = HERE

    def __call__(self, context: Mapping[str, Any]) -> bool:
        return context["task"]["estimate"] is not None


class OfTim:
    """A condition: everything but what somebody called Tim is on."""

    text = '!("Tim" in item.people)'
    source = HERE

    def __call__(self, context: Mapping[str, Any]) -> bool:
        return "Tim" not in context["item"]["people"]


def task_mapping(without: str = "", **more: Any) -> SystemMapping:
    """The usual mapping, with these fields of tasks, and without one."""
    plain = mapping().entities["task"]
    fields = {name: each for name, each in plain.fields.items() if name != without}
    changed: EntityMapping = replace(plain, fields={**fields, **more})
    return mapping(task=changed)


def in_step(town: Town, **fields: Any) -> str:
    """A project, a task above and a task below it, compared twice; gives the project's id."""
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"}).id
    above = one.create("maya", "item", {"title": "Above"}, project).id
    told = {"parent": above} if "parent" in town.mappings["one"].entities["task"].fields else {}
    one.create("maya", "item", {"title": "Below", **told, **fields}, project)
    town.later(hours=1)
    for full in (False, False, True):
        cycle(town, full=full)
    return project


def cycle(town: Town, *, full: bool = False, **time: float) -> None:
    """One cycle a while later."""
    town.later(**(time or {"minutes": 20}))
    town.run(full=full, **LIMITLESS)


def held(town: Town) -> list[tuple[str, str | None]]:
    """What is held, and of which field."""
    return [(hold.kind, hold.field) for hold in town.store.holds("acme")]


def test_what_was_unreadable_while_nobody_told_of_it_is_read_again(tmp_path: Path) -> None:
    """An option was called otherwise for some hours: when it has its name again, no hold is left."""
    town = Town(tmp_path, mappings={"one": task_mapping(), "two": task_mapping("priority")})
    in_step(town, list={"name": "Doing"})
    world = town.worlds["two"]
    (place,) = [place for place in world.options if place[0] == "list"]
    named = world.options[place]
    world.options[place] = [replace(option, name="Odd") for option in named]
    town.edit("one", "Below", "maya", priority="high")
    world.lapses.behind = 1
    cycle(town, hours=20)
    assert held(town) == [("unreadable", "status")]

    world.options[place] = named
    cycle(town, full=True, hours=10)

    assert held(town) == []


def test_a_reference_is_written_once_its_twin_is_there(tmp_path: Path) -> None:
    """What is above a task gets its twin later than the task: the task then hangs under it."""
    both = task_mapping(parent=line("parent", "parent"))
    two = replace(both.entities["task"], create=Estimated())
    town = Town(tmp_path, mappings={"one": both, "two": mapping(task=two)})
    in_step(town, estimate="3")
    assert town.find("two", "Below").fields["parent"] is None

    town.edit("one", "Above", "maya", estimate="2")
    for full in (False, True, True):
        cycle(town, full=full)

    assert town.find("two", "Below").fields["parent"] == town.find("two", "Above").id


def test_what_had_no_place_is_made_once_there_is_one(tmp_path: Path) -> None:
    """A project that is only matched is made there by a person: then its tasks follow."""
    only = ContactRule(FirstContact.MATCH_ONLY)
    rules = ContactRules(
        {(name, "project"): only for name in ("one", "two")},
        ContactRule(FirstContact.MATCH_THEN_CREATE),
    )
    town = Town(tmp_path, mappings={"one": mapping()}, contact=rules)
    in_step(town)
    assert not town.worlds["two"].things

    town.worlds["two"].create("tom", "project", {"name": "Relaunch"})
    for full in (False, True):
        cycle(town, full=full)

    assert town.find("two", "Below").object == "item"


def test_a_reference_by_title_is_read_again_when_titles_may_have_changed(tmp_path: Path) -> None:
    """Where a task is named by its title, and is called otherwise now, that is held."""
    one = task_mapping(parent=line("parent", "parent"))
    two = task_mapping("notes", parent=line("parent", "notes"))
    town = Town(tmp_path, mappings={"one": one, "two": two})
    in_step(town)
    assert town.find("two", "Below").fields["notes"] == "Above"

    town.edit("one", "Above", "maya", title="Higher")
    for full in (False, False, True):
        cycle(town, full=full)

    assert held(town) == [("unreadable", "parent")]


def test_what_was_withheld_is_written_once_guests_have_left(tmp_path: Path) -> None:
    """Nothing else changed there: that nobody from outside reads it any more is enough."""
    town = TalkingTown(tmp_path, mappings={"one": mapping()}, secret=frozenset({"strategy"}))
    in_step(town)
    town.worlds["two"].talk.invite(town.find("two", "Relaunch").id)
    town.edit("one", "Relaunch", "anna", strategy="Undercut everybody")
    for full in (False, False, True):
        cycle(town, full=full)
    assert town.shown("Relaunch", "strategy")["two"] is None

    town.worlds["two"].talk.guests.clear()
    cycle(town, full=True)

    assert town.shown("Relaunch", "strategy")["two"] == "Undercut everybody"


def test_a_name_that_a_condition_asks_for_counts(tmp_path: Path) -> None:
    """A guest is called otherwise now, and a condition names them: what they are on leaves."""
    plain = task_mapping("assignees").entities["task"]
    named = mapping(task=replace(plain, when=OfTim()))
    town = Town(tmp_path, mappings={"one": named, "two": mapping()})
    users = town.worlds["one"].users
    users["guest"] = RemotePerson("u-guest", "Guest")
    in_step(town, people=["u-guest"])
    users["guest"] = replace(users["guest"], name="Tim")

    cycle(town, full=True)

    links = town.store.links("acme", [("one", "item", town.find("one", "Below").id)])
    assert [str(link.status) for link in links.values()] == ["unlinked"]


def test_what_is_as_it_was_by_a_later_page_is_not_taken_for_edited() -> None:
    """A listing that lasts tells of an edit, and then that it was put back: the last word counts."""
    pulled = Pulled("one")
    told = RemoteRecord("item", "i1", {"title": "Edited"}, as_of=None)  # type: ignore[arg-type]
    pulled.add(Page("feed", records=(told, replace(told, id="i2"))))

    pulled.add(Page("feed", same={"item": ("i1",)}, done=True))

    assert set(pulled.records) == {("item", "i2")}
    assert pulled.told["item"].cover(["i1", "i2"])
