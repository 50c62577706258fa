"""The first day, as ops live it: a board of 40 cards, and a project that holds half of them."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.adapterkit.sandbox import Task
from syncer.cli import main
from tests.system.corner import RELAUNCH, TASK, Corner, corner_world

BOTH = {
    "Wireframes of the home page": "Wireframes of the homepage",
    "Collect photos of the bakery": "Collect photos from the bakery",
    "Menu for the summer": "Menu for summer",
    "Newsletter about sourdough": "Newsletter about sour dough",
    "Order form, with pick-up": "Order form with pick up",
    "Opening hours on every page": "Opening hours on all pages",
    "Translate the shop": "Translate the shops",
    "Legal notice and imprint": "Imprint and legal notice",
    "Contract with the courier": "Contract with the couriers",
    "Favicon and social cards": "Favicon, social cards",
    "Test orders by phone": "Test order by phone",
    "Check accessibility": "Check the accessibility",
    "Prices of catering": "Prices for catering",
    "Loyalty programme": "Loyalty program",
    "Gift vouchers": "Gift voucher",
    "Christmas landing page": "Christmas landing-page!",
    "Cookie banner": "Cookies banner",
    "Map of the three shops": "Map of three shops",
    "Teach the staff": "Teach our staff",
    "Backup before the launch": "Backup before launch",
}
"""What stands on the board, and how somebody wrote it in the project."""

ALONE = (
    "Redirects", "Colour palette", "Typography", "Analytics goals", "Flour supplier page",
    "Recipe of the month", "Jobs page", "Press kit", "Allergen table", "Wholesale login",
    "Instagram feed", "Reviews widget", "Robots file", "Performance budget", "404 page",
    "Delivery zones", "Payment provider", "Invoice layout", "Farmers market dates", "Hand-over",
)  # fmt: skip
MATCHED = ["match only", "match then create"]


def world() -> Any:
    """Two tools that never met, with one project in each."""
    tasks: list[Task] = []
    for system, titles in (("trello", [*BOTH, *ALONE]), ("asana", [*BOTH.values()])):
        for number, title in enumerate(titles):
            one = replace(TASK, key=f"{system}-{number}", title=title, systems=frozenset({system}))
            tasks.append(replace(one, notes="Ask Anna" if system == "asana" else ""))
    return replace(
        corner_world(), projects=(replace(RELAUNCH, systems=frozenset({"trello", "asana"})),),
        tasks=tuple(tasks),
    )  # fmt: skip


class First(Corner):
    """Trello and Asana on their first day."""

    def titles(self) -> dict[str, Counter[str]]:
        """The titles of all cards and tasks there are, whatever the service thinks."""
        cards: Any = self.boxes["trello"].state()
        tasks: Any = self.boxes["asana"].state()
        named = cards["cards"]
        listed = named.values() if isinstance(named, dict) else named
        return {
            "trello": Counter(card["name"] for card in listed),
            "asana": Counter(t["name"] for t in tasks.values() if t["resource_type"] == "task"),
        }

    def say(self, capture: Any, *args: str) -> tuple[int, str]:
        """What a command prints, typed in a terminal beside the running tools."""
        capture.readouterr()
        env = [f"{name}={value}" for name, value in self.secrets.items()]
        (self.folder / "env").write_text("\n".join(env) + "\n")
        place = ["--config", str(self.folder), "--env-file", str(self.folder / "env")]
        with pytest.raises(SystemExit) as ended:
            main([*place, *args])
        told = capture.readouterr()
        return int(ended.value.code or 0), told.out + told.err


@pytest.fixture
def first(tmp_path: Path) -> Iterator[First]:
    """The two tools, served on real sockets."""
    with First(tmp_path, ("trello", "asana"), world()) as corner:
        yield corner


def decisions(file: Path, words: dict[str, str]) -> None:
    """What somebody writes into the column `decision` of a spreadsheet, by a card's title."""
    with file.open(newline="", encoding="utf-8-sig") as stream:
        text = stream.read()
    rows = list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text else ","))
    for row in rows:
        row["decision"] = words.get(row["title_2"], row["decision"])
    # Spreadsheets of many countries write it like this.
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def tally(said: str) -> list[str]:
    """The row of the table of a first contact."""
    lines = said.splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("first contact"))
    return lines[head + 1].split()


def test_the_first_day(first: First, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing is doubled; what is nearly the same is listed, decided in a spreadsheet and by a
    score, and joined; then the rest is made, once, and all is quiet.
    """
    before = first.titles()

    code, said = first.say(capfd, "plan")
    assert (code, tally(said)) == (0, ["bakery", "1", "20", "20", "0", "0", "0"])
    code, said = first.say(capfd, "run")
    assert (code, tally(said)) == (0, ["bakery", "1", "20", "20", "0", "0", "0"])
    assert "20 pairs may be the same; nothing is made of them until somebody says" in said
    assert first.titles()["trello"] == before["trello"]
    assert first.titles()["asana"] == before["asana"] + Counter(ALONE)

    first.forget()
    assert first.say(capfd, "run")[0] == 0
    assert first.writes() == {"trello": [], "asana": []}

    file = tmp_path / "twins.csv"
    assert first.say(capfd, "match", "export", "--out", str(file))[0] == 0
    decisions(file, {"Teach the staff": "reject", "Menu for the summer": "acept"})
    code, said = first.say(capfd, "match", "import", str(file))
    assert code == 2
    assert 'decision "acept" is none; write accept, reject, create, open or nothing' in said
    decisions(file, {"Menu for the summer": "accept"})
    code, said = first.say(capfd, "match", "import", str(file))
    assert (code, said.splitlines()[0]) == (0, "1 accepted, 1 rejected")

    code, said = first.say(capfd, "match", "accept", "--above", "0.9")
    assert "would be: 17 accepted" in said
    assert "nothing was changed; --yes does it" in said
    assert first.say(capfd, "match", "accept", "--above", "0.9", "--yes")[0] == 0
    code, said = first.say(capfd, "match", "list", "--json")
    left = [one["id"] for one in json.loads(said)["candidates"]]
    assert len(left) == 1
    assert first.say(capfd, "match", "accept", *left)[0] == 0

    for _ in range(2):
        assert first.say(capfd, "run")[0] == 0
    here = first.places()
    twins = Counter(len(links) for _, links in here.values())
    assert twins == {2: 1 + 40 + 1}, here  # the project, the board's cards, and the rejected one
    assert {name: sum(count.values()) for name, count in first.titles().items()} == {
        "trello": 41,
        "asana": 41,
    }
    said = json.dumps(first.said("trello", "task", "Gift voucher", "desc"))
    assert "Ask Anna" in said  # a filled value went before an empty one
    first.forget()
    assert first.say(capfd, "run")[0] == 0
    assert first.writes() == {"trello": [], "asana": []}
