"""Roles that depend on where a record stands hold whether or not that place was touched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import NO_ORDERS
from syncer.engine.heads_up.scenes import place_in_state
from syncer.engine.index import Index
from syncer.engine.spool import WHOLE
from syncer.engine.standing import place_of
from syncer.model.records import Agreed, Record
from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Source
from syncer.model.values import Value
from tests.engine.talking import told
from tests.engine.town import Town, ownership

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def narrowed(name: str, **held: frozenset[str]) -> Ownership:
    """The usual rules, with a role held by others here and there."""
    rules = ownership()
    role = replace(rules.roles[name], narrowed=held)
    return replace(rules, roles={**rules.roles, name: role})


def lived_in(town: Town) -> Town:
    """One project with a task, in step in both systems."""
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    one.create("tom", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    town.later(hours=3)
    town.run()
    town.later(hours=3)
    return town


@pytest.mark.parametrize(("who", "due"), [("tom", "2026-12-24"), ("maya", "2026-11-30")])
def test_a_role_is_narrowed_for_the_tasks_of_a_project(tmp_path: Path, who: str, due: str) -> None:
    """Who is producer of a project is producer of its tasks, whatever the tasks are called."""
    rules = narrowed("producer", Relaunch=frozenset({"tom"}), Build=frozenset({"maya"}))
    town = lived_in(Town(tmp_path, rules=rules))
    town.edit("two", "Build", who, due="2026-12-24")

    town.run()

    assert {"one": due, "two": due} == town.shown("Build", "due")


def test_a_role_that_the_project_names(tmp_path: Path) -> None:
    """The task's owner is whoever its project names, also while nobody touches the project."""
    rules = ownership(
        task__deadline=Rule(
            "task", "deadline", Source("o.yaml", 1), ("lead",), {ANYONE: Policy.REVERT}
        )
    )
    lead = Role("lead", dynamic=("project", "name"))
    town = lived_in(Town(tmp_path, rules=replace(rules, roles={**rules.roles, "lead": lead})))
    town.edit("one", "Relaunch", "tom", name="anna")
    town.later(hours=3)
    town.run()
    town.later(hours=3)
    town.edit("two", "Build", "anna", due="2026-12-24")

    town.run()

    assert {"one": "2026-12-24", "two": "2026-12-24"} == town.shown("Build", "due")


def test_a_role_that_the_client_of_a_project_names(tmp_path: Path) -> None:
    """Who stands in the client's record is known for its tasks too, two steps below it."""
    town = Town(tmp_path)
    client = _agreed("client", name="Acme", account_manager="anna")
    project = _agreed("project", name="Relaunch", client=client.id)
    task = _agreed("task", title="Build", project=project.id)
    with town.store.transaction() as tx:
        tx.put_records([client, project, task])
    with town.service() as service:
        ctx = service.begin.of(service.config.clients["acme"], NO_ORDERS)
    index = Index(town.store, "acme")
    index.prefetch({}, {}, [task])

    in_a_cycle = place_of(ctx, Case(task), Gathered({}, index))

    for place in (in_a_cycle, place_in_state(ctx, task)):
        assert place.values.get(("client", "account_manager")) == "anna"


def _agreed(entity: str, **values: Value) -> Record:
    agreed = {name: Agreed(value, None, None, None, LONG_AGO, "") for name, value in values.items()}
    return Record(f"r_{entity}", "acme", entity, agreed)


@pytest.mark.parametrize("whole", [WHOLE, 0], ids=["in memory", "on disk"])
@pytest.mark.parametrize("project", ["Relaunch", "Film"], ids=["known", "new"])
@pytest.mark.parametrize(("who", "confirm"), [("tom", False), ("maya", True), ("anna", True)])
def test_a_role_is_narrowed_for_a_new_task(
    tmp_path: Path, who: str, confirm: bool, project: str, whole: int
) -> None:
    """Who makes a task owns its first values only where they are producer of that very project."""
    only = frozenset({"tom"})
    rules = narrowed("producer", Relaunch=only, Film=only)
    town = told(tmp_path, rules=rules, whole=whole)
    two = town.worlds["two"]
    if project == "Film":
        two.create("tom", "project", {"name": "Film"})
    two.create(who, "item", {"title": "New", "due": "2026-12-24"}, town.find("two", project).id)

    town.run()

    assert town.shown("New", "due") == {"one": "2026-12-24", "two": "2026-12-24"}
    found = town.store.records(town.store.record_ids("acme", "task")).values()
    (deadline,) = [r.agreed["deadline"] for r in found if r.value("title") == "New"]
    assert (deadline.by, deadline.role) == (who, None if confirm else "producer")
    asked = [text for text in town.comments("one", "New") if "<@u-tom>" in text]
    assert len(asked) == confirm
    assert all("the first to fill in the deadline of New: 2026-12-24" in text for text in asked)
    town.later(minutes=5)
    town.run()
    assert len([text for text in town.comments("one", "New") if "<@u-tom>" in text]) == confirm
