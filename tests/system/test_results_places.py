"""The places where results are told: a card of a Trello board, a status update of an Asana project.

Mostly fields that people own stand in for results, so that all of it is driven through the tools;
one test has real ones, of a stand-in that counts.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.asana.richtext import to_plain
from adapters.trello import results
from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import World, agency_world
from syncer.model.records import JournalEntry
from syncer.model.report import CycleReport, CycleResult
from syncer.shipped import shipped
from tests.system.agency import CLIENTS, SYSTEMS, Agency
from tests.system.corner import hurried

SOURCE = "google_analytics"
CLIENT, PROJECT = "bakery", "Website relaunch"
LOST = [{"drop": "after"}, {"status": 500, "late": True}]


def mappings() -> dict[str, str]:
    """The shipped ones, with goals in the card and the strategy in the status update."""
    swaps = {
        "trello": {"results: results_card": "goals: results_card"},
        "asana": {"strategy: {custom_field: Strategy}": "", "results_weekly: {": "strategy: {"},
    }
    found: dict[str, str] = {}
    for system, lines in swaps.items():
        found[system] = (shipped() / "mappings" / f"{system}.yaml").read_text()
        for line, other in lines.items():
            assert found[system].count(line) == 1
            found[system] = found[system].replace(line, other)
    return found


def small_world() -> World:
    """One client with one project, of which all tools know, and three of its tasks."""
    whole = agency_world()
    [project] = [p for p in whole.projects if p.name == PROJECT]
    tasks = [task for task in whole.tasks if task.project == project.key][:3]
    return World(whole.people, (whole.client(CLIENT),), (project,), tuple(tasks))


def housed(folder: Path, systems: tuple[str, ...] = SYSTEMS, **own: dict[str, str]) -> "House":
    """The bakery's tools, without limits on how often they are asked."""
    house = House(folder, systems, small_world(), {CLIENT: CLIENTS[CLIENT]}, **own)
    for name in house.systems:
        house.boxes[name] = box = sandbox_class(name)()
        box.start_with(house.world or small_world())
        box.limits = ()
    return house


