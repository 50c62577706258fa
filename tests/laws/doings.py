"""What people do: a rule a deed."""

from functools import partial
from typing import Any

from hypothesis import strategies as st

from adapters.memory import World
from syncer.model.entities import ARCHIVED, PRESENT
from tests.laws.base import Base, called, deed, numbers, people, pick, places, present

words = st.sampled_from(("short", "a much longer text", "x"))
days = st.integers(10, 28).map(lambda day: f"2027-01-{day}")


def labels(names: list[str]) -> list[dict[str, str]]:
    """Labels by name."""
    return [{"name": name} for name in names]


task_changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda day: {"due": day}, days),
    st.builds(
        lambda day, h, s: {"due": f"{day}T{h}:30:{s}.000Z"},
        days,
        st.integers(10, 18),
        st.sampled_from(("00", "27")),
    ),
    st.just({"due": None}),
    st.sampled_from(("Low", "Medium", "High")).map(lambda name: {"priority": {"name": name}}),
    st.sampled_from(("To do", "Doing", "Review", "Done")).map(lambda n: {"list": {"name": n}}),
    st.builds(lambda word, number: {"notes": f"{word} {number}"}, words, numbers),
    st.builds(lambda word, number: {"notes": f" {word} {number}  "}, words, numbers),
    st.lists(st.sampled_from(("u-maya", "u-tom", "u-ben")), max_size=2, unique=True).map(
        lambda who: {"people": sorted(who)}
    ),
    st.lists(st.sampled_from(("red", "green", "blue")), max_size=2, unique=True).map(
        lambda names: {"labels": labels(names)}
    ),
    st.sampled_from(("1", "2", "2.5", "7.25")).map(lambda number: {"estimate": number}),
)
several = st.builds(lambda a, b: {**a, **b}, task_changes, task_changes)
project_changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    numbers.map(lambda n: {"strategy": f"plan {n}"}),
    numbers.map(lambda n: {"brief": f"brief {n}"}),
    numbers.map(lambda n: {"deadline": f"2027-02-1{n}"}),
    st.sampled_from(("Planned", "Active", "Done")).map(lambda name: {"status": {"name": name}}),
    numbers.map(lambda n: {"price": {"amount": str(100 + n), "currency": "EUR"}}),
)


def fitting(world: World, change: dict[str, Any]) -> dict[str, Any]:
    """The change as people of this tool would make it: one assignee, an instant for a day."""
    made = dict(change)
    if world.quirks.single_person and "people" in made:
        made["people"] = made["people"][0] if made["people"] else None
    for name in ("due", "deadline"):
        if world.quirks.finest == "instant" and len(made.get(name) or "") == len("2027-01-01"):
            made[name] = f"{made[name]}T16:00:00.000Z"
    return made


