"""The conversation of README.md, as the stand-ins show it to people; rendered anew by

``python -m tests.system.conversation README.md``.
"""

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from syncer.cli.demo.people import KEPT, Person
from syncer.cli.demo.stage import Stage, staged
from syncer.cli.demo.steps import Step
from syncer.cli.demo.story import Story
from syncer.cli.demo.words import PROJECT
from syncer.cli.setup import Setup

BEGIN, END = "<!-- the conversation, as rendered -->", "<!-- end of the conversation -->"
ACTS: Final = (
    "First contact",
    "A producer moves the project's deadline in Asana",
    "The account manager moves the deadline in HubSpot",
    "A producer approves by a reply",
    "A producer edits the brief in Trello",
    "The account manager declines, and says why",
)
_TAG: Final = re.compile(r"<[^>]+>")
_NUMBER: Final = re.compile(r"\bP[2-9A-HJ-NP-Z]{5}\b")
_REF: Final = re.compile(r"\bsyncer [a-z2-9]{10}\b")


def rendered() -> str:
    """What people see, tool by tool, with days and numbers that are always the same."""
    setup = Setup()
    with staged(setup, None, setup.output(False), put_back=True) as stage:
        story = Story(stage)
        for number, act in enumerate(story.acts(), 1):
            if act.title in ACTS:
                step = Step(number, act.title, stage)
                act.do(step)
                step.run()
                act.see(step)
        text = "\n\n".join(_tools(stage, story))
    for at, found in enumerate(dict.fromkeys(_NUMBER.findall(text))):
        text = text.replace(found, ("P7KQ2M", "PB3XEN", "PR94TD")[at])
    days = {story.agreed.isoformat(): "2027-01-01", story.wanted.isoformat(): "2027-01-22"}
    for day, shown in days.items():
        text = text.replace(day, shown)
    return _REF.sub("syncer k7f3q2abcd", text)


def _tools(stage: Stage, story: Story) -> Iterator[str]:
    """What stands in each tool about the project, as its own person sees it."""
    yield _block('Asana, task "Heads-up" of the project', _asana(story.maya))
    yield _block("HubSpot, the deal", _hubspot(story.anna))
    yield _block('Trello, card "Heads-up" of the board', _trello(story.tom))


def _block(title: str, said: list[tuple[str, str]]) -> str:
    lines = [f"{who}:\n{_indented(text)}" for who, text in said]
    return f'{title} "{PROJECT}"\n\n```text\n' + "\n\n".join(lines) + "\n```"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.strip().splitlines())


def _asana(person: Person) -> list[tuple[str, str]]:
    task = next(t for t in person.tasks(PROJECT, kept=True) if t["name"] == KEPT[0])
    params = {"opt_fields": "type,html_text,created_by.name", "limit": 100}
    path = f"/tasks/{task['gid']}/stories"
    stories = person.line("asana").get(path, params=params).json()["data"]
    return [
        (s["created_by"]["name"], _plain(s["html_text"])) for s in stories if s["type"] == "comment"
    ]


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def _trello(person: Person) -> list[tuple[str, str]]:
    card = next(c for c in person.cards(PROJECT, kept=True) if c["name"] == KEPT[0])
    params = {"filter": "commentCard", "limit": 100}
    actions = person.line("trello").get(f"/cards/{card['id']}/actions", params=params).json()
    return [(a["memberCreator"]["fullName"], a["data"]["text"]) for a in reversed(actions)]


def _hubspot(person: Person) -> list[tuple[str, str]]:
    """The deal's activities as the app shows them, without their moments."""
    found: list[tuple[str, str]] = []
    control = person.line("hubspot")
    wish = {"object": "deals", "id": person.deal(PROJECT)["id"]}
    lines = control.post("/_sandbox/timeline", json=wish).json()["lines"]
    for line in lines:
        if line.startswith("  "):
            who, text = found.pop()
            found.append((who, f"{text}\n{line.strip()}"))
        else:
            found.append((_MOMENT.sub("", line), ""))
    return found


_MOMENT: Final = re.compile(r" \(\d\d \w{3} \d{4}, \d\d:\d\d\)$")


def within(text: str) -> str:
    """The conversation as a page holds it."""
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip()


def main(page: Path) -> None:
    """Write it anew."""
    text = page.read_text("utf-8")
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    page.write_text(f"{head}{BEGIN}\n\n{rendered()}\n\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
