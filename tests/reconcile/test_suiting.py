"""A mapping held against what a system has: every misfit with its cause and the way out."""

from typing import Any

import pytest
from msgspec.structs import replace

from syncer.model.entities import BUILTIN
from syncer.model.mapping import Direction, EntityMapping, FieldMapping
from syncer.model.remote import Author, Catalogue, FieldInfo, ObjectInfo, Option
from syncer.model.rules import ANYONE, Ownership, Policy, Rule, Source
from syncer.model.values import FieldType, Kind
from syncer.reconcile.authors import unsigned
from syncer.reconcile.suiting import misfits

HERE = Source("mappings/tool.yaml", 7)
MAKES = "syncer provision --yes"
BOARDS = {"b1": "Relaunch", "b2": "Film"}
VALUES = {"todo": ("To do", "Backlog"), "done": ("Done", "Done *")}
LISTS = tuple(
    Option(f"{board}{n}", name, board)
    for board in BOARDS
    for n, name in enumerate(("To do", "Done", "Done KW 12"))
)


def info(id: str, kind: Kind, name: str = "", **more: Any) -> FieldInfo:
    """A live field."""
    return FieldInfo(id, name or id, FieldType(kind), **more)


CARD = ObjectInfo(
    "card",
    (
        info("name", Kind.TEXT),
        info("due", Kind.INSTANT, author=Author.NO),
        info("done", Kind.BOOLEAN),
        info("url", Kind.TEXT, writable=False),
        info("list", Kind.ENUMERATION, options=LISTS),
        info("cf:1", Kind.NUMBER, "Hours", container="b1", custom=True),
        info("cf:2", Kind.NUMBER, "Cost", custom=True),
        info("cf:3", Kind.NUMBER, "Twice", custom=True),
        info("cf:4", Kind.NUMBER, "Twice", custom=True),
    ),
    inside="board",
)
BOARD = ObjectInfo("board", (info("name", Kind.TEXT),))


def catalogue(card: ObjectInfo = CARD, containers: Any = BOARDS) -> Catalogue:
    """Two boards and what cards have there."""
    return Catalogue({"card": card, "board": BOARD}, containers)


def line(field: str, remote: str, **more: Any) -> FieldMapping:
    """One line of a mapping."""
    return FieldMapping(field, remote, HERE, **more)


def tasks(*lines: FieldMapping, **more: Any) -> EntityMapping:
    """Tasks on cards."""
    return EntityMapping("task", "card", HERE, {one.field: one for one in lines}, **more)


def told(mapping: EntityMapping, live: Catalogue | None = None) -> list[tuple[str, str, str, bool]]:
    """Everything that does not fit."""
    found = misfits(mapping, BUILTIN[mapping.entity], live or catalogue())
    return [(one.field, one.cause, one.fix, one.fault) for one in found]


STATUS = line("status", "list", values=VALUES)


def test_what_fits_is_not_told() -> None:
    """Every field is there, of a kind that fits, and every choice is named."""
    assert [] == told(tasks(line("title", "name"), line("deadline", "due"), STATUS, create=True))


def listed(*more: str, growing: bool = False) -> Catalogue:
    """Lists of the two boards: those of the mapping but ``Done``; and more on the first one."""
    names = {"b1": ("To do", *more), "b2": ("Backlog",)}
    options = tuple(Option(f"{b}{n}", name, b) for b in names for n, name in enumerate(names[b]))
    fields = (info("list", Kind.ENUMERATION, options=options, extensible=growing),)
    return catalogue(replace(CARD, fields=fields))


