"""What older versions kept in rows of another form is all there after the upgrade."""

import json
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from syncer.model.records import Agreed, LinkField
from syncer.state import ALL_CLIENTS, LockHeld, StateError, Store
from tests.state.children import kill, running
from tests.state.made import NOON, keep, link, proposal, record
from tests.state.olden import AT, old_link, old_proposal, old_record, old_state

WORKING = """
import sys
from pathlib import Path
from sqlalchemy import create_engine
from syncer.state.lock import hold
place = sys.argv[1]
server = place.replace("postgresql:", "postgresql+psycopg:") if "://" in place else None
engine = create_engine(server) if server else None
lock = hold(engine, None if server else Path(place), place, "bakery")
lock.__enter__()
"""


def opened_soon(place: str) -> Store:
    """Open it once nobody works; Postgres takes a moment to notice that somebody died."""
    for _ in range(200):
        with suppress(LockHeld):
            return Store.open(place)
        time.sleep(0.05)
    return Store.open(place)


def test_what_links_and_records_both_held_stands_once(place: str) -> None:
    """Version 0006 held each agreed value in every link too; all of it is still known."""
    many = [f"r{n:03}" for n in range(501)]
    notes = "Photos are in the shared folder. " * 9
    shown = {"notes": LinkField(notes, notes, remote="desc"), "x": LinkField("a", "b", "c")}
    before = json.dumps([{"notes": ["desc", notes], "x": [1, {"asked": "c"}, None, "a", "b"]}, {}])
    damaged = '[{"notes": [7, "desc", "x"]}]'
    agreed = json.dumps([[[None] * 5], {"notes": [notes]}])
    links = [old_link(id, id, damaged if id == "r000" else before) for id in many]
    old_state(place, "0006", {"records": [old_record(id, agreed) for id in many], "links": links})

    with Store.open(place) as store:
        found = {one.id: one.fields for [one] in store.links_of(many).values()}
        assert {True} == {found[id] == shown for id in many[1:]}
        with pytest.raises(StateError, match="the file is damaged"):
            dict(found["r000"])
        with store._engine.connect() as connection:
            told = connection.execute(text("SELECT fields FROM links")).scalars().all()
        assert 1 == sum("Photos" in one or one == damaged for one in told)


def test_what_records_have_in_common_stands_once(place: str) -> None:
    """Version 0007 named each field in each record; all of it is still known, damage too."""
    many = [f"r{n:03}" for n in range(501)]
    setting = ["maya", None, "one", AT, "ownership.yaml"]
    names = ("title", "notes", "status", "priority", "size")

    def agreed(id: str) -> str:
        return json.dumps(
            [[setting], {n: [f"{n} of {id}", line] for line, n in enumerate(names, 7)}]
        )

    fields = [
        {"title": "name"} | {n: [n[0]] for n in names[1:3]} | {"size": [1, True, "s", "size of {}"]}
    ]
    common = {"same": "a", "at": AT}
    links = [old_link(id, id, json.dumps([*fields, common]).replace("{}", id)) for id in many]
    records = [old_record(id, agreed(id), title=f"title of {id}") for id in many]
    records[3]["agreed"] = damaged = '[[],{"title":["x",7]}]'
    old_state(place, "0007", {"records": records, "links": links})

    with Store.open(place) as store:
        found, twins = store.records(many), store.links_of(many)
        for id in set(many) - {"r003"}:
            assert dict(found[id].agreed) == {
                name: Agreed(f"{name} of {id}", "maya", None, "one", NOON, f"ownership.yaml:{line}")
                for line, name in enumerate(names, 7)
            }
            [twin] = twins[id]
            assert dict(twin.fields) == {
                "title": LinkField(f"title of {id}", f"title of {id}", remote="name"),
                "notes": LinkField("n", f"notes of {id}", remote="notes"),
                "status": LinkField("s", f"status of {id}", remote="status"),
                "size": LinkField("s", f"size of {id}", "s", asked_at=NOON, remote="size"),
            }
        with pytest.raises(StateError, match="the file is damaged"):
            dict(found["r003"].agreed)
        with store._engine.connect() as connection:
            told = dict(connection.execute(text("SELECT id, agreed FROM records")).all())
            assert 1 == connection.execute(text("SELECT count(*) FROM shapes")).scalar()
            held = connection.execute(text("SELECT fields FROM links")).scalars().all()
        assert damaged == told.pop("r003")
        assert not any("status" in one.replace("status of", "") for one in told.values())
        assert not any("size of" in one for one in held if "r003" not in one)


