"""The acts about results: they are counted, nobody polishes them, and a client can read them."""

import re
from collections.abc import Iterator
from functools import partial
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
        kept = [
            card for card in self.tom.cards(PROJECT, kept=True) if _MARK in str(card.get("desc"))
        ]
        return self._lines(kept[0]["desc"]) if len(kept) == 1 else f"{len(kept)} cards"

    # -- the acts ---------------------------------------------------------------------------

    def goals_stand(self, step: Step) -> None:
        """What there is to be measured."""
        for line in self._deal("project_goals").splitlines():
            step.say(f"Anna's goal on the deal: {line}")

    def results_told(self, step: Step) -> None:
        """What Google Analytics counted is where people work."""
        step.claim("the deal says how far they are", "yes", self._has_results)
        self.counted = self._deal("project_results_share")
        step.say(
            f"The first goal stands at {self.counted} %: {self._deal('project_results_pace')}."
        )
        words = self._lines(self._deal("project_results"))
        asana = partial(self.maya.custom_field, PROJECT, "Results")
        same = "the same figures"
        step.claim("Maya sees it in Asana", same, lambda: _same(words, self._lines(asana())))
        step.claim("Tom sees it on a card of the board", same, lambda: _same(words, self._card()))

    def _has_results(self) -> str:
        return _yes(bool(self.anna.deal(PROJECT)["properties"].get("project_results_share")))

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
        target = self._deal("project_goals").split(">=")[1].split()[0]
        yield "the first goal is told", "yes", _yes(f"{int(target):,}" in page)
        yield "how the goals stand is drawn", "yes", _yes("<svg" in page)
        price = round(float(self._deal("amount")))
        yield "the price is told", "no", _yes(f"{price:,}" in page or str(price) in page)
        staff = [person.name for person in self.stage.stand.world.people]
        yield "somebody at the agency is named", "no", _yes(any(name in page for name in staff))


def _same(left: str, right: str) -> str:
    return "the same figures" if left == right else f"{right}, not {left}"


def _yes(so: bool) -> str:
    return "yes" if so else "no"
