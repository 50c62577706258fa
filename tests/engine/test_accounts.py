"""The service's own account: never a person of the agency, and known by its credential."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.adapterkit.errors import WaitAndRetry
from syncer.engine import cycle
from syncer.model.configuration import Configuration
from syncer.model.report import CycleResult
from tests.engine.town import Town, line, mapping


class Changing(Town):
    """A town whose credentials say so when the account behind them changes."""

    def config(self) -> Configuration:
        """The configuration, with a secret per account."""
        config = super().config()
        connections = {
            name: replace(connection, secrets=(self.users.get(name, "syncer"),))
            for name, connection in config.connections.items()
        }
        return replace(config, connections=connections)


def test_another_token_is_another_account(tmp_path: Path) -> None:
    """After a change of token, what the new account writes is still ours and nobody's edit."""
    town = Changing(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    town.later(minutes=5)
    town.run()
    town.users = {"one": "maya", "two": "maya"}
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()
    town.later(minutes=1)
    town.edit("two", "Build", "tom", due="2026-12-11")
    town.run()

    record = next(r for r in town.store.match_index("acme", "task", ["title"]))
    edits = [e for e in town.store.journal("acme", record.id, "deadline") if e.kind == "edit"]
    assert {entry.editor for entry in edits} == {"tom"}
    assert set(town.shown("Build", "due").values()) == {"2026-12-11"}


def test_our_own_account_as_a_person_is_nobody_and_no_hold(tmp_path: Path) -> None:
    """A vendor that names the maker as owner of what we made gives no hold and no person."""
    project = mapping().entities["project"]
    fields = {**project.fields, "producer": line("producer", "producer")}
    both = mapping(project=replace(project, fields=fields))
    town = Town(tmp_path, mappings={"one": both, "two": both})
    town.worlds["one"].create("tom", "project", {"name": "Relaunch", "producer": "u-syncer"})
    town.later(minutes=5)

    assert town.run().result is CycleResult.DONE

    assert town.store.holds("acme") == []
    assert town.shown("Relaunch", "producer") == {"one": "u-syncer", "two": None}
    town.later(minutes=5)
    town.edit("two", "Relaunch", "tom", producer="u-tom")
    town.run()
    assert set(town.shown("Relaunch", "producer").values()) == {"u-tom"}


def test_archiving_a_twin_is_in_the_journal(tmp_path: Path) -> None:
    """What was put away where, and under which rule, can be read afterwards."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    task = town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.worlds["one"].archive("maya", task.id)
    town.run()

    lines = [e for e in town.store.journal("acme") if e.kind == "write" and e.outcome == "archive"]
    assert [(e.connection, e.field, e.old, e.new) for e in lines] == [
        ("two", "existence", "present", "archived")
    ]


def test_a_new_thing_that_cannot_be_decided_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault over a new thing stops no other, and the thing is not forgotten."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in ("Build", "Sketch"):
        town.worlds["one"].create("maya", "item", {"title": title}, project.id)
    whole = cycle.decide_case
    monkeypatch.setattr(cycle.log, "debug", lambda *_a, **_k: None, raising=False)

    def faulty(ctx: Any, case: Any, *more: Any) -> Any:
        if any(twin.record.fields.get("title") == "Build" for twin in case.twins.values()):
            raise RuntimeError("a fault of the program")
        return whole(ctx, case, *more)

    monkeypatch.setattr(cycle, "decide_case", faulty)
    assert town.run().result is CycleResult.FAILED
    assert len(town.worlds["two"].things) == 2
    monkeypatch.undo()
    town.later(minutes=5)
    town.edit("one", "Sketch", "tom", due="2026-12-01")

    assert town.run().result is CycleResult.DONE
    assert len(town.worlds["two"].things) == 3
    assert town.store.holds("acme") == []


def test_a_parked_record_that_cannot_be_read_again_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up that fails leaves that record parked; the rest of the client is in step."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in ("Build", "Sketch"):
        town.worlds["one"].create("maya", "item", {"title": title}, project.id)
    town.later(minutes=5)
    town.run()
    whole = cycle.decide_case

    def faulty(ctx: Any, case: Any, *more: Any) -> Any:
        if case.record.value("title") == "Build":
            raise RuntimeError("a fault of the program")
        return whole(ctx, case, *more)

    monkeypatch.setattr(cycle, "decide_case", faulty)
    monkeypatch.setattr(cycle.log, "debug", lambda *_a, **_k: None, raising=False)
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-01")
    town.run()

    def deaf(moment: str, call: str) -> None:
        if (moment, call) == ("before", "fetch"):
            raise WaitAndRetry("is busy", status=503)

    town.worlds["one"].fault = deaf
    town.later(minutes=10)
    town.edit("one", "Sketch", "tom", due="2026-12-02")
    town.run()

    assert set(town.shown("Sketch", "due").values()) == {"2026-12-02"}
