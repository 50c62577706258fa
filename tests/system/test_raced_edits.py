"""People who edit between our read and our write, or right after it, in each tool.

A table: fields of each tool, and what people do at the exact moment when the service's own write
has arrived and is not handled yet (`before`), or is handled and not answered yet (`after`). Each
cell has a record of its own; all of them meet in one cycle. Afterwards every edit is in the
journal with its editor and its whole value, ownership has been applied to it, both tools show
the same, and nothing is left to write.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from syncer.model.records import JournalEntry, Link
from syncer.model.remote import Raw
from syncer.model.report import CycleResult
from syncer.model.values import Json
from tests.system.corner import (
    Corner,
    Hand,
    corner_world,
    hurried,
    many_projects,
    many_tasks,
)

Policy = Literal["propose", "notify", "latest", "union", "revert"]


@dataclass(frozen=True)
class Said:
    """One value as the raced tool shows it, as the other one does, and as we keep it."""

    here: Raw
    there: Raw
    kept: Json


@dataclass(frozen=True)
class Row:
    """A field of a tool: what the service writes there, and what people make of it meanwhile.

    ``theirs`` and ``third`` are people's values; for sets (``union``, members) they are what is
    shown if they come on top of ours. ``request`` is the first one that the write sends, ``last``
    the one that sets this field, if that is another. ``anonymous``: the tool does not say who;
    ``silent``: who, but not what the value was before somebody else's.
    """

    system: str
    here: str
    request: tuple[str, str]
    source: str
    there: str
    name: str
    ours: Said
    theirs: Said
    third: Said
    policy: Policy
    entity: str = "task"
    editor: str = "maya"
    owner: str = "tom"
    other: str = "anna"
    beside: tuple[str, Raw, str, Json] = ("", None, "", None)
    added: Mapping[str, Raw] = field(default_factory=dict)
    anonymous: bool = False
    last: tuple[str, str] = ("", "")
    silent: bool = False
    without: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How its records are called."""
        return f"{self.system} {self.here}"


Deeds = tuple[tuple[str, str], ...]
"""Who (``owner``, ``other``) makes it which value (``ours``, ``theirs``, ``third``, ``beside``)."""

SCENES: Mapping[str, tuple[Literal["before", "after"], Deeds]] = {
    "an owner": ("before", (("owner", "theirs"),)),
    "somebody else": ("before", (("other", "theirs"),)),
    "two people": ("before", (("other", "theirs"), ("owner", "third"))),
    "our value": ("before", (("other", "ours"),)),
    "another field": ("before", (("editor", "beside"),)),
    "an owner right after": ("after", (("owner", "theirs"),)),
    "somebody else right after": ("after", (("other", "theirs"),)),
}


def same(value: Raw) -> Said:
    """Shown alike everywhere."""
    kept = value
    return Said(value, value, kept)


def day(text: str) -> Said:
    """A day in Trello, where a time stands for it, and elsewhere."""
    return Said(f"{text}T17:00:00.000Z", text, text)


def turned(said: Said) -> Said:
    """The same value, raced in the other tool."""
    return Said(said.there, said.here, said.kept)


def people(*names: str) -> Said:
    """People on a card; a task has the first of them only."""
    return Said(sorted(names), names[0], sorted(names))


def euros(amount: str) -> Said:
    """Money."""
    return same({"amount": amount, "currency": "EUR"})


CARD, ITEMS = r"^/1/cards/{id}$", r"^/1/cards/{id}/customFields$"
MEMBERS, LABELS = r"^/1/cards/{id}/idMembers", r"^/1/cards/{id}/idLabels"
ASANA, INTO = r"/tasks/{id}$", r"/sections/\d+/addTask$"
TITLE = ("name", "{title} (new)", "title", "{title} (new)")
DUE = (day("2026-11-10"), day("2026-11-20"), day("2026-11-25"))
HOURS = (same("3"), same("5"), same("7"))
TEXTS = (same("Four page types"), same("Six page types"), same("Seven page types"))
STAGES = tuple(Said(name, name, name.lower()) for name in ("Doing", "Review", "Done"))
PLANS = (same("Bread first"), same("Cake first"), same("Honey first"))

