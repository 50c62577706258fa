"""The story: strangers at work on clients of the agency while syncer keeps their tools in step."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, Final

from tests.strangers.agreement import differences
from tests.strangers.stage import Stage, Untrue
from tests.strangers.tours import TOURS

PROJECT: Final = "Website relaunch"
BORN: Final = "Autumn tasting"
STRATEGY: Final = "Be the bakery that Copenhagen crosses town for."
GOALS: Final = "Two hundred orders a day"
BRIEF: Final = "A shop that smells of bread. Nothing else."
CARD: Final = "Cookie banner"

Act = Callable[[], None]


class Play:
    """The scenes in order. What they promise is checked as the clients see it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.promises = 0
        scopes = {name: stage.stand[name]["scopes"] for name in stage.strangers}
        self.clients = list(scopes["trello"])
        self.boards = {key: scopes["trello"][key]["workspace"] for key in self.clients}
        self.teams = {key: scopes["asana"][key]["team"] for key in self.clients}
        self.companies = {key: scopes["hubspot"][key]["company"] for key in self.clients}
        self.deadline = date(2026, 12, 18)

    def scenes(self) -> Iterator[tuple[str, Act]]:
        """What happens, and what it is called."""
        yield "strangers tour the tools while syncer meets the agency", self._first_contact
        yield "nothing to do: nothing is written", self._quiet
        yield "a producer makes a card, another plans in Asana", self._morning
        yield "an account manager writes in HubSpot, a producer moves a deadline", self._deal
        yield "an account manager moves deadlines that are not hers", self._held
        yield "the producers agree by making the edits", self._accepted
        yield "people tidy up", self._tidied
        yield "a deal is won: a project is born", self._born
        yield "the deal is archived: once she agrees, so is the project", self._put_away
        yield "the end: all in step, and a full compare writes nothing", self._end

    # -- the strangers ----------------------------------------------------------------------

    def _trello(self, step: str, who: str, **args: Any) -> Any:
        home = self.boards["bakery"]
        return self.stage.strangers["trello"](f"story.{step}", who=who, workspace=home, **args)

    def _asana(self, step: str, who: str, **args: Any) -> Any:
        team = self.teams["bakery"]
        return self.stage.strangers["asana"](f"story.{step}", who=who, team=team, **args)

    def _hubspot(self, step: str, who: str, **args: Any) -> Any:
        return self.stage.strangers["hubspot"](f"story.{step}", who=who, **args)

    def _card(self, title: str, board: str = PROJECT) -> dict[str, Any]:
        return dict(self._trello("look", "tom")[board]["tasks"][title])

    def _task(self, title: str, project: str = PROJECT) -> dict[str, Any]:
        return dict(self._asana("look", "maya")[project]["tasks"][title])

    def _same(self, what: str, expected: Any, seen: Any) -> None:
        if expected != seen:
            raise Untrue(f"{what}: promised {expected!r}, seen {seen!r}")
        self.promises += 1

    # -- the scenes -------------------------------------------------------------------------

    def _first_contact(self) -> None:
        """Everybody at once: a tour of each tool, and syncer in a process of its own."""
        with ThreadPoolExecutor(len(TOURS)) as pool:
            tours = [pool.submit(tour, self.stage) for tour in TOURS.values()]
            self.stage.run()
            for tour in tours:
                tour.result()
        self._in_step()

    def _quiet(self) -> None:
        self.stage.run()
        self._same("an idle run", 0, self.stage.written[-1])

    def _in_step(self) -> None:
        """All tools show the same, for each client, as each tool's own client sees it."""
        strangers = self.stage.strangers
        for key in self.clients:
            boards = strangers["trello"]("story.look", who="tom", workspace=self.boards[key])
            projects = strangers["asana"]("story.look", who="maya", team=self.teams[key])
            deals = strangers["hubspot"]("story.look", who="anna", company=self.companies[key])
            self._same(f"all tools agree about {key}", [], differences(boards, projects, deals))

    def _morning(self) -> None:
        self._trello("make", "tom", board=PROJECT, title=CARD, full=True)
        title, remark = "Payment provider", "They want a deposit."
        self._asana("move_task", "maya", project=PROJECT, title=title, day="2026-11-20")
        self._asana("place", "maya", project=PROJECT, title=title, section="Doing")
        self._asana("comment", "maya", project=PROJECT, title=title, text=remark)
        self.stage.run()
        task: dict[str, Any] = {
            "notes": "Ask their lawyer first.",
            "due": "2026-12-10",
            "status": "Doing",
        }
        task |= {"labels": ["Legal"], "people": ["maya"], "hours": "3.5", "priority": "High"}
        self._same("the card as a task in Asana", task, self._task(CARD))
        extras = {
            "comments": [["tom", "The old banner was refused."]],
            "checklists": [["Danish", True], ["English", False]],
            "attachments": ["The law"],
        }
        seen = self._trello("extras", "tom", board=PROJECT, title=CARD)
        self._same("what hangs on the card is untouched", extras, seen)
        self._same(
            "and stays there", [], self._asana("comments", "maya", project=PROJECT, title=CARD)
        )
        card = self._card(title)
        self._same("the moved task on its card", ("2026-11-20T17:00:00.000Z", "Doing"),
                   (card["due"], card["status"]))  # fmt: skip
        moved = self._trello("moves", "tom", board=PROJECT, title=title)
        self._same("the card's own history", [["To do", "Doing"]], moved)
        said = self._asana("comments", "tom", project=PROJECT, title=title)
        self._same("her comment", [["maya", remark]], said)

    def _deal(self) -> None:
        self._hubspot("change", "anna", deal=PROJECT, project_strategy=STRATEGY)
        wish = {"project_brief": BRIEF, "project_goals": GOALS}
        self._hubspot("change_many", "anna", wishes={PROJECT: wish})
        self._hubspot("change", "tom", deal=PROJECT, amount="1")
        self.deadline += timedelta(14)
        self._asana("move_project", "tom", project=PROJECT, day=self.deadline.isoformat())
        self.stage.run()
        project = self._asana("look", "maya")[PROJECT]
        fields = project["fields"]
        self._same(
            "strategy and goals in Asana", (STRATEGY, GOALS), (fields["Strategy"], fields["Goals"])
        )
        self._same("the brief in Asana", BRIEF, project["brief"].strip())
        self._same("the brief on the board", BRIEF, self._trello("look", "tom")[PROJECT]["brief"])
        price = self._hubspot("past", "anna", deal=PROJECT, property="amount")
        self._same("the price is put back, as its history tells",
                   [["18500", "INTEGRATION"], ["1", "tom"], ["18500", "anna"]], price)  # fmt: skip
        moved = self._hubspot("past", "anna", deal=PROJECT, property="project_deadline")[0]
        self._same("the deadline on the deal", [self.deadline.isoformat(), "INTEGRATION"], moved)

    def _held(self) -> None:
        """On a card and on a deal, both by Anna; both wait for a producer."""
        due, other = "2026-12-11T17:00:00+00:00", (self.deadline + timedelta(21)).isoformat()
        title = "Accessibility check"
        self._trello("set_due", "anna", board=PROJECT, title=title, due=due)
        self._trello("comment", "anna", board=PROJECT, title=title, text="They are on holiday.")
        self._hubspot("change", "anna", deal=PROJECT, project_deadline=other)
        self.stage.run()
        stands = "2026-12-04T17:00:00.000Z"
        self._same("the card shows the producers' day again", stands, self._card(title)["due"])
        past = self._trello("dues", "anna", board=PROJECT, title=title)
        self._same("and tells who did what",
                   [["syncer", stands], ["anna", "2026-12-11T17:00:00.000Z"]], past)  # fmt: skip
        said = self._trello("extras", "anna", board=PROJECT, title=title)["comments"]
        self._same("her comment is untouched", [["anna", "They are on holiday."]], said)
        self._same(
            "the task never moved", [], self._asana("dues", "maya", project=PROJECT, title=title)
        )
        deal = self._hubspot("past", "anna", deal=PROJECT, property="project_deadline")[:2]
        self._same("the deal shows the producers' day again",
                   [[self.deadline.isoformat(), "INTEGRATION"], [other, "anna"]], deal)  # fmt: skip
        waiting = sorted((p["proposer"], p["field"]) for p in self.stage.proposals())
        self._same("both edits wait", [("anna", "deadline")] * 2, waiting)

    def _accepted(self) -> None:
        day, title = self.deadline + timedelta(21), "Accessibility check"
        self._asana("move_task", "maya", project=PROJECT, title=title, day="2026-12-11")
        self._asana("move_project", "tom", project=PROJECT, day=day.isoformat())
        self.stage.run()
        self._same("nothing waits any more", [], self.stage.proposals())
        self._same("the card has her day", "2026-12-11T17:00:00.000Z", self._card(title)["due"])
        deal = self._hubspot("look", "anna", company=self.companies["bakery"])[PROJECT]
        self._same("the deal has her day", day.isoformat(), deal["project_deadline"])
        past = self._asana("dues", "maya", project=PROJECT, title=title)
        self._same("the task moved once", [["maya", "2026-12-04", "2026-12-11"]], past)

    def _tidied(self) -> None:
        """Moved, relabelled, reassigned, measured, archived and deleted, in both tools."""
        self._trello("tidy", "tom", board=PROJECT)
        self._asana("tidy", "maya", project=PROJECT)
        self.stage.run()
        tasks = self._asana("look", "maya")[PROJECT]["tasks"]
        cards = self._trello("look", "tom")[PROJECT]["tasks"]
        self._same("what was reviewed is done", "Done", tasks["Wireframes"]["status"])
        self._same("measured again", "8", tasks["Photo shoot"]["hours"])
        self._same("a label less", [], tasks["Sitemap"]["labels"])
        away = sorted(title for title, task in tasks.items() if task["status"] == "Archived")
        self._same("archived and deleted cards", ["404 page 🥐", "Recipe pages"], away)
        self._same("a tag more", ["Urgent"], cards["Launch"]["labels"])
        self._same("handed to Tom", ["tom"], cards["Launch"]["people"])
        self._same("not so urgent", "Low", cards["Shop set-up"]["priority"])
        closed = self._trello("put_away", "tom")
        self._same("a deleted task", ["404 page 🥐", "Icon set"], closed)

    def _born(self) -> None:
        told = {"project_deadline": "2027-09-30", "project_status": "planned", "amount": "4200"}
        self._hubspot("win", "anna", company=self.companies["bakery"], name=BORN, **told)
        self.stage.run()
        project = self._asana("look", "maya")[BORN]
        self._same("its deadline in Asana", "2027-09-30", project["deadline"])
        self._same("its board in Trello", {}, self._trello("look", "tom")[BORN]["tasks"])
        self._asana("make", "maya", project=BORN, title="Order apples")
        self._trello("join", "tom", board=BORN)
        self._trello("make", "tom", board=BORN, title="Rent a press")
        self.stage.run()
        expected = ["Order apples", "Rent a press"]
        self._same("tasks in Asana", expected, sorted(self._asana("look", "maya")[BORN]["tasks"]))
        self._same("cards in Trello", expected, sorted(self._trello("look", "tom")[BORN]["tasks"]))

    def _put_away(self) -> None:
        """HubSpot does not tell who archives, so an owner is asked before the rest follows."""
        self._hubspot("archive", "anna", deal=BORN)
        self.stage.run()
        [waiting] = self.stage.proposals()
        told = (waiting["title"], waiting["field"], waiting["value"])
        self._same("it waits for an account manager", (BORN, "existence", "archived"), told)
        self._same("nothing has happened", True, BORN in self._asana("look", "maya"))
        self.stage.approve(waiting["id"], "anna")
        self.stage.run()
        self._same("the project is archived", [BORN], self._asana("put_away", "maya"))
        self._same("the board is closed", True, BORN in self._trello("put_away", "tom"))

    def _end(self) -> None:
        self._in_step()
        for options in ((), ("--full",)):
            self.stage.run(*options)
            self._same(f"what a last run wrote {options}", 0, self.stage.written[-1])
        self._same("nothing waits", [], self.stage.proposals())
        problems = json.dumps(self.stage.problems(), indent=1)
        self._same("no sandbox has failed", "[]", problems)