@pytest.mark.parametrize(
    ("mapping", "live", "expected"),
    [
        pytest.param(
            replace(tasks(), object="kard"),
            None,
            ("", "there is no object 'kard'", f"correct it at {HERE}", True),
            id="object",
        ),
        pytest.param(
            tasks(line("title", "nmae")),
            None,
            (
                "title",
                "there is no field 'nmae' on any board",
                f"correct the name at {HERE} (did you mean 'name'?); or `{MAKES}` may make it",
                True,
            ),
            id="field",
        ),
        pytest.param(
            tasks(line("estimate", "Hours", custom=True)),
            None,
            (
                "estimate",
                "there is no custom field 'Hours' on 1 of 2 boards: 'Film'",
                f"`{MAKES}` makes it there as well",
                True,
            ),
            id="field-of-one-board",
        ),
        pytest.param(
            tasks(line("estimate", "Twice", custom=True)),
            None,
            (
                "estimate",
                "several fields are called 'Twice' on any board",
                f"rename all but one, or name the id of one at {HERE}",
                True,
            ),
            id="name-of-two-fields",
        ),
        pytest.param(
            tasks(line("deadline", "done")),
            None,
            (
                "deadline",
                "'done' holds a boolean, and deadline is a when",
                f"name another field at {HERE}",
                True,
            ),
            id="type",
        ),
        pytest.param(
            tasks(line("title", "url")),
            None,
            ("title", "'url' cannot be written", f"write `direction: pull` at {HERE}", True),
            id="not-writable",
        ),
        pytest.param(
            tasks(STATUS),
            listed(),
            (
                "status",
                "'list' lacks 'Done'",
                f"add it there, or correct the name at {HERE}; or `{MAKES}`",
                True,
            ),
            id="option-lacking",
        ),
        pytest.param(
            tasks(STATUS),
            listed(growing=True),
            (
                "status",
                "'list' lacks 'Done'",
                f"made when first written; else correct the name at {HERE}",
                False,
            ),
            id="option-to-be-made",
        ),
        pytest.param(
            tasks(line("status", "list", values={"todo": ("To do", "Backlog")})),
            listed("Ideas"),
            (
                "status",
                "'list' also has 'Ideas' (1 of 2 boards: 'Relaunch'): what is there is held",
                f"name it under `values` at {HERE}",
                False,
            ),
            id="option-not-named",
        ),
        pytest.param(
            tasks(create=True),
            catalogue(replace(CARD, creatable=False)),
            (
                "",
                "no new card can be made in this scope",
                f"let the client's scope name where, or write `create: never` at {HERE}",
                True,
            ),
            id="not-creatable",
        ),
        pytest.param(
            tasks(),
            catalogue(replace(CARD, archivable=False)),
            (
                "",
                "a card cannot be archived there",
                f"name a section or field at {HERE}: `archive: {{section: Archived}}`",
                True,
            ),
            id="not-archivable",
        ),
        pytest.param(
            tasks(archive={"field": "list", "option": "Attic"}),
            None,
            (
                "",
                "'list' has no 'Attic' to archive by on any board",
                f"add it, or correct `archive:` at {HERE}",
                True,
            ),
            id="archive-option",
        ),
        pytest.param(
            tasks(archive={"field": "lane", "option": "Attic"}),
            None,
            (
                "",
                "there is no field 'lane' to archive by on any board",
                f"correct `archive:` at {HERE}",
                True,
            ),
            id="archive-field",
        ),
        pytest.param(
            tasks(container="Pipeline"),
            None,
            (
                "",
                "0 containers in scope are called 'Pipeline'; there are: Film, Relaunch",
                f"correct the name at {HERE}, or let the client's scope hold it",
                True,
            ),
            id="container",
        ),
        pytest.param(
            tasks(line("estimate", "Hours", custom=True)),
            catalogue(containers={}),
            (
                "",
                "there is no board in scope to compare with",
                "nothing need be done if the first board is still to come",
                False,
            ),
            id="nothing-there-yet",
        ),
    ],
)
def test_what_does_not_fit(
    mapping: EntityMapping, live: Catalogue | None, expected: tuple[str, str, str, bool]
) -> None:
    """It is told once, with what to change and where, and nothing beside it."""
    assert [expected] == told(mapping, live)


@pytest.mark.parametrize(
    "fine",
    [
        pytest.param(line("title", "url", direction=Direction.PULL), id="read-only-pulled"),
        pytest.param(line("estimate", "Cost", custom=True), id="number"),
        pytest.param(line("status", "name", values=VALUES), id="text-for-choices"),
        pytest.param(line("status", "list", values=VALUES, otherwise="keep"), id="kept"),
    ],
)
def test_what_works_is_no_fault(fine: FieldMapping) -> None:
    """Ways of mapping that a tool can bear."""
    assert [] == told(tasks(fine))


def test_only_the_named_board_counts() -> None:
    """Where a mapping names its container, the others in scope are not looked at."""
    mapping = tasks(line("estimate", "Hours", custom=True), container="Relaunch")

    assert [] == told(mapping)


def test_money_needs_a_currency() -> None:
    """A plain number that is to be money says in which; with one it fits."""
    deal = ObjectInfo("deal", (info("amount", Kind.NUMBER),))
    live = Catalogue({"deal": deal})

    def price(**more: Any) -> EntityMapping:
        return EntityMapping("project", "deal", HERE, {"price": line("price", "amount", **more)})

    assert [("price", "'amount' is a number without a currency")] == [
        each[:2] for each in told(price(), live)
    ]
    assert [] == told(price(currency="EUR"), live)


def test_a_first_project_brings_its_fields() -> None:
    """Custom fields of the container itself are made with it: none is lacking before."""
    mapping = EntityMapping(
        "project", "board", HERE, {"brief": line("brief", "Brief", custom=True)}
    )

    assert [] == told(mapping, catalogue(containers={}))
    assert ["brief"] == [field for field, *_ in told(mapping)]


def test_an_owned_field_whose_author_nobody_tells() -> None:
    """It is found with its rule; one that is shared, or only written, is not."""
    mapping = tasks(line("deadline", "due"), line("title", "name"))
    owned = Rule("task", "deadline", HERE, ("producer",), {ANYONE: Policy.PROPOSE})
    ownership = Ownership({}, {("task", "deadline"): owned})
    pushed = tasks(line("deadline", "due", direction=Direction.PUSH))

    assert [("due", owned)] == [
        (one.remote, rule) for one, rule in unsigned(mapping, catalogue().objects, ownership)
    ]
    assert [] == list(unsigned(pushed, catalogue().objects, ownership))
    assert [] == list(unsigned(mapping, {}, ownership))
