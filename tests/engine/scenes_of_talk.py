"""Towns right before a cycle in which people are told something, and what is compared after it."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from datetime import UTC, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from adapters.memory import put_world
from adapters.memory.options import Quirks
from syncer.model.notices import NoticeStatus
from syncer.model.rules import Expiry
from syncer.model.texts import Balance
from syncer.state import Store
from tests.engine.talking import TalkingTown, expiring, told

TO_DOS: Final = {"one": Quirks(to_dos=True)}


def asked(folder: Path, **more: Any) -> TalkingTown:
    """An account manager has moved a deadline: its owners are to be asked, and she is told."""
    town = told(folder, **more)
    town.edit("two", "Build", "anna", due="2026-12-15")
    return town


def of_a_project(folder: Path) -> TalkingTown:
    """The same about a project, which takes no comments: an item is to be kept for it."""
    town = told(folder)
    town.edit("two", "Relaunch", "anna", deadline="2026-12-20")
    return town


def a_new_version(folder: Path, **more: Any) -> TalkingTown:
    """She moves it once more: her proposal has a second version."""
    town = waiting(folder, **more)
    town.edit("two", "Build", "anna", due="2026-12-17")
    return town


def waiting(folder: Path, **more: Any) -> TalkingTown:
    """Owners were asked a while ago."""
    town = asked(folder, **more)
    town.run()
    town.later(minutes=5)
    return town


def with_to_dos(folder: Path) -> TalkingTown:
    """Owners are to be asked where only tasks reach anybody."""
    return asked(folder, quirks=TO_DOS)


def a_new_version_of_a_to_do(folder: Path) -> TalkingTown:
    """The tasks that were assigned are to say what is asked for now."""
    return a_new_version(folder, quirks=TO_DOS)


def a_to_do_that_is_over(folder: Path) -> TalkingTown:
    """She takes it back, so the tasks that were assigned are to be ticked off."""
    town = waiting(folder, quirks=TO_DOS)
    town.say("two", "Build", "anna", "withdraw")
    return town


def answered(folder: Path) -> TalkingTown:
    """One owner has approved, another declined, and somebody answered who may not."""
    town = told(folder)
    for title in ("Build", "Sketch"):
        town.edit("two", title, "anna", due="2026-12-15")
    town.run()
    town.later(minutes=5)
    town.say("one", "Sketch", "ben", "approve")
    town.later(minutes=1)
    town.say("one", "Build", "maya", "approve")
    town.say("one", "Sketch", "tom", "decline: the print shop is closed")
    return town


def too_early(folder: Path) -> TalkingTown:
    """An owner has approved before they could read of the second version."""
    town = waiting(folder)
    town.say("one", "Build", "maya", "approve")
    town.later(minutes=1)
    town.edit("two", "Build", "anna", due="2026-12-17")
    return town


def changed(folder: Path) -> TalkingTown:
    """Somebody has made a task, so who owns its first values is to hear of them."""
    town = told(folder)
    project = town.find("two", "Relaunch")
    town.worlds["two"].create("anna", "item", {"title": "New", "due": "2026-12-16"}, project.id)
    return town


def over(folder: Path) -> TalkingTown:
    """Nobody has answered in time."""
    town = waiting(folder, rules=expiring(2))
    town.later(days=1, hours=1)
    town.run()
    town.later(days=1)
    return town


def consented(folder: Path) -> TalkingTown:
    """Nobody has answered in time, which the rule takes for consent."""
    town = waiting(folder, rules=expiring(2, on_expiry=Expiry.APPLY))
    town.later(days=1, hours=1)
    town.run()
    town.later(days=1)
    return town


def half_over(folder: Path) -> TalkingTown:
    """Half of the time for an answer is over: a reminder is due."""
    town = waiting(folder, rules=expiring(2))
    town.later(days=1, hours=1)
    return town


def next_morning(folder: Path) -> TalkingTown:
    """What was asked in the evening waits for the digest of the next morning."""
    town = told(folder)
    town.balance = Balance(urgent=0)
    evening = town.now().astimezone(UTC).replace(hour=22, minute=0)
    while evening.weekday() != 1:
        evening += timedelta(days=1)
    town.later(seconds=(evening - town.now()).total_seconds())
    for title in ("Build", "Sketch"):
        town.edit("two", title, "anna", due="2027-03-05")
    town.run()
    town.later(hours=13)
    return town


def left(folder: Path) -> TalkingTown:
    """One task has left the scope and one is back in it: on each twin stands what became of it."""
    town = told(folder)
    two = town.worlds["two"]
    home, other = (
        town.find("two", "Relaunch"),
        two.create("tom", "project", {"name": "X"}, team="x"),
    )
    town.edit("two", "Build", "anna", project=other.id)
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "anna", project=home.id)
    town.edit("two", "Sketch", "anna", project=other.id)
    return town


SCENES: Final[Mapping[str, Callable[[Path], TalkingTown]]] = {
    "an owner is asked": asked,
    "an item is kept for it": of_a_project,
    "a new version": a_new_version,
    "to-dos": with_to_dos,
    "a new version of a to-do": a_new_version_of_a_to_do,
    "a to-do is ticked off": a_to_do_that_is_over,
    "replies": answered,
    "a reply too early": too_early,
    "a first value to confirm": changed,
    "an expiry": over,
    "an expiry that applies": consented,
    "a reminder": half_over,
    "a digest": next_morning,
    "out of the scope, and back": left,
}


class Picture:
    """A town as it stood at one moment, to be had again and again."""

    def __init__(self, town: TalkingTown) -> None:
        self._town = town
        self._now = town.now()
        self._worlds = self._copied(town)
        self._number = next(town._numbers)
        town.store.close()
        assert town.store.file is not None
        self._file = town.store.file
        self._kept = self._file.with_name("picture.db")
        shutil.copy(self._file, self._kept)

    def again(self) -> TalkingTown:
        """The town as it stood then; one that was had before is over."""
        town = copy(self._town)
        self._town.store.close()
        for left in self._file.parent.glob(f"{self._file.name}-*"):
            left.unlink()
        shutil.copy(self._kept, self._file)
        town.later(seconds=(self._now - town.now()).total_seconds())
        town.worlds = self._worlds
        town.worlds = self._copied(town)
        for name, world in town.worlds.items():
            put_world(town.world_name(name), world)
        town._numbers = count(self._number)
        town.store = Store.open(self._file)
        self._town = town
        return town

    @staticmethod
    def _copied(town: TalkingTown) -> Any:
        """Worlds of their own, with the clock that all share."""
        shared = {id(town.clock): town.clock}
        shared |= {id(world.lock): world.lock for world in town.worlds.values()}  # type: ignore[misc]
        return deepcopy(town.worlds, shared)


REPEATED: Final = re.compile(r"\n\n— syncer \w+\Z|\b(?=[A-Z0-9]*\d)[A-Z0-9]{6}\b|\b[A-Z]{6}\b")
"""What differs between two runs that tell the same: marks and numbers of proposals."""


def spoken(town: TalkingTown) -> Any:
    """Everything that was said and heard, without ids and times: each comment as it stands."""
    comments = {
        name: sorted(
            (_title(said.thing), said.by, REPEATED.sub("", said.markup), _to_do(said.to_do))
            for said in {said.id: said for said in world.talk.told if not said.deleted}.values()
        )
        for name, world in town.worlds.items()
    }
    kept = {name: len(world.talk.kept) for name, world in town.worlds.items()}
    every = town.store.notices("acme", tuple(NoticeStatus))
    notices = sorted(f"{n.kind} v{n.version} to {n.to}: {n.status}" for n in every)
    heard = Counter(
        f"{e.kind} {e.outcome} {REPEATED.sub('', e.text)}"
        for e in town.store.journal("acme", limit=10_000)
        if e.kind in ("heads_up", "answer")
    )
    delivered = sorted(
        (p.field, p.version, p.delivered, str(p.status))
        for p in town.store.proposals("acme", open_only=False)
    )
    return comments, kept, notices, heard, delivered


def _title(thing: Any) -> str:
    return str(thing.fields.get("title") or thing.fields.get("name"))


def _to_do(to_do: Any) -> str:
    return f"{to_do.assignee} done={to_do.done}" if to_do else ""
