"""Roles that depend on where a record stands hold whether or not that place was touched."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Source
from tests.engine.town import Town, ownership


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
