"""The story: first contact, edits by owners and by others, an answer, and then nothing to do."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from syncer.cli.demo.conversation import Conversation
from syncer.cli.demo.figures import Figures
from syncer.cli.demo.people import Person
from syncer.cli.demo.stage import Stage
from syncer.cli.demo.steps import Seen, Step
from syncer.cli.demo.words import PROJECT, counted, evening, titles
from syncer.report.plan import summary

if TYPE_CHECKING:
    pass

TASK: Final = "Payment provider"
STRATEGY: Final = "Be the bakery that Copenhagen crosses town for."
Tell = Callable[[Step], None]


class Act(Struct, frozen=True):
    """One part of the story: people act, then syncer runs once, then people look.

    Args:
        do: what people do, and what can be seen before syncer runs.
        see: what can be seen afterwards.
    """

    title: str
    do: Tell
    see: Tell


class Story:
    """The acts in order; each tells itself once it has been seen to be true.

    Args:
        tell: called with a step when it is over, also with one that failed.
    """

    def __init__(self, stage: Stage, tell: Tell = lambda _step: None) -> None:
        self.stage = stage
        self.maya, self.tom, self.anna = (
            stage.person(name, "bakery") for name in ("maya", "tom", "anna")
        )
        self.tell = tell
        self.agreed = date.fromisoformat(self._deal_deadline()) + timedelta(14)
        self.wanted = self.agreed + timedelta(21)

    def play(self) -> None:
        """Everything. Raises ``Untrue`` at the first claim that is false."""
        for place, act in enumerate(self.acts(), 1):
            step = Step(place, act.title, self.stage)
            try:
                act.do(step)
                step.run()
                act.see(step)
            finally:
                self.tell(step)

    def acts(self) -> list[Act]:
        """Everything that happens, in this order."""
        results = Figures(self.stage, self.anna, self.maya, self.tom)
        talk = Conversation(self.stage, (self.maya, self.tom, self.anna), self.agreed, self.wanted)
        return [
            Act("First contact", self._not_met, self._met),
            Act("Google Analytics is read", results.goals_stand, results.results_told),
            Act("A producer moves a task's deadline in Asana", self._move_task, self._task_moved),
            Act(
                "A producer moves the project's deadline in Asana",
                self._move_project,
                self._project_moved,
            ),
            Act(
                "The account manager rewrites the strategy in HubSpot",
                self._rewrite_strategy,
                self._strategy_taken,
            ),
            Act("The account manager moves the deadline in HubSpot", talk.move_deal, talk.held),
            Act("A producer approves by a reply", talk.approve, talk.approved),
            Act("A producer edits the brief in Trello", talk.edit_brief, talk.brief_held),
            Act("The account manager declines, and says why", talk.decline, talk.declined),
            Act("What was counted is nobody's to write", results.polish, results.counted_again),
            Act("A last run", self._nothing_planned, self._nothing_written),
            Act("The page for the client", results.send, results.sent),
        ]

    # -- what can be seen -------------------------------------------------------------------

    def _deal_deadline(self) -> str:
        return str(self.anna.deal(PROJECT)["properties"]["project_deadline"])[:10]

    def _deal_strategy(self) -> str:
        return str(self.anna.deal(PROJECT)["properties"]["project_strategy"])

    def _asana_deadline(self) -> str:
        return str(self.maya.projects()[PROJECT]["due_on"])

    def _asana_strategy(self) -> str:
        return str(self.maya.custom_field(PROJECT, "Strategy"))

    def _asana_brief(self) -> str:
        return str(self.maya.projects()[PROJECT]["notes"]).strip()

    def _board_brief(self) -> str:
        return str(self.tom.boards()[PROJECT]["desc"])

    def _card_due(self) -> str:
        return str(self.tom.card(PROJECT, TASK)["due"])

    def _everything(self) -> str:
        """The values of this story, as all tools show them."""
        shown = (
            self._deal_deadline(), self._asana_deadline(), self._deal_strategy(),
            self._asana_strategy(), self._asana_brief(), self._board_brief(), self._card_due(),
        )  # fmt: skip
        return "; ".join(f'"{value}"' for value in shown)

    # -- the acts ---------------------------------------------------------------------------

    def _not_met(self, step: Step) -> None:
        self.places = [self.stage.person("maya", key) for key in self.stage.stand.clients]
        self.before = [
            (titles(p.projects(), p.tasks), titles(p.boards(), p.cards)) for p in self.places
        ]
        for tasks, cards in self.before:
            step.say(f"Asana holds {counted(tasks)}; Trello holds {counted(cards)}")
        step.say("None of it has met yet. syncer runs once.")

    def _met(self, step: Step) -> None:
        created = sum(report.created for report in step.reports)
        written = sum(report.written for report in step.reports)
        step.say(f"It made {created} records, with {written} writes.")
        for person, (tasks, cards) in zip(self.places, self.before, strict=True):
            for name in sorted({*tasks, *cards}):
                self._twins(step, person, name, tasks.get(name, []), cards.get(name, []))

    def _twins(
        self, step: Step, person: Person, name: str, tasks: list[str], cards: list[str]
    ) -> None:
        """Every task of a project is now once in Asana and once in Trello."""
        every, matched = sorted({*tasks, *cards}), len(set(tasks) & set(cards))

        def look() -> str:
            shown = sorted(task["name"] for task in person.tasks(name))
            there = sorted(card["name"] for card in person.cards(name))
            same = "the same" if shown == there == every else "not the same"
            return f"{len(shown)} in Asana, {len(there)} in Trello, {same}"

        expected = f"{len(every)} in Asana, {len(every)} in Trello, the same"
        step.claim(f'"{name}", {matched} matched', expected, look)

    def _move_task(self, step: Step) -> None:
        self.due = date.fromisoformat(self.maya.task(PROJECT, TASK)["due_on"]) + timedelta(7)
        step.say(f'Maya moves "{TASK}" to {self.due} in Asana.')
        self.maya.move_task(PROJECT, TASK, self.due.isoformat())

    def _task_moved(self, step: Step) -> None:
        step.claim("Tom sees it on the Trello card", evening(self.due), self._card_due)

    def _move_project(self, step: Step) -> None:
        step.say(f'Tom moves "{PROJECT}" to {self.agreed} in Asana.')
        self.tom.move_project(PROJECT, self.agreed.isoformat())
        claim = "the plan says which tool cannot hold it"
        step.claim(claim, "a board in trello", self._not_expressible, running=False)

    def _project_moved(self, step: Step) -> None:
        step.claim("Anna sees it on the deal", self.agreed.isoformat(), self._deal_deadline)

    def _not_expressible(self) -> str:
        notes = [n for r in self.stage.plan() if r.plan for n in r.plan.inexpressible]
        mine = [n for n in notes if (n.title, n.field) == (PROJECT, "deadline")]
        return ", ".join(f"a board in {note.connection}" for note in mine) or "none"

    def _rewrite_strategy(self, step: Step) -> None:
        step.say(f'Anna writes "{STRATEGY}" into the deal.')
        self.anna.change_deal(PROJECT, project_strategy=STRATEGY)

    def _strategy_taken(self, step: Step) -> None:
        step.claim("Maya sees it in the Asana project", STRATEGY, self._asana_strategy)

    def _nothing_planned(self, step: Step) -> None:
        self.shown = self._everything()
        planned = [summary(report.plan) for report in self.stage.plan() if report.plan]
        nothing = "nothing to write; nothing to write"
        step.settle(Seen("the plans of both clients", nothing, "; ".join(planned)))

    def _nothing_written(self, step: Step) -> None:
        written = sum(report.written for report in step.reports)
        step.settle(Seen("what the run wrote", "0 writes", f"{written} writes"))
        step.settle(Seen("all tools show what they showed", self.shown, self._everything()))