class Doings(Base):
    """People act in any tool."""

    @deed(who=people, place=places, number=numbers, change=task_changes)
    def edit(self, who: str, place: int, number: int, change: dict[str, Any]) -> None:
        """Somebody changes one field of a task."""
        self.each(place, lambda world: self.change(world, who, number, change))

    @deed(who=people, place=places, number=numbers, change=several)
    def edit_several(self, who: str, place: int, number: int, change: dict[str, Any]) -> None:
        """Somebody changes two fields of a task at once."""
        self.each(place, lambda world: self.change(world, who, number, change))

    @deed(
        who=people,
        other=people,
        place=places,
        elsewhere=places,
        number=numbers,
        change=task_changes,
        then=task_changes,
    )
    def edit_the_same(
        self,
        who: str,
        other: str,
        place: int,
        elsewhere: int,
        number: int,
        change: dict[str, Any],
        then: dict[str, Any],
    ) -> None:
        """Two people change the same task, perhaps in two tools, before anybody looks."""
        field = next(iter(change))
        again = then if field in then else change
        self.each(place, lambda world: self.change(world, who, number, change))
        self.each(elsewhere, lambda world: self.change(world, other, number, again))

    @deed(who=people, place=places, number=numbers, change=project_changes)
    def edit_project(self, who: str, place: int, number: int, change: dict[str, Any]) -> None:
        """Somebody changes a project."""
        self.each(place, lambda world: self.change(world, who, number, change, "project"))

    @deed(number=numbers, day=days, then=days)
    def move_the_day(self, number: int, day: str, then: str) -> None:
        """A deadline has a time of day, and is put off where only days are shown."""
        tools = enumerate(self.setting.tools)
        coarse = {place: tool.quirks.finest == "day" for place, tool in tools}
        for only_days, due in ((False, f"{day}T15:30:00.000Z"), (True, then)):
            place = next((place for place, found in coarse.items() if found is only_days), None)
            if place is not None:
                change = {"due": due}
                self.each(place, partial(self.change, who="maya", number=number, change=change))
                self.pass_time(45)
                self.cycle()

    def change(
        self, world: World, who: str, number: int, change: dict[str, Any], object: str = "item"
    ) -> None:
        """An edit by hand."""
        thing = pick(present(world, object), number)
        if thing is not None:
            world.change(who, thing.id, fitting(world, change))

    @deed(who=people, place=places, number=numbers, day=st.one_of(st.none(), days))
    def create(self, who: str, place: int, number: int, day: str | None) -> None:
        """Somebody makes a task."""
        self.made += 1
        self.each(place, lambda world: self.task(world, who, number, self.made, {"due": day}))

    @deed(who=people, place=places, elsewhere=places, number=numbers, day=days, change=task_changes)
    def create_twice(
        self,
        who: str,
        place: int,
        elsewhere: int,
        number: int,
        day: str,
        change: dict[str, Any],
    ) -> None:
        """Two people make the same task in two tools, and differ about it."""
        self.made += 1
        number_made, tools = self.made + 500, len(self.setting.tools)
        self.each(place, lambda world: self.task(world, who, number, number_made, {"due": day}))
        if place % tools != elsewhere % tools:
            self.each(elsewhere, lambda world: self.task(world, "tom", number, number_made, change))

    def task(self, world: World, who: str, number: int, made: int, fields: dict[str, Any]) -> None:
        """A task whose title begins with a number of its own."""
        project = pick(present(world, "project"), number)
        if project is not None:
            title = f"{made} {'abcdefghijklmnopqrstuvwxyz'[made % 26] * 9}"
            world.create(who, "item", {"title": title, **fitting(world, fields)}, project.id)

    @deed(who=people, place=places, number=numbers)
    def retitle(self, who: str, place: int, number: int) -> None:
        """Somebody words a title otherwise; its number stays."""

        def act(world: World) -> None:
            thing = pick(present(world, "item"), number)
            if thing is not None:
                first = called(thing).split()[0]
                world.change(who, thing.id, {"title": f"{first} renamed {number}"})

        self.each(place, act)

    @deed(who=people, place=places, number=numbers)
    def archive(self, who: str, place: int, number: int) -> None:
        """Somebody archives a task."""
        self._exist(who, place, number, PRESENT, ARCHIVED)

    @deed(who=people, place=places, number=numbers)
    def restore(self, who: str, place: int, number: int) -> None:
        """Somebody brings a task back."""
        self._exist(who, place, number, ARCHIVED, PRESENT)

    @deed(who=people, place=places, number=numbers)
    def delete(self, who: str, place: int, number: int) -> None:
        """Somebody deletes a task."""
        self._exist(who, place, number, PRESENT, "deleted")

    def _exist(self, who: str, place: int, number: int, was: str, wanted: str) -> None:
        def act(world: World) -> None:
            thing = pick(present(world, "item", was), number)
            if thing is not None:
                world.exist(who, thing.id, wanted)

        self.each(place, act)

    @deed(who=people, place=places, number=numbers, to=numbers)
    def move(self, who: str, place: int, number: int, to: int) -> None:
        """Somebody moves a task into another project."""

        def act(world: World) -> None:
            thing, project = (
                pick(present(world, "item"), number),
                pick(present(world, "project"), to),
            )
            if thing is not None and project is not None:
                world.change(who, thing.id, {"project": project.id})

        self.each(place, act)

    @deed(who=people, place=places, to=numbers)
    def merge(self, who: str, place: int, to: int) -> None:
        """Somebody makes one project out of two: one id lives on, the other is gone."""

        def act(world: World) -> None:
            found = present(world, "project")
            if len(found) > 1:
                kept = pick(found, to)
                lost = next(each for each in found if each is not kept)
                world.merge(who, kept.id, lost.id)

        self.each(place, act)