ROWS = (
    Row("trello", "due", ("PUT", CARD), "asana", "due", "deadline", *DUE, "propose", beside=TITLE),
    Row("trello", "list", ("PUT", CARD), "asana", "section", "status", *STAGES, "notify"),
    Row("trello", "Hours", ("PUT", ITEMS), "asana", "Hours", "estimate", *HOURS, "propose"),
    Row("trello", "desc", ("PUT", CARD), "asana", "notes", "notes", *TEXTS, "latest"),
    Row(
        "trello", "labels", ("POST", LABELS), "asana", "tags", "labels",
        same(["Concept", "Design"]), same(["Build", "Concept", "Design"]),
        same(["Build", "Concept", "Design", "Else"]), "union",
        added={"ours": ["Design"], "theirs": ["Build"], "third": ["Else"]}, anonymous=True,
    ),
    Row(
        "trello", "members", ("POST", MEMBERS), "asana", "assignee", "assignees",
        people("tom"), people("tom", "ben"), people("tom", "ben"), "propose",
        added={"ours": ["tom"], "theirs": ["ben"], "third": ["ben"]}, without=("two people",),
    ),
    Row(
        "asana", "due", ("PUT", ASANA), "trello", "due", "deadline",
        *map(turned, DUE), "propose", beside=TITLE,
    ),
    # Where a task is moved to stands in no path: the look before the write comes right before.
    Row("asana", "section", ("GET", ASANA), "trello", "list", "status", *STAGES, "notify", last=("PUT", ASANA)),
    Row("asana", "Hours", ("PUT", ASANA), "trello", "Hours", "estimate", *HOURS, "propose"),
    Row(
        "asana", "notes", ("GET", ASANA), "trello", "desc", "notes", *TEXTS, "latest",
        anonymous=True, last=("PUT", ASANA),
    ),
    Row(
        "asana", "tags", ("POST", r"/tasks/{id}/addTag$"), "trello", "labels", "labels",
        same(["Concept", "Design"]), same(["Build", "Concept", "Design"]),
        same(["Build", "Concept", "Design", "Else"]), "union",
        added={"ours": ["Design"], "theirs": ["Build"], "third": ["Else"]}, anonymous=True,
    ),
    Row(
        "hubspot", "project_deadline", ("POST", r"/deals/batch/update$"), "asana", "due", "deadline",
        *(same(one.kept) for one in DUE), "propose", "project",
        beside=("budget_hours", "300", "budget_hours", "300"),
    ),
    Row(
        "hubspot", "project_strategy", ("POST", r"/deals/batch/update$"), "asana", "Strategy",
        "strategy", *PLANS, "propose", "project", "anna", "ben", "maya",
    ),
    Row(
        "hubspot", "amount", ("POST", r"/deals/batch/update$"), "asana", "Price", "price",
        euros("19000"), euros("17000"), euros("21000"), "revert", "project", "anna", "ben", "maya",
    ),
    Row(
        "trello", "desc", ("PUT", r"^/1/boards/{id}$"), "hubspot", "project_brief", "brief",
        *TEXTS, "propose", "project", "anna", "ben", "maya",
    ),
    Row(
        "asana", "Goals", ("GET", r"/projects/{id}$"), "hubspot", "project_goals", "goals",
        *PLANS, "propose", "project", "anna", "ben", "maya",
        last=("PUT", r"/projects/{id}$"), silent=True,
    ),
)  # fmt: skip


def title_of(row: Row, scene: str) -> str:
    """The record of a cell: rows of one tool share it, a field each."""
    return f"{row.system} {row.entity}: {scene}"


@dataclass
class Day:
    """The agency after everything happened."""

    corner: Corner
    hand: Hand
    links: dict[str, dict[str, Link]]
    records: dict[str, str]
    journal: list[JournalEntry] = field(default_factory=list)

    def said(self, system: str, title: str, name: str) -> Raw:
        """What a twin shows in a field in the end."""
        return self.hand.said(system, self.links[title][system], name)


CELLS = [
    (row, scene)
    for row in ROWS
    for scene in SCENES
    if (scene != "another field" or row.beside[0]) and scene not in row.without
]


def raced(corner: Corner) -> Day:
    """The editors write in one tool; in the middle of our cycle people write in the other."""
    places = corner.places()
    links = {title: links for title, (_, links) in places.items()}
    found = Day(corner, Hand(corner), links, {title: id for title, (id, _) in places.items()})
    for row, scene in CELLS:
        link = links[title_of(row, scene)][row.source]
        ours = row.added["ours"] if row.policy == "union" else row.ours.there
        found.hand.edit(row.source, row.editor, link, row.there, ours, add=row.policy == "union")
    for row, scene in CELLS:
        _arrange(found, row, scene)
    corner.cycle()
    waiting = [one for r in corner.running.values() for one in r.desk.moments.waiting]
    assert not waiting, f"{len(waiting)} people had no moment: {waiting[:3]}"
    for _ in range(2):
        corner.cycle()
    found.journal = corner.store.journal("bakery", limit=None)
    return found