def test_what_refers_to_records_does_so_by_number(place: str) -> None:
    """Version 0008 did by id; each link, agreement and proposal still is of its record."""
    many = [f"r{n}" for n in range(9, 0, -1)]
    agreement = {"client": "bakery", "entity": "task", "field": "goals", "value": "1", "rule": ""}
    rows = {
        "records": [old_record(id) for id in many],
        "links": [old_link(f"l{id}", id) for id in sorted(many)],
        "agreements": [agreement | {"record": id} for id in many[::2]],
        "proposals": [old_proposal(proposal("p1", "r3"))],
    }
    old_state(place, "0008", rows)

    with Store.open(place) as store:
        assert sorted(many) == store.record_ids("bakery", "task")
        twins = store.links_of(many)
        assert {id: [f"l{id}"] for id in many} == {
            r: [t.id for t in two] for r, two in twins.items()
        }
        assert many[::2] == [one.record for one in store.agreements("bakery")]
        assert ["r3"] == [one.record for one in store.proposals()]
        keep(store, [record("r10")], [link("l10", "r10")])
        assert {"l10"} == {twin.id for twin in store.links_of(["r10"])["r10"]}


def test_what_was_of_a_deleted_record_is_never_of_a_new_one(tmp_path: Path) -> None:
    """Whoever deletes a record by hand, and leaves its link, gives no other record that twin."""
    place = str(tmp_path / "state.db")
    rows = {"records": [old_record("r1"), old_record("r2")], "links": [old_link("l2", "r2")]}
    old_state(place, "0008", rows)
    for deleted, new in (("r2", "r3"), ("r3", "r4")):
        with Store.open(place) as store:
            assert [deleted] == list(store.records([deleted]))
        with closing(sqlite3.connect(place)) as plain, plain:
            plain.execute("DELETE FROM records WHERE id = ?", [deleted])
        with Store.open(place) as store:
            keep(store, [record(new)], [])
            assert {new: ()} == store.links_of([new])
            keep(store, [], [link(f"l{new}", new)])


def test_no_run_is_upgraded_under_its_hands(place: str) -> None:
    """While an older version works on a client the upgrade is refused, and done afterwards."""
    client = [{"key": "bakery"}, {"key": ALL_CLIENTS}]
    old_state(place, "0007", {"clients": client, "records": [old_record("r1")]})
    with running(WORKING, place) as older:
        for _ in range(2):
            with pytest.raises(LockHeld, match="client 'bakery' is being synchronised"):
                Store.open(place)
        kill(older)

    with opened_soon(place) as store:
        assert ["r1"] == store.record_ids("bakery", "task")
        with store.lock("bakery"):
            pass


def test_what_refers_to_nothing_stops_an_upgrade(tmp_path: Path) -> None:
    """A link whose record somebody deleted is named, and all stays as it was for who repairs it."""
    place = str(tmp_path / "state.db")
    old_state(place, "0008", {"records": [old_record("r1")], "links": [old_link("l1", "r9")]})

    told = r"links 'l1' names record 'r9', which is not there.*deleted from links"
    for _ in range(2):
        with pytest.raises(StateError, match=told):
            Store.open(place)
    with sqlite3.connect(place) as plain:
        assert [("l1", "r9")] == plain.execute("SELECT id, record FROM links").fetchall()
    plain.close()
