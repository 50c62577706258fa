"""Many records, links and transactions in turn: what is read back is what was last kept."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text

from syncer.model.records import Agreed, Link, LinkField, Record
from syncer.model.remote import Change
from syncer.model.values import MISSING, dump
from syncer.state import StateError, Store
from syncer.state.client_store import ClientStore
from tests.state.made import at, keep
from tests.state.strategies import FEW
from tests.state.test_beside import LINK, RECORD

RECORDS = ["r1", "r2", "r3"]
LINKS = ["l1", "l2", "l3"]
_NAMES = st.sampled_from(["title", "notes", "status", "odd", "a\\u0041", "größe\ud800"])
_TEXTS = st.sampled_from(["", "a", "b", "a\\u0041", "\x00", "\ud800", "é", '"q"'])
_RAW = st.one_of(
    st.none(), _TEXTS, st.sampled_from([1, 1.0, True, 0, -1, 2.5, ["a"], {"a": "b"}, {}, []])
)
_KNOWN = st.one_of(st.just(MISSING), _RAW)
_REMOTE = st.sampled_from([None, "", "title", "x"])
_AT = st.sampled_from([None, at(1), at(2)])
_ALIKE = st.builds(
    lambda value, remote, asked: LinkField(value, value, remote=remote, asked_at=asked),
    _RAW,
    _REMOTE,
    _AT,
)
_FIELD = st.builds(
    LinkField,
    seen=_KNOWN,
    read=_KNOWN,
    asked=_KNOWN,
    got=_KNOWN,
    shown=_KNOWN,
    asked_at=_AT,
    cut=st.booleans(),
    remote=_REMOTE,
    told=st.sampled_from([(), (Change("card", "c1", "due", at=at(3), old=None, new="x"),)]),
)
_SHOWN = st.dictionaries(_NAMES, _ALIKE | _ALIKE | _FIELD, max_size=6)
_ONE = st.builds(
    Agreed,
    st.none() | _TEXTS,
    by=st.sampled_from([None, "anna"]),
    at=_AT,
    rule=st.sampled_from(["", "f.yaml:3", "odd"]),
)
_LABELS = st.builds(Agreed, st.sampled_from([None, frozenset("a"), frozenset("ab")]))


@st.composite
def _agreed(draw: st.DrawFn) -> dict[str, Agreed]:
    """Some fields, in any order."""
    chosen = draw(st.dictionaries(_NAMES, _ONE, max_size=6))
    if draw(st.booleans()):
        chosen["labels"] = draw(_LABELS)
    return {name: chosen[name] for name in draw(st.permutations(list(chosen)))}


_RECORD, _LINK, _WHICH = st.sampled_from(RECORDS), st.sampled_from(LINKS), st.integers(0, 9)
_WRITE = st.one_of(
    st.tuples(st.just("agree"), _RECORD, _agreed()),
    st.tuples(st.just("agree"), _RECORD, _agreed()),
    st.tuples(st.just("see"), _LINK, _RECORD, _SHOWN),
    st.tuples(st.just("see what is agreed"), _LINK, _RECORD),
    st.tuples(st.just("agree as before"), _RECORD, _WHICH),
    st.tuples(st.just("see as before"), _LINK, _RECORD, _WHICH),
    st.tuples(st.just("drop"), _LINK),
)
_ENDS = st.sampled_from(["kept", "kept", "given up", "a client's"])
_TURNS = st.lists(st.tuples(st.lists(_WRITE, max_size=6), _ENDS), max_size=6)
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


class GivenUp(Exception):
    """A transaction that ends before its commit."""


class Model:
    """What should be known, as plain dicts; and all that was ever read of it."""

    def __init__(self) -> None:
        self.agreed: dict[str, Mapping[str, Agreed]] = {id: {} for id in RECORDS}
        self.links: dict[str, tuple[str, Mapping[str, LinkField]]] = {}
        self.records_read: dict[str, list[tuple[Record, Any]]] = {id: [] for id in RECORDS}
        self.links_read: dict[str, list[tuple[Link, Any]]] = {id: [] for id in LINKS}

    def write(self, tx: Any, what: str, id: str, *told: Any) -> None:
        """One write of a transaction, there and here."""
        if what == "drop":
            self.links.pop(id, None)
            tx.drop_links([id])
        elif what.startswith("agree"):
            self._agree(tx, id, *told)
        else:
            self._see(tx, what, id, *told)

    def _agree(self, tx: Any, id: str, told: Any) -> None:
        record = Record(id, "bakery", "task", told)
        if isinstance(told, int):
            past = self.records_read[id] or [(Record(id, "bakery", "task"), {})]
            record, told = past[told % len(past)]
        self.agreed[id] = told
        tx.put_records([record])

    def _see(self, tx: Any, what: str, id: str, record: str, told: Any = None) -> None:
        link = Link(id, record, "trello", "card", id)
        if what == "see as before":
            past = self.links_read[id] or [(link, {})]
            link, told = past[told % len(past)]
        elif what == "see what is agreed":
            values = {name: dump(one.value) for name, one in self.agreed[record].items()}
            told = {name: LinkField(json, json, remote=name) for name, json in values.items()}
        self.links[id] = record, told
        shown = link.fields if what == "see as before" else told
        tx.put_links([replace(link, record=record, fields=shown, mark=3)], "bakery")

    def check(self, store: Store) -> None:
        """Read everything; what is kept for later was not looked into."""
        for id, agreed in self.agreed.items():
            record = store.records([id])[id]
            assert agreed == dict(record.agreed)
            assert list(agreed) == list(record.agreed)
            self.records_read[id].append((store.records([id])[id], agreed))
        found = {one.id: one for links in store.links_of(RECORDS).values() for one in links}
        again = {one.id: one for links in store.links_of(RECORDS).values() for one in links}
        assert self.links == {id: (one.record, dict(one.fields)) for id, one in found.items()}
        for id, (_, fields) in self.links.items():
            shown = {name: found[id].fields[name] for name in fields}
            assert repr(dict(fields)) == repr(shown)  # 1, 1.0 and True are three
            self.links_read[id].append((again[id], fields))


@settings(FEW, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(turns=_TURNS)
def test_all_is_what_it_was_last_said_to_be(store: Store, turns: list[Any]) -> None:
    """Whatever is agreed, seen, moved, dropped or given up in whatever order."""
    model = Model()
    with store.transaction() as tx:
        tx.connection.execute(text("DELETE FROM links"))
        tx.put_records([Record(id, "bakery", "task") for id in RECORDS])
    for writes, end in turns:
        before = dict(model.agreed), dict(model.links)
        used = ClientStore(store, "bakery") if end == "a client's" else store
        try:
            with used.transaction() as tx:
                for write in writes:
                    model.write(tx, *write)
                if end == "given up":
                    raise GivenUp
        except GivenUp:
            model.agreed, model.links = before
        model.check(store)


@pytest.mark.parametrize("entry", ["null", "{}"])
def test_a_damaged_link_is_told_when_another_value_is_agreed(store: Store, entry: str) -> None:
    """What cannot be spelled out stops the commit with the way out, and nothing is lost."""
    keep(store, [RECORD], [LINK])
    with store._engine.begin() as connection:
        told = {"told": f'[{{"title":{entry}}}]'}
        connection.execute(text("UPDATE links SET fields = :told"), told)

    with pytest.raises(StateError, match="the file is damaged"), store.transaction() as tx:
        tx.put_records([replace(RECORD, agreed={"title": Agreed("another")})])

    assert store.records(["r1"])["r1"].value("title") == "Bake"


def test_a_link_that_is_moved_meanwhile_is_left_alone(postgres_database: str) -> None:
    """What another process just told of another record is not overwritten with what was known."""
    moved = replace(LINK, record="r2", fields={"title": LinkField("Roll", "Roll")})
    with Store.open(postgres_database) as one, Store.open(postgres_database) as two:
        keep(one, [RECORD, replace(RECORD, id="r2", agreed={"title": Agreed("Roll")})], [LINK])
        with ThreadPoolExecutor(1) as threads:
            with two.transaction() as tx:
                tx.put_links([moved])
                other = threads.submit(keep, one, [replace(RECORD, agreed={})], [])
                while not tx.connection.scalar(_WAITING):
                    assert not other.done()
            other.result()

        assert {"r1": (), "r2": (moved,)} == one.links_of(["r1", "r2"])
