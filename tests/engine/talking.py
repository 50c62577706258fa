"""A town in which people are told where they work, and answer there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from syncer.model.comments import Thread
from syncer.model.configuration import Configuration, HeadsUp
from syncer.model.records import Proposal
from syncer.model.rules import Rule, Source
from syncer.model.texts import Balance
from tests.engine.town import Town, ownership
from tests.reconcile.made_talk import TEXTS

AT_ANY_TIME = Balance(quiet=None, workdays=frozenset(range(7)))
"""Nobody's evening and no week-end keeps anybody from being told."""


@dataclass
class TalkingTown(Town):
    """A town whose people are told in their tools: producers in one, account managers in two."""

    heads_up: HeadsUp = HeadsUp.IN_TOOLS
    balance: Balance = AT_ANY_TIME
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()

    def config(self) -> Configuration:
        """The configuration of this town."""
        plain = super().config()
        people = {k: replace(p, **self.more.get(k, {})) for k, p in plain.people.items()}
        rules = replace(plain.ownership, confidential=self.secret)
        return replace(
            plain,
            people=people,
            balance=self.balance,
            texts=TEXTS,
            ownership=rules,
        )

    def comments(self, system: str, title: str) -> list[str]:
        """What stands under a thing, as people read it, the oldest first."""
        thing = self.find(system, title)
        return [said.markup for said in self.worlds[system].talk.under(thing.id)]

    def every_comment(self) -> dict[str, int]:
        """How many comments of the service stand in each system."""
        return {
            name: len(
                {said.id for said in world.talk.told if said.by == "u-syncer" and not said.to_do}
            )
            for name, world in self.worlds.items()
        }

    def say(self, system: str, title: str, by: str, text: str) -> None:
        """A person answers under a thing."""
        self.worlds[system].talk.say(by, self.find(system, title).id, text)

    def waiting(self) -> list[Proposal]:
        """Proposals that are open."""
        return self.store.proposals("acme")

    def ended(self) -> list[tuple[str, str | None]]:
        """How proposals ended, and by whom."""
        every = self.store.proposals("acme", open_only=False)
        return [(str(p.status), p.closed_by) for p in every if str(p.status) != "open"]


def told(folder: Path, **more: Any) -> TalkingTown:
    """A town in step, with one project and two tasks; people begin to act."""
    town = TalkingTown(folder, **more)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    for title in ("Sketch", "Build"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.run()
    town.later(minutes=5)
    return town


def expiring(rule_days: int, **more: Any) -> Any:
    """The usual rules, with a time for answers about a task's deadline."""
    usual = ownership().rules[("task", "deadline")]
    changed: Rule = replace(usual, expires_days=rule_days, **more)
    return ownership(task__deadline=changed)


__all__ = ["AT_ANY_TIME", "Source", "TalkingTown", "Thread", "expiring", "told"]
