"""Figures: replaced by their days, read in order, added up by the database itself."""

import sqlite3
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text

from syncer.model.measures import Figure, Flag, Grain
from syncer.state import Store
from tests.state import strategies as some
from tests.state.made import at

MONDAY = date(2026, 3, 2)


def figure(metric: str = "sessions", value: str | None = "40", day: int = 0, **told: Any) -> Figure:
    """Sessions of the bakery's site, so many days after a Monday."""
    given: dict[str, Any] = {
        "connection": "analytics",
        "property": "412345678",
        "project": "",
        "report": "goals",
        "grain": Grain.DAY,
        "day": MONDAY + timedelta(days=day),
        "metric": metric,
        "value": None if value is None else Decimal(value),
        "read_at": at(0),
    }
    return Figure(**(given | told))


def put(store: Store, figures: Sequence[Figure], **told: Any) -> bool:
    """Let these be the figures of a week from Monday on, of the bakery's site itself."""
    place: dict[str, Any] = {
        "client": "bakery",
        "connection": "analytics",
        "property": "412345678",
        "project": "",
        "report": "goals",
        "grain": Grain.DAY,
        "since": MONDAY,
        "until": MONDAY + timedelta(days=6),
    }
    with store.transaction() as tx:
        return tx.replace_figures(**(place | told), figures=figures)


def test_figures_are_replaced_by_their_days(store: Store) -> None:
    """What the new answer lacks is gone, what it has is there once, other days stay."""
    put(store, [figure(day=day) for day in range(7)])

    later = [figure(value="41", day=5), figure("keyEvents", "2", day=6)]
    moved = put(store, later, since=MONDAY + timedelta(days=5))

    assert moved
    assert [figure(day=day) for day in range(5)] + later == list(store.figures("bakery"))


def test_the_same_answer_again_writes_nothing(store: Store) -> None:
    """Asked again and told the same, nothing is written: the time of reading stays too."""
    first = [figure(day=day, value="0.10", currency="EUR") for day in range(3)]
    assert put(store, first)

    again = [replace(one, read_at=at(60), value=Decimal("0.1")) for one in first]

    assert not put(store, again)
    assert {at(0)} == {one.read_at for one in store.figures("bakery")}


@pytest.mark.parametrize(
    "change",
    [
        {"value": Decimal("41")},
        {"value": None},
        {"currency": "USD"},
        {"flags": frozenset({Flag.SAMPLED})},
        {"metric": "users"},
        {"dimensions": {"channel": "Email"}},
        {"day": MONDAY + timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_moves_is_told(store: Store, change: dict[str, Any]) -> None:
    """A value, its flags, its currency or what it is about: any of them is a move."""
    put(store, [figure()])

    assert put(store, [replace(figure(), **change)])
    assert [replace(figure(), **change)] == list(store.figures("bakery"))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"client": "outdoor"},
        {"connection": "other"},
        {"property": "1"},
        {"project": "Relaunch"},
        {"report": "channels"},
        {"grain": Grain.MONTH},
    ],
    ids=lambda elsewhere: next(iter(elsewhere)),
)
def test_only_this_place_is_replaced(store: Store, elsewhere: dict[str, Any]) -> None:
    """Another client, connection, property, slice, report or grain keeps its figures."""
    told = {name: value for name, value in elsewhere.items() if name != "client"}
    put(store, [figure(value="7", **told)], **elsewhere)
    put(store, [figure()])

    assert put(store, [])
    left = [*store.figures("bakery"), *store.figures("outdoor")]
    assert [figure(value="7", **told)] == left


def test_a_figure_of_another_place_is_refused(store: Store) -> None:
    """It would stay for ever, as no later answer would replace it; nothing is kept."""
    for wrong in (figure(project="Relaunch"), figure(day=7), figure(value="NaN")):
        with pytest.raises(ValueError, match=r"figure of|finite"):
            put(store, [figure(), wrong])

    assert [] == list(store.figures("bakery"))


def test_the_later_of_two_of_one_thing_counts(store: Store) -> None:
    """A vendor that tells a row twice neither doubles it nor stops the cycle."""
    put(store, [figure(value="1"), figure(value="2")])

    assert [figure(value="2")] == list(store.figures("bakery"))


def test_figures_are_read_in_order(store: Store) -> None:
    """By report, day and place, however they were written; filters narrow it."""
    channels = [
        figure(day=day, report="channels", dimensions={"channel": name})
        for day in (0, 1)
        for name in ("Direct", "Email")
    ]
    goals = [figure(name, day=day) for day in (0, 1, 2) for name in ("keyEvents", "sessions")]
    project = figure(project="Relaunch", day=1)
    put(store, list(reversed(channels)), report="channels")
    put(store, [project], project="Relaunch")
    put(store, list(reversed(goals)))

    assert [*channels, *goals[:4], project, *goals[4:]] == list(store.figures("bakery"))
    assert channels == list(store.figures("bakery", report="channels"))
    assert [project] == list(store.figures("bakery", project="Relaunch"))
    assert goals == list(store.figures("bakery", project="", report="goals"))
    assert [] == list(store.figures("bakery", connection="other"))
    tuesday = MONDAY + timedelta(days=1)
    found = store.figures("bakery", report="goals", project="", since=tuesday, until=tuesday)
    assert goals[2:4] == list(found)


