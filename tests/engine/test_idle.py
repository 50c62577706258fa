"""A cycle to which nothing happened costs the same, however much is kept in step."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from adapters.memory import MemoryAdapter
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.usage import spend
from syncer.engine import sites
from syncer.engine.service import Service
from syncer.engine.totals import KEY
from syncer.model.report import CycleResult
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
    """The statements of a cycle to which nothing happened; it commits its begin and its end."""
    service = settled(town, tasks)
    counted = Counted(town)
    (report,) = service.run()
    assert CycleResult.DONE is report.result
    assert {"one": 0, "two": 0} == report.pulled
    assert 2 == counted.commits
    return counted.statements


def test_an_idle_cycle_asks_the_state_a_handful_of_questions(tmp_path: Path) -> None:
    """At most ten statements, and not one more with twenty times as much in step."""
    few, many = (idle(Town(folder(tmp_path, str(tasks))), tasks) for tasks in (10, 200))
    assert 10 >= len(few)
    assert few == many


def test_people_to_tell_make_an_idle_cycle_no_dearer(tmp_path: Path) -> None:
    """Where people are told in their tools it asks as little, once they know."""
    assert 10 >= len(idle(TalkingTown(tmp_path), 3))


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

    assert 4 == counted.commits
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
