"""What is held, told, and answered: by people, in the tools where they work."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

from syncer.cli.demo.people import Person
from syncer.cli.demo.stage import Stage
from syncer.cli.demo.steps import Step
from syncer.cli.demo.talk import (
    asana_says,
    hubspot_asks,
    hubspot_says,
    number,
    reply_in_asana,
    reply_in_hubspot,
    trello_says,
)
from syncer.cli.demo.words import PROJECT

if TYPE_CHECKING:
    from syncer.model.records import Proposal

BRIEF: Final = "A shop with everything. Also a blog. And an app."
REASON: Final = "We agreed on a shop, and nothing beside it."


class Conversation:
    """The acts in which people are told something and answer it.

    Args:
        people: maya and tom, producers, and anna, the account manager.
        agreed: the deadline that stands; ``wanted`` is the one that anna asks for.
    """

    def __init__(
        self, stage: Stage, people: tuple[Person, Person, Person], agreed: date, wanted: date
    ) -> None:
        self.stage = stage
        self.maya, self.tom, self.anna = people
        self.agreed, self.wanted = agreed, wanted
        self.asked = self.number = self.written = ""

    def _deal_deadline(self) -> str:
        return str(self.anna.deal(PROJECT)["properties"]["project_deadline"])[:10]

    def _asana_deadline(self) -> str:
        return str(self.maya.projects()[PROJECT]["due_on"])

    def _asana_brief(self) -> str:
        return str(self.maya.projects()[PROJECT]["notes"]).strip()

    def _board_brief(self) -> str:
        return str(self.tom.boards()[PROJECT]["desc"])

    def move_deal(self, step: Step) -> None:
        """Anna sets a deadline that is not hers to set."""
        step.say(f"Anna moves the deadline of the deal to {self.wanted}. It is the producers'.")
        self.anna.change_deal(PROJECT, project_deadline=self.wanted.isoformat())
        step.claim("she has done so", self.wanted.isoformat(), self._deal_deadline, running=False)

    def held(self, step: Step) -> None:
        """It is held; those it belongs to are asked, and she reads that it waits."""
        stands = self.agreed.isoformat()
        listed = f"anna's {self.wanted}"
        step.claim("a proposal is listed", listed, lambda: self._waiting("deadline"))
        step.claim("Anna sees the producers' date on the deal again", stands, self._deal_deadline)
        step.claim("Maya's date stands in Asana", stands, self._asana_deadline)
        asked = f"Asked for: {self.wanted}"
        step.claim("Maya and Tom are asked in Asana", asked, lambda: self._line(self._asana, asked))
        self.asked = self._only("deadline").id
        waits = f"a note with {self._only('deadline').number}"
        step.claim("Anna reads on the deal that it waits", waits, lambda: self._note("deadline"))

    def _waiting(self, field: str) -> str:
        found = [f"{p.proposer}'s {p.value}" for p in self.stage.proposals(field)]
        return "; ".join(found) or "none"

    def _only(self, field: str) -> "Proposal":
        [proposal] = self.stage.proposals(field)
        return proposal

    def _asana(self) -> list[str]:
        return asana_says(self.maya, PROJECT)

    def _deal_notes(self) -> list[str]:
        return hubspot_says(self.anna, PROJECT)

    def _board(self) -> list[str]:
        return trello_says(self.tom, PROJECT)

    def _line(self, says: Callable[[], list[str]], wanted: str) -> str:
        """The line of the last comment that is looked for, else all that it says."""
        said = (says() or ["nothing"])[-1]
        return next((line for line in said.splitlines() if line.endswith(wanted)), said)

    def _note(self, field: str) -> str:
        """What the last note on the deal is about."""
        said = (self._deal_notes() or [""])[-1]
        return f"a note with {number(said)}" if field in said else "no such note"

    def approve(self, step: Step) -> None:
        """A producer answers."""
        step.say('Maya replies under the heads-up in Asana: "approve".')
        reply_in_asana(self.maya, PROJECT, "approve")

    def approved(self, step: Step) -> None:
        """The answer counts everywhere, and Anna hears of it."""
        step.claim("the proposal has ended", "accepted by maya", self._ended)
        step.claim("Maya sees the date in Asana", self.wanted.isoformat(), self._asana_deadline)
        step.claim("Anna sees the date on the deal", self.wanted.isoformat(), self._deal_deadline)
        step.claim("Anna reads who approved it", "approved", self._news)

    def _news(self) -> str:
        """Whether the last note on the deal says that it was approved."""
        said = (self._deal_notes() or [""])[-1]
        return "approved" if "Maya Okafor approved it" in said else said

    def _ended(self) -> str:
        proposal = self.stage.proposal(self.asked)
        return f"{proposal.status} by {proposal.closed_by}" if proposal else "gone"

    def edit_brief(self, step: Step) -> None:
        """Tom edits what belongs to the account managers."""
        self.written = self._board_brief()
        step.say(f"Tom writes \"{BRIEF}\" as the board's description. It is the account managers'.")
        self.tom.describe_board(PROJECT, BRIEF)
        step.claim("he has done so", BRIEF, self._board_brief, running=False)

    def brief_held(self, step: Step) -> None:
        """It is held, and Anna has something to do in her own tool."""
        step.claim("a proposal is listed", f"tom's {BRIEF}", lambda: self._waiting("brief"))
        step.claim("Tom sees the brief on the board again", self.written, self._board_brief)
        step.claim("Maya sees it unchanged in Asana", self.written, self._asana_brief)
        self.asked, self.number = self._only("brief").id, self._only("brief").number
        claim = "Anna has a task in HubSpot for it"
        step.claim(claim, f"a task for {self.number}", self._to_do)

    def _to_do(self) -> str:
        return (
            "; ".join(f"a task for {number(s)}" for s in hubspot_asks(self.anna, PROJECT)) or "none"
        )

    def decline(self, step: Step) -> None:
        """Anna answers there, with the number that she reads in her task."""
        self.number = number("; ".join(hubspot_asks(self.anna, PROJECT)))
        text = f"decline {self.number} {REASON}"
        step.say(f'Anna writes a note on the deal: "{text}".')
        reply_in_hubspot(self.anna, PROJECT, text)

    def declined(self, step: Step) -> None:
        """Tom reads why."""
        step.claim("the proposal has ended", "declined by anna", self._ended)
        step.claim(
            "Tom reads why, in Trello",
            REASON,
            lambda: self._line(self._board, REASON)[-len(REASON) :],
        )
        step.claim("the brief on the board is as it was", self.written, self._board_brief)
        step.claim("Anna's task is done", "none", self._to_do)