class House(Agency):
    """The bakery's tools, with eyes for the two places."""

    def cycle(self) -> CycleReport:
        """One cycle of the bakery, which must go well."""
        (report,) = self.run(CLIENT)
        assert report.result is CycleResult.DONE, report
        return report

    def _people(self) -> dict[str, dict[str, Any]]:
        """Nobody has a name in a system that only counts."""
        known = super()._people().items()
        return {k: {n: v for n, v in one.items() if n != SOURCE} for k, one in known}

    @property
    def cards(self) -> list[dict[str, Any]]:
        """Cards with the mark on the project's board, in the stand-in itself."""
        _, links = self.record(CLIENT, PROJECT, "project")
        store = self.boxes["trello"].store  # type: ignore[attr-defined]
        here = store.on_board(store.cards, links["trello"].remote_id)
        return [card for card in here if results.marked(card["desc"])]

    @property
    def text(self) -> Any:
        """What the one card says."""
        [card] = self.cards
        assert card["closed"] is False
        return results.text_of(card["desc"])

    @property
    def posts(self) -> list[str]:
        """Texts of the project's status updates, oldest first."""
        _, links = self.record(CLIENT, PROJECT, "project")
        store = self.boxes["asana"].store  # type: ignore[attr-defined]
        mine = [
            s for s in store.all("status_update") if s["parent"].gid == links["asana"].remote_id
        ]
        return [str(status["text"]) for status in mine]

    def value(self, name: str) -> Any:
        """What is agreed about a field of the project."""
        return self.record(CLIENT, PROJECT, "project")[0].value(name)

    def on_card(self, who: str, method: str, body: dict[str, Any] | None = None) -> None:
        """A person does something to the card, as in the vendor's own app."""
        [card] = self.cards
        person = self.as_person("trello", who)
        trello = person._trello  # type: ignore[attr-defined]
        path = f"/cards/{card['id']}"
        trello.delete(path) if method == "DELETE" else trello.put(path, body or {})
        person.close()

    def edits(self, name: str = "goals") -> list[JournalEntry]:
        """What the journal knows of edits of a field of the project, oldest first."""
        record, _ = self.record(CLIENT, PROJECT, "project")
        found = self.store.journal(CLIENT, limit=None)
        mine = [e for e in found if (e.record, e.kind, e.field) == (record.id, "edit", name)]
        return sorted(mine, key=lambda entry: entry.at)

    def quiet(self) -> None:
        """The next cycle writes nothing, and asks no more than any idle one."""
        self.forget()
        self.cycle()
        assert self.writes() == {name: [] for name in self.systems}
        assert len(self.requests("trello")) == 1
        assert len(self.requests("asana")) == 2


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all that people do."""
    with pytest.MonkeyPatch.context() as patch:
        hurried(patch)
        with housed(tmp_path_factory.mktemp("places"), mappings=mappings()) as house:
            yield house


@pytest.fixture
def house(home: House) -> House:
    """Everything in step, and what we wrote last has been heard."""
    for _ in range(3):
        home.cycle()
    return home


def test_what_is_agreed_is_told_in_both_places_and_then_nothing_is_said(house: House) -> None:
    """One card and one post, and idle cycles cost what they cost without them."""
    assert house.text == house.value("goals")
    assert house.posts[-1].split()[0] in str(house.value("strategy"))
    house.quiet()
    house.quiet()


def test_the_card_is_no_task_anywhere(house: House) -> None:
    """Not even after a full compare."""
    house.run(CLIENT, full=True)
    house.cycle()
    ids = house.store.record_ids(CLIENT, "task")
    assert results.NAME not in {r.value("title") for r in house.store.records(ids).values()}
    house.quiet()


def test_what_the_owner_decides_arrives_in_the_same_card_and_in_a_new_post(house: House) -> None:
    """The card is changed; a status update cannot be, so another follows."""
    [card], posts = house.cards, len(house.posts)
    news = {"project_goals": "sessions >= 9000 per month", "project_strategy": "Be *bold*"}
    house.edit("hubspot", "anna", CLIENT, PROJECT, "project", **news)
    house.cycle()
    assert house.cards == [card]
    assert house.text == "sessions >= 9000 per month"
    assert house.posts[posts:] == ["Be bold"]
    house.cycle()
    house.quiet()


def test_a_persons_edit_of_the_card_is_put_back_and_kept_with_their_name(house: House) -> None:
    """Whoever does not own it: the whole text, mark and all, comes back; theirs is journalled."""
    before = house.value("goals")
    house.on_card("tom", "PUT", {"desc": "sessions >= 1"})
    house.cycle()
    assert house.text == before == house.value("goals")
    assert [(e.editor, e.connection) for e in house.edits()][-1:] == [("tom", "trello")]
    house.cycle()
    house.quiet()


@pytest.mark.parametrize(("method", "body"), [("DELETE", {}), ("PUT", {"closed": True})])
def test_a_card_that_people_take_away_comes_back(house: House, method: str, body: Any) -> None:
    """Archived it is opened again, deleted it is made anew; who did it is known."""
    house.on_card("tom", method, body)
    house.cycle()
    assert house.text == house.value("goals")
    assert house.edits()[-1].editor == "tom"
    house.cycle()
    house.quiet()


def test_a_card_that_people_move_and_rename_stays_where_it_is(house: House) -> None:
    """Nothing is put back: neither is what the card tells."""
    known = len(house.edits())
    house.on_card("tom", "PUT", {"name": "How we do", "pos": "bottom"})
    house.quiet()
    assert [card["name"] for card in house.cards] == ["How we do"]
    assert len(house.edits()) == known


def test_peoples_own_status_updates_are_left_alone(house: House) -> None:
    """They are no edits, nothing is posted in answer, and the next post keeps their status."""
    posts = len(house.posts)
    _, links = house.record(CLIENT, PROJECT, "project")
    maya = house.as_person("asana", "maya")
    data = {"parent": links["asana"].remote_id, "text": "Trouble", "status_type": "off_track"}
    maya._asana.post("/status_updates", data)  # type: ignore[attr-defined]
    maya.close()
    house.quiet()
    house.run(CLIENT, full=True)
    assert len(house.posts) == posts + 1
    house.edit("hubspot", "anna", CLIENT, PROJECT, "project", project_strategy="Onwards")
    house.cycle()
    assert house.posts[posts:] == ["Trouble", "Onwards"]
    store = house.boxes["asana"].store  # type: ignore[attr-defined]
    assert [s["status_type"] for s in store.all("status_update")][-1] == "off_track"


@pytest.mark.parametrize("fault", LOST, ids=" ".join)
def test_lost_answers_make_no_second_card_and_no_second_post(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """The first card and post, then their next texts: each answer is lost, each is there once."""
    hurried(monkeypatch)
    with housed(tmp_path, mappings=mappings()) as house:
        _strike(house, fault, ("trello", "POST", "^/1/cards$"))
        for _ in range(3):
            house.run(CLIENT)
        assert (len(house.cards), len(house.posts)) == (1, 1)
        news = {"project_goals": "sessions >= 9000 per month", "project_strategy": "Be *bold*"}
        house.edit("hubspot", "anna", CLIENT, PROJECT, "project", **news)
        _strike(house, fault, ("trello", "PUT", "^/1/cards/"))
        for _ in range(2):
            house.run(CLIENT)
        assert house.text == "sessions >= 9000 per month"
        assert house.posts[1:] == ["Be bold"]
        assert {e.editor for e in house.edits() if e.connection == "trello"} == set()
        house.cycle()
        house.quiet()


def _strike(house: House, fault: dict[str, Any], place: tuple[str, str, str]) -> None:
    """The next such request, and the next status update, take effect without an answer."""
    for system, method, path in (place, ("asana", "POST", "/status_updates$")):
        house.running[system].fault(fault, times=1, method=method, path=path, user="syncer")


def test_what_was_measured_is_told_and_nobody_can_tell_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the shipped mappings and figures of the stand-in: the card and the post say what is
    agreed about results, an edit of the card is put back, and then nothing is written.
    """
    hurried(monkeypatch)
    with housed(tmp_path, (*SYSTEMS, SOURCE)) as house:
        with house.service() as service:
            service.provision(CLIENT, dry_run=False)
        house.cycle()
        goals = "sessions >= 1000 per month\nkey events >= 500 by 2199-12-31"
        house.edit("hubspot", "anna", CLIENT, PROJECT, "project", project_goals=goals)
        for _ in range(2):
            house.cycle()
        told = house.value("results")
        assert "sessions >= 1000 per month" in told
        assert house.text == told
        house.on_card("tom", "PUT", {"desc": "We are the best"})
        house.cycle()
        assert house.text == told == house.value("results")
        edit = next(e for e in house.edits("results") if e.editor == "tom")
        assert (edit.connection, edit.outcome) == ("trello", "reverted")
        for _ in range(2):
            house.cycle()
        assert house.posts[-1:] == [to_plain(t) for t in [house.value("results_weekly")] if t]
        house.forget()
        house.cycle()
        assert {name: house.writes()[name] for name in SYSTEMS} == {name: [] for name in SYSTEMS}


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the service may catch it."""


def _killed(house: House, at: int) -> bool:
    """One cycle that dies at this boundary (around writes, and commits from the first write on);
    whether it came so far.
    """
    count = 0

    def boundary(name: str) -> None:
        nonlocal count
        count += bool(count or name == "write.before")
        if count == at:
            raise Killed

    house.store.boundary = boundary
    try:
        with house.service() as service:
            service.boundary = boundary
            list(service.run(CLIENT))
    except Killed:
        return True
    finally:
        house.store.boundary = lambda _name: None
    return False


def test_killed_anywhere_there_is_one_card_and_one_post_of_each_text(house: House) -> None:
    """The card has to be made anew and a text to be posted: killed before, between and after."""
    texts, at, alive = house.posts, 0, True
    while alive:
        at += 1
        house.on_card("maya", "DELETE")
        news = {"project_goals": f"sessions >= {at}000 per month", "project_strategy": f"Week {at}"}
        house.edit("hubspot", "anna", CLIENT, PROJECT, "project", **news)
        alive = _killed(house, at)
        house.cycle()
        texts = [*texts, f"Week {at}"]
        assert house.posts == texts, f"killed at boundary {at}"
        assert house.text == f"sessions >= {at}000 per month", f"killed at boundary {at}"
    assert at > 8
    house.cycle()
    house.quiet()
