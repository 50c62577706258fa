"""A cycle to which nothing happened costs the same, however much is kept in step."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from adapters.memory import MemoryAdapter
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.usage import spend
from syncer.engine import cycle, sites
from syncer.engine.service import Service
from syncer.engine.totals import KEY
from syncer.model.report import CycleResult
from syncer.state import ALL_CLIENTS, CycleStatus, Store
from tests.engine.talking import TalkingTown
from tests.engine.town import Town


class Counted:
    """The statements and commits that the state is asked for."""

    def __init__(self, town: Town) -> None:
        self.statements: list[str] = []
        self.commits = 0
        engine = town.store._engine
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *given: object) -> None:
        text = str(given[2])
        if not text.startswith("BEGIN"):
            self.statements.append(text)

    def _commit(self, _connection: object) -> None:
        self.commits += 1


def folder(under: Path, name: str) -> Path:
    """A new folder."""
    made = under / name
    made.mkdir()
    return made


def settled(town: Town, tasks: int) -> Service:
    """The service of a town in which everything is in step, and told where people are told."""
    world = town.worlds["one"]
    project = world.create("maya", "project", {"name": "Website"}).id
    for number in range(tasks):
        fields = {"title": f"Task {number}", "project": project, "due": "2026-12-01"}
        world.create("maya", "item", fields, project)
    service = town.service()
    for _ in range(4):
        list(service.run())
        town.later(seconds=1)
    return service


def idle(town: Town, tasks: int) -> list[str]:
    """The statements of a cycle to which nothing happened; it commits once, at its end."""
    service = settled(town, tasks)
    counted = Counted(town)
    (report,) = service.run()
    assert CycleResult.DONE is report.result
    assert {"one": 0, "two": 0} == report.pulled
    assert 1 == counted.commits
    return counted.statements


def test_an_idle_cycle_asks_the_state_a_handful_of_questions(tmp_path: Path) -> None:
    """Two that say how it ended, and not one more with twenty times as much in step."""
    few, many = (idle(Town(folder(tmp_path, str(tasks))), tasks) for tasks in (10, 200))
    assert 2 == len(few)
    assert few == many


def test_people_to_tell_make_an_idle_cycle_no_dearer(tmp_path: Path) -> None:
    """Where people are told in their tools it asks one thing more of each, once they know."""
    assert 4 == len(idle(TalkingTown(tmp_path), 3))


def test_what_happens_while_a_cycle_runs_is_seen_by_the_next(tmp_path: Path) -> None:
    """What is read at the outset holds for one cycle: an edit, a pause and a resume all count."""
    town = Town(tmp_path)
    service = settled(town, 3)
    (quiet,) = service.run()
    assert 0 == quiet.written
    town.edit("one", "Task 1", "maya", title="Task one")
    (busy,) = service.run()
    assert 1 == busy.written
    assert town.find("two", "Task one")
    with town.store.transaction() as tx:
        tx.pause("acme", town.now())
    (paused,) = service.run()
    assert CycleResult.PAUSED is paused.result
    with town.store.transaction() as tx:
        tx.resume("acme")
    (again,) = service.run()
    assert CycleResult.DONE is again.result


@pytest.mark.parametrize("here", [True, False], ids=["this process", "another process"])
def test_what_others_write_is_seen_by_the_very_next_cycle(tmp_path: Path, here: bool) -> None:
    """What a process knows of its last cycle is good until anybody writes, and not longer."""
    town = Town(tmp_path)
    service = settled(town, 3)
    for _ in range(2):
        with Store.open(town.store.where) as elsewhere:
            writer = town.store if here else elsewhere
            with writer.transaction() as tx:
                tx.pause(ALL_CLIENTS, town.now())
            assert [CycleResult.PAUSED] == [report.result for report in service.run()]
            with writer.transaction() as tx:
                tx.resume(ALL_CLIENTS)
            for _ in range(2):
                assert [CycleResult.DONE] == [report.result for report in service.run()]


def test_a_process_knows_what_the_state_would_tell(tmp_path: Path) -> None:
    """What a cycle leaves to the next one in its process is what another process would read."""
    town = Town(tmp_path)
    service = settled(town, 3)
    for _ in range(3):
        town.later(minutes=1)
        list(service.run())
        known = service.begin.store_of("acme")
        counted = Counted(town)
        kept = (known.cycles("acme", 2), known.client("acme"), known.cursors("acme", "one"))
        assert [] == counted.statements
        read = town.store
        told = (read.cycles("acme", 2), read.client("acme"), read.cursors("acme", "one"))
        assert told == kept


def test_a_poll_that_told_something_is_remembered_if_it_is_killed(tmp_path: Path) -> None:
    """Killed with news at hand, before it decided anything, it was begun; the next one says so."""
    town = Town(tmp_path)
    service = settled(town, 3)
    began = len(town.store.cycles("acme"))

    def end() -> None:
        raise KeyboardInterrupt

    for edited in (False, True):
        if edited:
            town.edit("one", "Task 1", "maya", title="Task one")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(MemoryAdapter, "now", lambda _adapter: end())
            with pytest.raises(KeyboardInterrupt):
                list(service.run())
        statuses = [cycle.status for cycle in town.store.cycles("acme")]
        assert began + edited == len(statuses)
        assert (CycleStatus.RUNNING in statuses) == edited

    list(service.run())
    last, before = town.store.cycles("acme", 2)
    assert (CycleStatus.DONE, CycleStatus.KILLED) == (last.status, before.status)


def test_an_uneventful_poll_that_fails_by_a_fault_of_ours_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash is no cycle that nobody hears of: that it began is known, and that it did not end."""
    town = Town(tmp_path)
    service = settled(town, 3)

    def fault(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(cycle, "translate_all", fault)
    with capture_logs():  # the picture of a traceback takes longer than all the rest
        assert [CycleResult.FAILED] == [report.result for report in service.run()]

    assert CycleStatus.RUNNING is town.store.cycles("acme", 1)[0].status


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each poll counts as a request, as it is one to every tool but those of this process."""
    budget, pull = Budget([]), MemoryAdapter.pull

    def asked(adapter: MemoryAdapter, *given: Any) -> Any:
        spend("memory", budget)
        return pull(adapter, *given)

    monkeypatch.setattr(MemoryAdapter, "pull", asked)


def requests(town: Town) -> int:
    """How many the totals know of."""
    return int(town.store.meta(KEY)["requests"]["memory"])


@pytest.mark.usefixtures("asking")
def test_what_was_asked_is_kept_with_the_end_of_a_cycle(tmp_path: Path) -> None:
    """The totals cost an idle cycle no commit of their own, and miss no request."""
    town = Town(tmp_path)
    service = settled(town, 3)
    before, counted = requests(town), Counted(town)
    for _ in range(2):
        list(service.run())

    assert 2 == counted.commits
    assert before + 4 == requests(town)


@pytest.mark.usefixtures("asking")
def test_what_a_cycle_asked_that_had_no_end_is_kept(tmp_path: Path) -> None:
    """A cycle that breaks off half way has its requests in the totals."""
    town = Town(tmp_path)
    service = settled(town, 3)
    before = requests(town)

    def fault(_moment: str) -> None:
        raise RuntimeError("a fault")

    service.boundary = fault
    town.edit("one", "Task 1", "maya", title="Task one")
    with capture_logs():  # the picture of a traceback takes longer than all the rest
        (report,) = service.run()

    assert CycleResult.FAILED is report.result
    assert before + 2 == requests(town)


def test_what_is_remembered_is_taken_apart_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process makes a catalogue of what the state remembers again only if that changed."""
    town = Town(tmp_path)
    service = settled(town, 3)
    made: list[Any] = []
    make = sites.catalogue_from_json

    def catalogue_from_json(json: Any) -> Any:
        made.append(json)
        return make(json)

    monkeypatch.setattr(sites, "catalogue_from_json", catalogue_from_json)
    list(service.run())
    assert [] == made

    kept = town.store.cached("one", "acme", "catalogue")
    assert kept is not None
    json, at = kept
    other = json | {"containers": json["containers"] | {"elsewhere": "Another"}}
    with town.store.transaction() as tx:
        tx.cache("one", "acme", "catalogue", other, at)
    for _ in range(2):
        list(service.run())
    assert [other] == made


def test_who_is_who_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """People are matched with a tool's users again only when other users are told."""
    town = Town(tmp_path)
    service = settled(town, 3)
    asked: list[str] = []
    match = sites.directory

    def directory(people: Any, connection: str, system: str, users: Any) -> Any:
        asked.append(connection)
        return match(people, connection, system, users)

    monkeypatch.setattr(sites, "directory", directory)
    list(service.run())
    assert [] == asked

    kept = town.store.cached("one", "acme", "people")
    assert kept is not None
    users, at = kept
    with town.store.transaction() as tx:
        tx.cache("one", "acme", "people", users[1:], at)
    for _ in range(2):
        list(service.run())
    assert ["one"] == asked


def test_nothing_of_ours_is_looked_up_where_nothing_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Own writes are asked for only where a thing may show them."""
    town = Town(tmp_path)
    service = settled(town, 3)
    asked: list[Any] = []
    look = Store.intents_for

    def intents_for(*given: Any) -> Any:
        asked.append(given)
        return look(*given)

    monkeypatch.setattr(Store, "intents_for", intents_for)
    list(service.run())
    assert [] == asked
    town.edit("one", "Task 1", "maya", title="Task one")
    list(service.run())
    assert asked
