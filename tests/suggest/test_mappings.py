"""How mappings fit what a tool has."""

from typing import Any

import pytest

from syncer.model.entities import BUILTIN
from syncer.model.remote import Catalogue, FieldInfo, ObjectInfo, Option
from syncer.model.values import FieldType, Kind
from syncer.suggest.mappings import FieldIdea, fields, fit, lines, options

STATUS = {
    "field": "list",
    "values": {
        "todo": ["To do", "Backlog"],
        "doing": "Doing",
        "review": "Review",
        "done": "Done KW*",
    },
    "otherwise": "hold",
}
BIG: dict[str, Any] = {
    "task": {
        "object": "card",
        "fields": {"title": "name", "status": STATUS, "estimate": {"custom_field": "Hours"}},
    }
}
SMALL: dict[str, Any] = {
    "project": {"object": "card", "board": "Pipeline", "fields": {"name": "name"}}
}


def card(*lists: str, custom: tuple[FieldInfo, ...] = (), board: str = "Site") -> Catalogue:
    choices = tuple(Option(name, name) for name in lists)
    info = ObjectInfo(
        "card",
        (
            FieldInfo("name", "name", FieldType(Kind.TEXT)),
            FieldInfo("list", "list", FieldType(Kind.ENUMERATION), choices),
            *custom,
        ),
    )
    return Catalogue({"card": info}, {"b": board})


def number(name: str) -> FieldInfo:
    return FieldInfo(f"cf:{name}", name, FieldType(Kind.NUMBER), custom=True)


def found(*custom: FieldInfo) -> FieldIdea:
    known = lines(BIG, BUILTIN)
    return next(f for f in fields(known, [card(custom=custom)]) if f.line.field == "estimate")


@pytest.mark.parametrize(
    ("name", "value", "sure"),
    [
        ("To Do", None, None),
        ("Done KW 12", None, None),
        ("In Bearbeitung", "doing", True),
        ("Erledigt", "done", True),
        ("À faire", "todo", True),
        ("Zur Freigabe", "review", True),
        ("Work in progres", "doing", True),
        ("1. To do", "todo", True),
        ("DONE! 🙌🏽", "done", True),
        ("Backlogg 2", "todo", False),
        ("Ideas", None, False),
    ],
    ids=[
        "named",
        "by a star",
        "german",
        "german done",
        "french",
        "german review",
        "slip",
        "numbered",
        "adorned",
        "like it",
        "no idea",
    ],
)
def test_lists_mean_our_values(name: str, value: str | None, sure: bool | None) -> None:
    """What the mapping names is left alone; known words are sure; the rest is asked about."""
    told = [(o.value, o.sure) for o in options(lines(BIG, BUILTIN), [card(name)])]

    assert told == ([] if sure is None else [(value, sure)])


def test_an_option_is_asked_about_once() -> None:
    """However many boards have it."""
    assert len(list(options(lines(BIG, BUILTIN), [card("Ideas"), card("Ideas")]))) == 1


def test_a_word_of_two_values_is_unsure() -> None:
    """What may mean either is not chosen from."""
    both = {
        "project": {
            "object": "card",
            "fields": {
                "status": {
                    "field": "list",
                    "values": {"active": "Active", "planned": "Planned"},
                    "otherwise": "hold",
                }
            },
        }
    }
    twice = {
        "project": {
            "object": "card",
            "fields": {
                "status": {
                    "field": "list",
                    "values": {"doing": "Doing", "active": "Active"},
                    "otherwise": "hold",
                }
            },
        }
    }

    assert [o.value for o in options(lines(both, BUILTIN), [card("In progress")])] == ["active"]
    assert [o.value for o in options(lines(twice, BUILTIN), [card("In progress")])] == [None]


def test_fields_are_found_by_name_and_type() -> None:
    """The line's own; else a word for it, with a score; else nothing: never of another kind."""
    assert found(number("Hours")) == FieldIdea(found().line, "Hours", 1.0)
    assert (found(number("Aufwand")).found, found(number("Aufwand")).sure) == ("Aufwand", True)
    assert (found(number("Hours left")).found, found(number("Hours left")).sure) == (
        "Hours left",
        False,
    )
    assert found(number("Budget")).found is None
    text = FieldInfo("cf:1", "Stunden", FieldType(Kind.TEXT), custom=True)
    assert found(text).found is None


def test_a_built_in_field_is_never_chosen() -> None:
    """What a tool calls nearly the same by itself means something of its own."""
    line = {"project": {"object": "deal", "fields": {"deadline": "deadline"}}}
    close = FieldInfo("dead_line", "Dead line", FieldType(Kind.DATE))
    catalogue = Catalogue({"deal": ObjectInfo("deal", (close,))})
    [idea] = fields(lines(line, BUILTIN), [catalogue])

    assert idea.found == "Dead line"
    assert not idea.sure


def test_a_variant_fits_where_its_board_is() -> None:
    """A variant with a board of its own is nothing where there is no such board."""
    assert fit(SMALL, BUILTIN, card()) == 0.0
    assert fit(SMALL, BUILTIN, card(board="pipeline")) == 1.0
    assert fit(BIG, BUILTIN, card()) == 0.67
