"""The journal forgets the service's own writes of long ago, and nothing that people did."""

from collections import Counter
from pathlib import Path

from syncer.engine.context import Orders
from syncer.model.decisions import Editor
from syncer.model.report import CycleResult
from syncer.model.undoing import Undo
from syncer.reconcile.undoing import chosen
from tests.engine.town import Town


def in_step(folder: Path) -> Town:
    """A town in which a project and its task have their twins, and Maya moved a deadline."""
    town = Town(folder)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    one.create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    allowed = frozenset({"first_contact", "writes", "creates"})
    for _ in range(2):
        assert town.run(allowed=allowed).result is CycleResult.DONE
        town.later(minutes=5)
    town.edit("one", "Build", "maya", due="2026-12-24")
    assert town.run().result is CycleResult.DONE
    return town


def kinds(town: Town) -> Counter[str]:
    """How many lines of each kind the journal has."""
    return Counter(entry.kind for entry in town.store.journal("acme", limit=None))


def test_old_writes_leave_the_journal_after_a_full_compare(tmp_path: Path) -> None:
    """Ninety days long they stay, and until everything was compared; edits and verdicts stay on."""
    town = in_step(tmp_path)
    before = kinds(town)
    town.later(days=89)
    town.run(full=True)
    assert before["write"] == kinds(town)["write"] > 0

    town.later(days=2)
    town.run(full=True)

    after = kinds(town)
    assert (after["write"], after["first_contact"]) == (0, 0)
    for kind in ("edit", "verdict"):
        assert after[kind] == before[kind] > 0


def test_what_people_did_can_be_taken_back_after_that(tmp_path: Path) -> None:
    """An undoing goes by what was decided, which is kept."""
    town = in_step(tmp_path)
    (edit,) = [e for e in town.store.journal("acme", limit=None) if e.kind == "edit"]
    town.later(days=91)
    town.run(full=True)

    found = chosen(town.store.changes("acme", cycle=edit.cycle))
    order = Undo(Editor("maya", shown="Maya"), found.wishes, found.made, found.away, "undo")
    with town.service() as service:
        next(iter(service.run("acme", Orders(undo=order))))

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
