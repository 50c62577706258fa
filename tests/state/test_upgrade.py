"""The tables are brought up to date when the state is opened, by whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlite_utils
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text

import syncer.state.tables_partial  # noqa: F401 - adds to the tables what it states
from syncer.model.records import Agreed, LinkField
from syncer.model.structs import names
from syncer.state import StateError, Store
from syncer.state.migrations import HEAD, REVISIONS, VERSION_TABLE
from syncer.state.search import SEARCH_TABLES
from syncer.state.tables_base import metadata
from tests.state.children import run
from tests.state.made import entry, keep, link, proposal, record
from tests.state.olden import old_link, old_proposal, old_record, old_state

DYING = """
import os, signal, sys
from syncer.state import Store, search, upgrade
def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
Store.open(sys.argv[1])
"""


def set_version(store: Store, version: str) -> None:
    """Pretend that another version wrote these tables."""
    with store._engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))


def test_the_steps_lead_to_the_tables(store: Store) -> None:
    """From an empty database, the migrations give exactly what the code states."""
    options = {
        "version_table": VERSION_TABLE,
        "include_name": lambda name, *_: not (name or "").startswith(SEARCH_TABLES),
    }
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)

        assert [] == compare_metadata(context, metadata)


def test_every_step_is_known() -> None:
    """The versions that the program claims to know are those it has steps for."""
    config = Config()
    config.set_main_option("script_location", "syncer.state:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert list(REVISIONS) == [step.revision for step in scripts.walk_revisions()][::-1]
    assert HEAD == scripts.get_current_head()


def test_every_part_of_a_field_is_coded() -> None:
    """A new member of what hangs on a field must be coded, and stand in this list."""
    coded = {"seen", "read", "asked", "got", "asked_at", "shown", "cut", "remote", "told"}

    assert coded == set(names(LinkField))
    assert {"value", "by", "role", "connection", "at", "rule"} == set(names(Agreed))


def test_a_newer_state_is_refused(place: str) -> None:
    """Both versions are named, and what to do; nothing is touched."""
    with Store.open(place) as store:
        keep(store, [record("r1")])
        set_version(store, "0099")

    with pytest.raises(StateError) as refused:
        Store.open(place)

    assert str(refused.value).endswith(
        ": it was written by a newer syncer: its tables are of version 0099, and this syncer"
        f" (0.1.0) knows versions up to {HEAD}. Install a syncer that knows version 0099, or"
        " restore the copy of the state that was made before that syncer was installed"
    )


def test_a_state_of_the_first_version_is_brought_up_to_date(place: str) -> None:
    """All that it has stays; figures and the history of goals begin to be kept."""
    old_state(place, "0001", {"records": [old_record("r1")], "links": [old_link("l1", "r1")]})

    with Store.open(place) as store:
        assert ["r1"] == store.record_ids("bakery", "task")
        assert [] == list(store.figures("bakery"))
        assert [] == store.agreements("bakery")


def test_a_state_of_before_heads_ups_is_brought_up_to_date(place: str) -> None:
    """Proposals that wait get the number that people will call them by; notices begin."""
    waiting = [proposal("p1"), proposal("p2", "r2")]
    rows = {
        "records": [old_record("r1"), old_record("r2")],
        "proposals": map(old_proposal, waiting),
    }
    old_state(place, "0002", rows)

    with Store.open(place) as store:
        assert waiting == store.proposals()
        assert [[one] for one in waiting] == [store.proposals_meant(p.number) for p in waiting]
        assert [] == store.notices(None)
        assert [] == store.postings("bakery")
        assert {} == store.rooms("bakery", "trello")


def test_what_was_linked_before_first_contact_was_kept_is_no_old_stock(place: str) -> None:
    """Its systems were met long ago, whatever is said of first contact now."""
    old_state(place, "0003", {"records": [old_record("r1")], "links": [old_link("l1", "r1")]})

    with Store.open(place) as store:
        [found] = store.links_of(["r1"])["r1"]
        assert (False, True) == (found.stock, found.let_in)
        assert store.records(["r1"])["r1"].since is None
        [met] = store.contacts("bakery").values()
        assert (met.connection, met.met_at.year, met.rules) == (found.connection, 1970, "*")
        assert [] == store.candidates()


def test_many_open_a_new_state_at_once(place: str) -> None:
    """Threads and stores that all come first: one makes the tables, all can write."""

    def work(number: int) -> None:
        with Store.open(place) as store:
            keep(store, [record(f"r{number}")])

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))

    with Store.open(place) as store:
        assert [f"r{n}" for n in range(6)] == store.record_ids("bakery", "task")


def test_processes_open_a_new_state_at_once(place: str) -> None:
    """The same with processes of their own, which share no memory."""
    code = (
        "import sys\n"
        "from syncer.state import Store\n"
        "from tests.state.made import keep, record\n"
        "with Store.open(sys.argv[1]) as store: keep(store, [record(sys.argv[2])])\n"
    )
    with ThreadPoolExecutor(3) as threads:
        codes = list(threads.map(lambda name: run(code, place, name), ["a", "b", "c"]))

    assert [0, 0, 0] == codes
    with Store.open(place) as store:
        assert ["a", "b", "c"] == store.record_ids("bakery", "task")


@pytest.mark.parametrize(
    "patch",
    [
        "real = upgrade._migrate\nupgrade._migrate = lambda *args: (real(*args), die())",
        "import sqlite_utils\nsqlite_utils.db.Table.populate_fts = die",
    ],
    ids=["uncommitted", "half a search"],
)
def test_killed_while_upgrading(place: str, patch: str) -> None:
    """Wherever the first opening dies, the second one finishes."""
    ended = run(DYING.format(patch=patch), place)
    if "sqlite_utils" not in patch or not place.startswith("postgres"):
        assert -9 == ended

    with Store.open(place) as store, store.transaction() as tx:
        tx.journal([entry("found again")])
    with Store.open(place) as store:
        assert 1 == len(store.journal(search="found"))


def test_a_lost_search_index_is_made_again(place: str) -> None:
    """Whoever rebuilds the journal loses the index with it; old lines are found again."""
    with Store.open(place) as store:
        with store.transaction() as tx:
            tx.journal([entry("an old line")])
        kind = "TABLE" if store.file else "INDEX"
        with store._engine.begin() as connection:
            connection.execute(text(f"DROP {kind} {SEARCH_TABLES}"))

    with Store.open(place) as store:
        assert 1 == len(store.journal(search="old"))


def test_a_table_is_rebuilt_with_what_refers_to_it(place: str) -> None:
    """Batch migrations work on filled tables: links stay when records are made anew."""
    with Store.open(place) as store:
        keep(store, [record("r1")], [link("l1", "r1")])
        with store.transaction() as tx:
            tx.journal([entry("an old line")])
        with store._engine.connect() as connection:
            embedded = connection.dialect.name == "sqlite"
            if embedded:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                steps = Operations(MigrationContext.configure(connection))
                for table in ("records", "journal"):
                    with steps.batch_alter_table(table, recreate="auto") as batch:
                        batch.alter_column("client", nullable=True)
            if embedded:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")

    with Store.open(place) as store:
        keep(store, [record("r2")], [link("l2", "r2")])
        assert ["r1", "r2"] == store.record_ids("bakery", "task")
        assert 2 == store.link_counts("bakery")["trello", "card"]
        assert 1 == len(store.journal(search="old"))
        with pytest.raises(StateError), store.transaction() as tx:
            tx.put_proposals([proposal("p1", "nobody")])


def test_sqlite_utils_finds_the_search_index(tmp_path: Path) -> None:
    """Its command line and Datasette search the journal as they search any file of theirs."""
    with Store.open(tmp_path / "state.db") as store, store.transaction() as tx:
        tx.journal([entry("Brötchen"), entry("bread")])

    database = sqlite_utils.Database(tmp_path / "state.db")

    assert SEARCH_TABLES == database.table("journal").detect_fts()
    assert ["Brötchen"] == [row["text"] for row in database.table("journal").search("brotchen")]
    database.close()