def _arrange(day: Day, row: Row, scene: str) -> None:
    when, deeds = SCENES[scene]
    title = title_of(row, scene)
    link = day.links[title][row.system]
    method, path = row.last if when == "after" and row.last[0] else row.request
    people = {"owner": row.owner, "other": row.other, "editor": row.editor}

    def happen() -> None:
        for who, what in deeds:
            name, said = row.here, row.added.get(what) or getattr(row, what)
            if what == "beside":
                name, said = row.beside[0], str(row.beside[1]).format(title=title)
            said = said.here if isinstance(said, Said) else said
            add = isinstance(said, list)
            day.hand.edit(row.system, people[who], link, name, said, add=add)

    place = path.replace("{id}", link.remote_id)
    day.corner.running[row.system].at(when, happen, method=method, path=place, user="syncer")


@pytest.fixture(scope="module")
def day_of_races(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """All cells at once."""
    titles = {title_of(row, scene): row.entity for row, scene in CELLS}
    world = corner_world(
        many_tasks(t for t, entity in titles.items() if entity == "task"),
        many_projects(t for t, entity in titles.items() if entity == "project"),
    )
    limits = {"limits": {"update_share": 1.0}}
    with pytest.MonkeyPatch.context() as patch:
        hurried(patch)
        with Corner(tmp_path_factory.mktemp("races"), world=world, sync=limits) as corner:
            corner.in_step()
            day = raced(corner)
            yield day
            day.hand.close()


def expected(row: Row, scene: str) -> Said:
    """Whose value stands in the end."""
    if scene in ("our value", "another field"):
        return row.ours
    if scene in ("an owner", "an owner right after"):
        return row.theirs
    if scene == "two people":
        return row.third
    return row.ours if row.policy in ("propose", "revert") else row.theirs


@pytest.mark.parametrize(("row", "scene"), CELLS, ids=lambda one: str(getattr(one, "key", one)))
def test_a_raced_edit_is_judged_like_any_other(day_of_races: Day, row: Row, scene: str) -> None:
    """Their edit is in the journal, ownership is applied to it, and both tools show the same."""
    day, title = day_of_races, title_of(row, scene)
    wanted = expected(row, scene)

    missing = _missing(day, row, scene)
    assert not missing, "; ".join(missing)
    assert day.said(row.system, title, row.here) == wanted.here
    assert day.said(row.source, title, row.there) == wanted.there
    place = (day.records[title], row.name)
    proposals = [p for p in day.corner.store.proposals("bakery") if (p.record, p.field) == place]
    proposed = row.policy == "propose" and scene in ("somebody else", "somebody else right after")
    assert [p.proposer for p in proposals] == [row.other] * proposed


def _missing(day: Day, row: Row, scene: str) -> list[str]:
    """Edits of people that the journal has not got in full."""
    record = day.records[title_of(row, scene)]
    told = [
        (e.editor, e.field, e.new)
        for e in day.journal
        if (e.kind, e.record, e.connection) == ("edit", record, row.system)
    ]
    if row.anonymous:
        # At best the last editor is told, and not that there were two: the whole stands there once.
        whole = (row.name, expected(row, scene).kept)
        known = {"somebody unknown", *(editor for editor, _, _ in [*_wanted(row, scene)][-1:])}
        found = scene == "our value" or any((f, v) == whole and w in known for w, f, v in told)
        return [] if found else [f"{whole} is not in {told}"]
    return [
        f"{editor} made {name} {kept!r}; the journal has {told}"
        for editor, name, kept in _wanted(row, scene)
        if not any(
            who in (editor, "somebody unknown") and (f, v) == (name, kept) for who, f, v in told
        )
    ]


def _wanted(row: Row, scene: str) -> Iterator[tuple[str, str, Json]]:
    people = {"owner": row.owner, "other": row.other, "editor": row.editor}
    for who, what in SCENES[scene][1]:
        if row.silent and (who, what) != SCENES[scene][1][-1]:
            yield people[who], row.name, None
        elif what == "beside":
            kept = str(row.beside[3]).format(title=title_of(row, scene))
            yield people[who], row.beside[2], kept
        else:
            yield people[who], row.name, getattr(row, what).kept


def test_the_cycle_after_the_races_writes_nothing(
    day_of_races: Day, record_property: Callable[[str, object], None]
) -> None:
    """All is said and done: also a full compare finds nothing to write."""
    corner = day_of_races.corner
    corner.forget()
    (report,) = corner.run(full=True)

    assert report.result is CycleResult.DONE, report
    assert report.plan is not None
    assert report.plan.actions == ()
    assert {name: made for name, made in corner.writes().items() if made} == {}
    assert corner.open_intents() == []
    problems = [problem for running in corner.running.values() for problem in running.problems]
    assert not problems, "\n".join(problems)
    record_property("figure", f"raced edits: {len(CELLS)} cells, {len(ROWS)} fields in 3 vendors")
