"""The acts about results: they are counted, nobody polishes them, and a client can read them."""

import re
from collections.abc import Iterator
from typing import Final

from syncer.cli.demo.people import Person
from syncer.cli.demo.stage import Stage
from syncer.cli.demo.steps import Seen, Step

PROJECT: Final = "Website relaunch"
_MARK: Final = "Kept by syncer"
_NUMBERS: Final = re.compile(r"[0-9]+")


class Figures:
    """Three acts; the sandbox of Google Analytics counts."""

    def __init__(self, stage: Stage, anna: Person, maya: Person, tom: Person) -> None:
        self.stage = stage
        self.anna, self.maya, self.tom = anna, maya, tom
        self.counted = ""

    # -- what can be seen -------------------------------------------------------------------

    def _deal(self, name: str) -> str:
        return str(self.anna.deal(PROJECT)["properties"][name])

    def _lines(self, text: object) -> str:
        """The numbers of a text about results, wherever and in whatever marks it stands."""
        told = str(text).split(_MARK)[0]
        return " ".join(_NUMBERS.findall(told.replace(",", ""))) or "none"

    def _card(self) -> str:
        kept = [card for card in self.tom.cards(PROJECT) if _MARK in str(card.get("desc"))]
        return self._lines(kept[0]["desc"]) if len(kept) == 1 else f"{len(kept)} cards"

    # -- the acts ---------------------------------------------------------------------------

    def goals_stand(self, step: Step) -> None:
        """What there is to be measured."""
        for line in self._deal("project_goals").splitlines():
            step.say(f"Anna's goal on the deal: {line}")

    def results_told(self, step: Step) -> None:
        """What Google Analytics counted is where people work."""
        step.claim("the deal says how far they are", "True", self._has_results)
        self.counted = self._deal("project_results_share")
        step.say(
            f"The first goal stands at {self.counted} %: {self._deal('project_results_pace')}."
        )
        words = self._lines(self._deal("project_results"))
        asana = self.maya.custom_field
        step.claim(
            "Maya sees the same in Asana", words, lambda: self._lines(asana(PROJECT, "Results"))
        )
        step.claim("Tom sees it on a card of the board", words, self._card)

    def _has_results(self) -> str:
        return str(bool(self.anna.deal(PROJECT)["properties"].get("project_results_share")))

    def polish(self, step: Step) -> None:
        """An account manager would like it better."""
        step.say("Anna sets the share of the first goal to 100 on the deal. It was counted.")
        self.anna.change_deal(PROJECT, project_results_share="100")
        step.claim(
            "she has done so", "100", lambda: self._deal("project_results_share"), running=False
        )

    def counted_again(self, step: Step) -> None:
        """What is counted is nobody's to write."""
        claim = "Anna sees what was counted again"
        step.claim(claim, self.counted, lambda: self._deal("project_results_share"))

    def send(self, step: Step) -> None:
        """The page for the client."""
        step.say("Anna asks for the page that she sends to the client.")

    def sent(self, step: Step) -> None:
        """It tells the goals, and nothing that is the agency's own."""
        page, file = self.stage.page("bakery")
        for claim, expected, seen in self._told(page):
            step.settle(Seen(claim, expected, seen))
        step.say(f"It is {len(page) // 1000} KB in one file: {file}")

    def _told(self, page: str) -> Iterator[tuple[str, str, str]]:
        goal = self._deal("project_goals").splitlines()[0].replace(">", "&gt;")
        yield "it tells the first goal", "True", str(goal in page)
        yield "it draws how the goals stand", "True", str(page.count("<svg") > 0)
        price = f"{18500:,}"
        yield "it holds no price", "False", str(price in page or "18500" in page)
        staff = [person.name for person in self.stage.stand.world.people]
        yield "it names nobody", "[]", str([name for name in staff if name in page])
