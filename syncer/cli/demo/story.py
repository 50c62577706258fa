"""The story: first contact, edits by owners and by others, an answer, and then nothing to do."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from syncer.cli.demo.people import Person, Thing
from syncer.cli.demo.stage import Stage
from syncer.cli.demo.steps import Seen, Step
from syncer.cli.stand import ZONE
from syncer.report.plan import summary

PROJECT: Final = "Website relaunch"
TASK: Final = "Payment provider"
STRATEGY: Final = "Be the bakery that Copenhagen crosses town for."
BRIEF: Final = "A shop with everything. Also a blog. And an app."
_DAY_ENDS: Final = time(17, 0)
"""What the shipped mapping of Trello takes for "on that day"."""

Tell = Callable[[Step], None]


class Story:
    """The steps in order; each tells itself once it has been seen to be true.

    Args:
        tell: called with a step when it is over, also with one that failed.
    """

    def __init__(self, stage: Stage, tell: Tell) -> None:
        self.stage = stage
        self.maya, self.tom, self.anna = (
            stage.person(name, "bakery") for name in ("maya", "tom", "anna")
        )
        self.tell = tell
        self.deadline = date.fromisoformat(self._deal_deadline())
        self.wanted = self.deadline

    def play(self) -> None:
        """Everything. Raises ``Untrue`` at the first claim that is false."""
        for number, (title, act) in enumerate(self._acts(), 1):
            step = Step(number, title, self.stage)
            try:
                act(step)
            finally:
                self.tell(step)

    def _acts(self) -> Iterator[tuple[str, Tell]]:
        yield "First contact", self._first_contact
        yield "A producer moves a task's deadline in Asana", self._task_deadline
        yield "A producer moves the project's deadline in Asana", self._project_deadline
        yield "The account manager rewrites the strategy in HubSpot", self._strategy
        yield "The account manager moves the deadline in HubSpot", self._held
        yield "A producer accepts by making the edit", self._accepted
        yield "A producer edits the brief in Trello", self._brief
        yield "A last run", self._quiet

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

    # -- the steps --------------------------------------------------------------------------

    def _first_contact(self, step: Step) -> None:
        places = [self.stage.person("maya", key) for key in self.stage.stand.clients]
        before = [(_titles(p.projects(), p.tasks), _titles(p.boards(), p.cards)) for p in places]
        for tasks, cards in before:
            step.say(f"Asana holds {_counted(tasks)}; Trello holds {_counted(cards)}")
        step.say("None of it has met yet. syncer runs once.")
        reports = step.run()
        created = sum(report.created for report in reports)
        step.say(f"It made {created} records, with {sum(r.written for r in reports)} writes.")
        for person, (tasks, cards) in zip(places, before, strict=True):
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

    def _task_deadline(self, step: Step) -> None:
        day = date.fromisoformat(self.maya.task(PROJECT, TASK)["due_on"]) + timedelta(7)
        step.say(f'Maya moves "{TASK}" to {day} in Asana.')
        self.maya.move_task(PROJECT, TASK, day.isoformat())
        step.run()
        step.claim("Tom sees it on the Trello card", _evening(day), self._card_due)

    def _project_deadline(self, step: Step) -> None:
        self.deadline += timedelta(14)
        step.say(f'Tom moves "{PROJECT}" to {self.deadline} in Asana.')
        self.tom.move_project(PROJECT, self.deadline.isoformat())
        claim = "the plan says which tool cannot hold it"
        step.claim(claim, "a board in trello", self._not_expressible, running=False)
        step.run()
        step.claim("Anna sees it on the deal", self.deadline.isoformat(), self._deal_deadline)

    def _not_expressible(self) -> str:
        notes = [n for r in self.stage.plan() if r.plan for n in r.plan.inexpressible]
        mine = [n for n in notes if (n.title, n.field) == (PROJECT, "deadline")]
        return ", ".join(f"a board in {note.connection}" for note in mine) or "none"

    def _strategy(self, step: Step) -> None:
        step.say(f'Anna writes "{STRATEGY}" into the deal.')
        self.anna.change_deal(PROJECT, project_strategy=STRATEGY)
        step.run()
        step.claim("Maya sees it in the Asana project", STRATEGY, self._asana_strategy)

    def _held(self, step: Step) -> None:
        self.wanted = self.deadline + timedelta(21)
        step.say(f"Anna moves the deadline of the deal to {self.wanted}. It is the producers'.")
        self.anna.change_deal(PROJECT, project_deadline=self.wanted.isoformat())
        step.claim("she has done so", self.wanted.isoformat(), self._deal_deadline, running=False)
        step.run()
        stands = self.deadline.isoformat()
        listed = f"anna's {self.wanted}"
        step.claim("a proposal is listed", listed, lambda: self._waiting("deadline"))
        step.claim("Anna sees the producers' date on the deal again", stands, self._deal_deadline)
        step.claim("Maya's date stands in Asana", stands, self._asana_deadline)

    def _waiting(self, field: str) -> str:
        found = [f"{p.proposer}'s {p.value}" for p in self.stage.proposals(field)]
        return "; ".join(found) or "none"

    def _accepted(self, step: Step) -> None:
        [proposal] = self.stage.proposals("deadline")
        step.say(f"Maya sets {self.wanted} in Asana: that is a yes.")
        self.maya.move_project(PROJECT, self.wanted.isoformat())
        step.run()
        ended = lambda: self._ended(proposal.id)  # noqa: E731
        step.claim("the proposal has ended", "accepted by maya", ended)
        step.claim("Anna sees the date on the deal", self.wanted.isoformat(), self._deal_deadline)
        self.deadline = self.wanted

    def _ended(self, id: str) -> str:
        proposal = self.stage.store.proposal(id)
        return f"{proposal.status} by {proposal.closed_by}" if proposal else "gone"

    def _brief(self, step: Step) -> None:
        before = self._board_brief()
        step.say(f"Tom writes \"{BRIEF}\" as the board's description. It is the account managers'.")
        self.tom.describe_board(PROJECT, BRIEF)
        step.claim("he has done so", BRIEF, self._board_brief, running=False)
        step.run()
        step.claim("a proposal is listed", f"tom's {BRIEF}", lambda: self._waiting("brief"))
        step.claim("Tom sees the brief on the board again", before, self._board_brief)
        step.claim("Maya sees it unchanged in Asana", before, self._asana_brief)

    def _quiet(self, step: Step) -> None:
        before = self._everything()
        planned = [summary(report.plan) for report in self.stage.plan() if report.plan]
        nothing = "nothing to write; nothing to write"
        step.settle(Seen("the plans of both clients", nothing, "; ".join(planned)))
        reports = step.run()
        written = sum(report.written for report in reports)
        step.settle(Seen("what the run wrote", "0 writes", f"{written} writes"))
        step.settle(Seen("all tools show what they showed", before, self._everything()))


def _titles(
    places: Mapping[str, Thing], things: Callable[[str], list[Thing]]
) -> dict[str, list[str]]:
    return {name: [thing["name"] for thing in things(name)] for name in places}


def _counted(found: Mapping[str, list[str]]) -> str:
    parts = [f'{len(titles)} tasks in "{name}"' for name, titles in sorted(found.items())]
    return " and ".join(parts) or "nothing"


def _evening(day: date) -> str:
    moment = datetime.combine(day, _DAY_ENDS, ZoneInfo(ZONE)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