def test_many_figures_are_read_in_pages(store: Store) -> None:
    """Each comes once and in order, also where one day fills more than a page."""
    many = [
        figure(value=str(number), day=number % 2, dimensions={"page": f"/{number:04}"})
        for number in range(1501)
    ]
    put(store, many)

    assert sorted(many, key=lambda one: (one.day, one.dimensions["page"])) == list(
        store.figures("bakery")
    )


def test_old_figures_are_forgotten(store: Store) -> None:
    """Those before a day, of this client alone."""
    put(store, [figure(day=day) for day in range(3)])
    put(store, [figure()], client="outdoor")

    with store.transaction() as tx:
        tx.drop_figures("bakery", MONDAY + timedelta(days=2), connection="other")
    assert 3 == len(list(store.figures("bakery")))

    with store.transaction() as tx:
        tx.drop_figures("bakery", MONDAY + timedelta(days=2))

    assert [figure(day=2)] == list(store.figures("bakery"))
    assert [figure()] == list(store.figures("outdoor"))


def test_the_clients_that_have_figures(store: Store) -> None:
    """Each once, sorted."""
    assert [] == store.measured_clients()

    for client in ("outdoor", "bakery"):
        put(store, [figure(day=day) for day in range(2)], client=client)

    assert ["bakery", "outdoor"] == store.measured_clients()


def test_the_database_adds_up(store: Store) -> None:
    """The table is plain: sums, averages and comparisons need nothing of this program."""
    values = ["12.5", "30", "0.25", None]
    put(store, [figure(value=value, day=day) for day, value in enumerate(values)])
    query = "SELECT sum(value), max(value), count(value) FROM metrics WHERE value > 0.5"

    with store._engine.connect() as connection:
        total, most, count = connection.execute(text(query)).one()
        days = connection.execute(text("SELECT day FROM metrics ORDER BY day")).scalars().all()

    assert (42.5, 30, 2) == (float(total), float(most), count)
    assert ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"] == days


def test_other_tools_read_the_table(tmp_path: Path) -> None:
    """Datasette and its kin see days, numbers, words and JSON, and may facet by them."""
    with Store.open(tmp_path / "state.db") as store:
        flags = frozenset({Flag.SAMPLED, Flag.OTHER})
        put(store, [figure(dimensions={"source": "news", "medium": "e-mail"}, flags=flags)])

    with sqlite3.connect(tmp_path / "state.db") as connection:
        database = sqlite_utils.Database(connection, execute_plugins=False)
        (row,) = database.table("metrics").rows
        (found,) = database.query("SELECT json_extract(dimensions, '$.medium') AS m FROM metrics")

    del row["id"]
    assert {
        "client": "bakery",
        "connection": "analytics",
        "property": "412345678",
        "project": "",
        "report": "goals",
        "grain": "day",
        "day": "2026-03-02",
        "dimensions": '{"medium": "e-mail", "source": "news"}',
        "metric": "sessions",
        "value": 40,
        "exact": None,
        "currency": "",
        "flags": "other sampled",
        "read_at": "2026-03-01T12:00:00.000000Z",
    } == row
    assert {"m": "e-mail"} == found


def test_long_dimensions_have_room(store: Store) -> None:
    """A landing page may be longer than what a database holds in an index."""
    long = figure(dimensions={"landingPage": "/" + "%20 ü" * 4000})
    put(store, [long])

    assert [long] == list(store.figures("bakery"))


figures = st.builds(
    Figure,
    connection=some.texts,
    property=some.texts,
    project=some.texts,
    report=some.texts,
    grain=st.sampled_from(Grain),
    day=st.dates(),
    metric=some.texts,
    value=st.none() | some.numbers | st.decimals(-(10**30), 10**30, places=9),
    read_at=some.moments,
    dimensions=st.dictionaries(some.texts, some.texts, max_size=3),
    currency=some.texts,
    flags=st.frozensets(st.sampled_from(Flag)),
)


@some.FEW
@given(figures)
def test_any_figure(shared: Store, figure: Figure) -> None:
    """Any text, day and number comes back as it was, also one that no double holds."""
    client = uuid.uuid4().hex
    place = {name: getattr(figure, name) for name in ("connection", "property", "project")}
    place |= {"client": client, "report": figure.report, "grain": figure.grain}
    days = {"since": figure.day, "until": figure.day}

    assert put(shared, [figure], **place, **days)
    assert [figure] == list(shared.figures(client))
    assert not put(shared, [figure], **place, **days)
