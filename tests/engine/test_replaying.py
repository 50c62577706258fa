"""Edits of the past, decided once more by the rules as they are now."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.engine.replaying import replay
from syncer.model.replays import Replayed, fate
from syncer.model.rules import ANYONE, Policy, Rule, Shared, Source
from tests.engine.town import Town, ownership

NOW = Source("ownership.yaml", 77)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A project and three tasks in step; then people edited, over three cycles."""
    town = Town(tmp_path)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    for title in ("Sketch", "Build", "Launch"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")
    town.edit("two", "Launch", "anna", due="2026-12-31")
    town.edit("one", "Sketch", "ben", notes="soft")
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "anna", due="2027-01-10")
    town.run()
    return town


def replayed(town: Town, **rules: Rule) -> dict[tuple[str, str, str], Replayed]:
    """What would become of everything, by title, field and person."""
    town.rules = ownership(**rules)
    config = town.config()
    start = town.now().replace(year=2000)
    found = list(replay(config, town.store, config.clients["acme"], start, town.now()))
    assert len(found) == len({(e.title, e.field, e.editor) for e in found})
    return {(e.title, e.field, e.editor): e for e in found}


def deadline(**changes: object) -> Rule:
    """The rule of a task's deadline, changed."""
    rule = Rule("task", "deadline", NOW, ("producer",), {ANYONE: Policy.PROPOSE})
    return replace(rule, **changes)  # type: ignore[arg-type]


def test_the_same_rules_decide_the_same(town: Town) -> None:
    """Nothing was changed: every edit ends as it did, and none is left out."""
    found = replayed(town)

    assert {"Build", "Launch", "Sketch"} == {edit.title for edit in found.values()}
    assert {key: (edit.then, "") for key, edit in found.items()} == {
        key: (edit.now, edit.unknown) for key, edit in found.items()
    }


TABLE = [
    ("another owner", deadline(owners=("account_manager",)), ("held", "taken", "taken")),
    ("a kinder policy", deadline(others={ANYONE: Policy.NOTIFY}), ("taken", "told", "told")),
    ("a stricter policy", deadline(others={ANYONE: Policy.REVERT}), ("taken", "put back", "put back")),
    ("shared", deadline(owners=(), others={}, shared=Shared.LATEST), ("taken", "taken", "taken")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fates"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE])
def test_other_rules_decide_otherwise(town: Town, rule: Rule, fates: tuple[str, str, str]) -> None:
    """Each edit is judged by the new line against what was agreed right before it."""
    found = replayed(town, task__deadline=rule)
    edits = [
        found["Build", "deadline", "maya"],
        found["Launch", "deadline", "anna"],
        found["Build", "deadline", "anna"],
    ]

    assert ("taken", "held", "held") == tuple(fate(edit.then) for edit in edits)
    assert fates == tuple(fate(edit.now) for edit in edits)
    assert {str(NOW)} == {edit.rule_now for edit in edits}
    assert not found["Sketch", "notes", "ben"].different


def test_what_was_agreed_then_counts_and_not_what_is_agreed_now(town: Town) -> None:
    """Back to a value that stands today was an edit then, because another one stood."""
    town.later(minutes=5)
    town.edit("two", "Build", "ben", due="2026-11-30")
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "tom", due="2026-11-30")
    town.run()

    found = replayed(town)

    edit = found["Build", "deadline", "ben"]
    assert ("proposed", "proposed") == (edit.then, edit.now)


def test_what_cannot_be_known_is_said(town: Town) -> None:
    """A field without a line, and a person who is not there any more, are not guessed."""
    config = town.config()
    rules = {key: rule for key, rule in config.ownership.rules.items() if key[1] != "notes"}
    less = replace(
        config,
        ownership=replace(config.ownership, rules=rules),
        people={key: person for key, person in config.people.items() if key != "maya"},
    )
    start = town.now().replace(year=2000)

    found = {
        (e.title, e.field): e
        for e in replay(less, town.store, less.clients["acme"], start, town.now())
        if e.editor != "anna"
    }

    assert found["Sketch", "notes"].unknown == "the field has no owner line any more"
    assert not found["Sketch", "notes"].different
    assert fate(found["Build", "deadline"].now) == "held"  # a stranger's, by now


def test_only_what_was_edited_since(town: Town) -> None:
    """The time is that of the edit, as its tool tells it."""
    config = town.config()
    last = max(entry.at for entry in town.store.journal(limit=None) if entry.kind == "edit")

    found = list(replay(config, town.store, config.clients["acme"], last, town.now()))

    assert [("Build", "anna")] == [(edit.title, edit.editor) for edit in found]
