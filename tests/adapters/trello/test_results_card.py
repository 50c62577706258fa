"""The card of a board in which results are told: no task, and found again whatever people do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.trello import results
from adapters.trello.adapter import TrelloAdapter
from adapters.trello.fields import RESULTS
from syncer.adapterkit.contract import HistoryRequest, PullRequest
from syncer.model.remote import Catalogue, Change, Op, Outcome, Raw, Result, Write
from tests.adapters.trello.driving import Desk, Pulled

TEXT = "key events >= 500: **320** (64 %), on track"
LATER = "key events >= 500: **402** (80 %), ahead"


@dataclass
class Wall:
    """A board with its card, as one adapter sees it poll after poll."""

    desk: Desk
    adapter: TrelloAdapter
    known: Catalogue
    cursors: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def poll(self, *, full: bool = False) -> Pulled:
        pulled = self.desk.pull(self.cursors, full=full, known=self.known, adapter=self.adapter)
        self.cursors = pulled.cursors
        return pulled

    def write(self, text: Raw, base: Raw = None) -> Outcome:
        return self.desk.push(
            Op.UPDATE, self.board, {RESULTS: text}, object="board",
            adapter=self.adapter, known=self.known, base={RESULTS: base},
        )  # fmt: skip

    def written(self, text: Raw) -> dict[str, Any]:
        """The card, once it shows a text and a poll has seen it."""
        done = self.write(text)
        assert (done.result, done.got) == (Result.DONE, {RESULTS: text})
        self.poll()
        return self.card

    @property
    def board(self) -> str:
        return self.desk.board()

    @property
    def cards(self) -> list[dict[str, Any]]:
        """Cards with the mark, in the stand-in itself."""
        cards = self.desk.sandbox.store.cards.values()
        here = [card for card in cards if card["idBoard"] == self.board]
        return [card for card in here if results.marked(card["desc"])]

    @property
    def card(self) -> dict[str, Any]:
        [card] = self.cards
        return card

    def shown(self) -> Raw:
        """What the board's field shows, read as it is now."""
        request = PullRequest(self.desk.scope(), self.known, {"board": frozenset({RESULTS})})
        [record] = self.adapter.fetch("board", [self.board], request)
        return record.fields[RESULTS]

    def act(self, method: str, body: dict[str, Any] | None = None, who: str = "maya") -> None:
        """A person does something to the card."""
        path = f"/cards/{self.card['id']}"
        person = self.desk.as_(who)
        person.delete(path) if method == "DELETE" else person.put(path, body or {})


@pytest.fixture
def wall(desk: Desk) -> Wall:
    known = desk.catalogue()
    wall = Wall(desk, desk.adapter(), known)
    wall.poll()
    return wall


def by(wall: Wall, pulled: Pulled, who: str) -> list[Change]:
    """What the feed tells about the board's results, all of it by this person."""
    told = pulled.told(wall.board, RESULTS)
    assert {change.by for change in told} <= {wall.desk.id_of(who), wall.desk.id_of("syncer")}
    return [change for change in told if change.by == wall.desk.id_of(who)]


def test_the_field_is_offered_for_boards_only(wall: Wall) -> None:
    """Boards have it, writable, with its author and the room that is left; cards do not."""
    [info] = wall.known.objects["board"].candidates(RESULTS, None, custom=False)
    assert (info.writable, info.author.value, info.max_length) == (True, "yes", results.ROOM)
    assert wall.known.objects["card"].candidates(RESULTS, None, custom=False) == []


def test_the_first_text_makes_a_card_and_the_next_changes_it(wall: Wall) -> None:
    """One card at the top of the first open list; later texts change its description only."""
    card = wall.written(TEXT)
    store = wall.desk.sandbox.store
    first = min(store.on_board(store.lists, wall.board), key=lambda entry: entry["pos"])
    assert (card["name"], card["idList"]) == ("Results", first["id"])
    others = [c["pos"] for c in store.cards.values() if c["idList"] == first["id"] and c != card]
    assert card["pos"] < min(others)
    assert card["desc"].split("\n")[0] == TEXT
    before = len(wall.desk.running.requests)

    assert wall.written(LATER)["id"] == card["id"]

    writes = [line for line in wall.desk.sent(before) if not line.startswith("GET")]
    assert writes == [f"PUT /1/cards/{card['id']}"]
    assert wall.shown() == LATER


def test_the_card_is_never_a_task(wall: Wall) -> None:
    """No poll, full listing, fetch or look-up gives it as a card, nor tells of it as gone."""
    id = wall.written(TEXT)["id"]
    wall.act("PUT", {"due": "2026-12-01T10:00:00.000Z"})
    for full in (False, True):
        pulled = wall.poll(full=full)
        assert id not in pulled.cards
        assert {change.id for change in pulled.changes} & {id} == set()
        assert pulled.records[wall.board].fields[RESULTS] == TEXT
    assert ("card", wall.board) in pulled.listed
    request = wall.desk.request(known=wall.known)
    assert list(wall.adapter.fetch("card", [id], request)) == []
    lost = Write(
        "i", Op.CREATE, "card", container=wall.board, fields={"name": "Results"},
        since=wall.desk.sandbox.now(),
    )  # fmt: skip
    assert wall.adapter.find(lost, wall.known) == []
    wall.act("DELETE")
    assert [gone.id for gone in wall.poll().gone] == []


def test_a_poll_that_lists_nothing_still_knows_what_the_card_shows(wall: Wall) -> None:
    """Long after it was touched the card is in no poll's list: still one request, and its text."""
    wall.written(TEXT)
    wall.desk.later(hours=2)
    before = len(wall.desk.running.requests)

    pulled = wall.poll()

    assert wall.desk.sent(before) == [f"GET /1/boards/{wall.board}"]
    assert pulled.cards == {}
    assert pulled.records[wall.board].fields[RESULTS] == TEXT


def test_a_board_that_was_polled_before_there_was_the_field_is_looked_at_once(wall: Wall) -> None:
    """With a cursor of an older version all cards are listed, once."""
    wall.written(TEXT)
    wall.desk.later(hours=2)
    wall.cursors = {wall.board: {"since": wall.cursors[wall.board]["since"]}}
    assert wall.poll().records[wall.board].fields[RESULTS] == TEXT
    assert wall.poll().cards == {}


def test_a_persons_edit_has_its_author_and_is_put_back(wall: Wall) -> None:
    """An edit of the text is one of the board's field; writing again restores all of it."""
    card = wall.written(TEXT)
    wall.act("PUT", {"desc": "All is lost"})
    pulled = wall.poll()
    [change] = by(wall, pulled, "maya")
    assert (change.old, change.new) == (TEXT, "All is lost")
    assert pulled.records[wall.board].fields[RESULTS] == "All is lost"
    assert card["id"] not in pulled.cards, "without its mark it is still called Results"

    assert wall.written(TEXT)["id"] == card["id"]
    assert wall.shown() == TEXT


def test_an_edit_right_after_the_card_was_made_is_known_without_a_poll_between(wall: Wall) -> None:
    """The mark is gone before any poll has seen the card: what it said before tells it."""
    wall.write(TEXT)
    card = wall.card
    wall.act("PUT", {"desc": "Mine"})
    pulled = wall.poll()
    assert card["id"] not in pulled.cards
    assert pulled.records[wall.board].fields[RESULTS] == "Mine"
    wall.write(TEXT)
    assert wall.card is card


def test_what_people_add_below_the_mark_is_part_of_the_text(wall: Wall) -> None:
    """A line after the last line is an edit too."""
    card = wall.written(TEXT)
    wall.act("PUT", {"desc": card["desc"] + "\nWell done!"})
    assert str(wall.poll().records[wall.board].fields[RESULTS]).endswith("Well done!")


@pytest.mark.parametrize("change", [{"name": "Numbers"}, {"idList": "Done"}, {"pos": "bottom"}])
def test_a_card_that_was_renamed_or_moved_stays_ours(wall: Wall, change: dict[str, str]) -> None:
    """A new name and another place are nobody's edit of the text, and stay."""
    card = wall.written(TEXT)
    change = change | ({"idList": wall.desk.lists()["Done"]} if "idList" in change else {})
    wall.act("PUT", change)
    pulled = wall.poll()
    assert by(wall, pulled, "maya") == []
    assert card["id"] not in pulled.cards
    assert wall.written(LATER) is card
    assert {key: card[key] for key in change if key != "pos"} == {
        key: value for key, value in change.items() if key != "pos"
    }


def test_an_archived_card_shows_nothing_and_is_brought_back(wall: Wall) -> None:
    """Who archived it emptied the field; writing opens it again."""
    card = wall.written(TEXT)
    wall.act("PUT", {"closed": True})
    pulled = wall.poll()
    assert [change.new for change in by(wall, pulled, "maya")] == [None]
    assert pulled.records[wall.board].fields[RESULTS] is None

    assert wall.written(TEXT) is card
    assert card["closed"] is False


def test_who_brings_back_what_they_archived_has_changed_nothing(wall: Wall) -> None:
    """Between two polls the card was away and came back: no edit."""
    wall.written(TEXT)
    wall.act("PUT", {"closed": True})
    wall.act("PUT", {"closed": False})
    pulled = wall.poll()
    assert by(wall, pulled, "maya") == []
    assert pulled.records[wall.board].fields[RESULTS] == TEXT


def test_a_card_in_an_archived_list_is_brought_to_one_that_people_see(wall: Wall) -> None:
    """Its list is not brought back for it: it goes to the first open one."""
    card = wall.written(TEXT)
    wall.act("PUT", {"idList": wall.desk.lists()["Done"]})
    wall.desk.as_("maya").put(f"/lists/{wall.desk.lists()['Done']}", {"closed": True})
    pulled = wall.poll()
    assert [change.new for change in by(wall, pulled, "maya")] == [None]
    assert pulled.records[wall.board].fields[RESULTS] is None

    wall.written(TEXT)
    assert card["idList"] != wall.desk.lists()["Done"]


def test_a_deleted_card_is_made_anew(wall: Wall) -> None:
    """Who deleted it emptied the field; writing makes another."""
    old = wall.written(TEXT)["id"]
    wall.act("DELETE")
    pulled = wall.poll()
    assert [change.new for change in by(wall, pulled, "maya")] == [None]
    assert pulled.records[wall.board].fields[RESULTS] is None
    assert wall.written(TEXT)["id"] != old


def test_a_card_deleted_before_any_poll_saw_it_has_its_author_too(wall: Wall) -> None:
    """It was made and deleted between two polls."""
    wall.write(TEXT)
    wall.act("DELETE")
    assert [change.new for change in by(wall, wall.poll(), "maya")] == [None]


def test_a_card_that_lost_mark_and_name_is_theirs(wall: Wall) -> None:
    """It becomes a task like any other; the next text makes a new card."""
    card = wall.written(TEXT)
    wall.act("PUT", {"name": "Call the client", "desc": "About the numbers"})
    pulled = wall.poll()
    assert pulled.cards[card["id"]].fields["name"] == "Call the client"
    assert pulled.records[wall.board].fields[RESULTS] is None
    assert [change.new for change in by(wall, pulled, "maya")] == [None]
    assert wall.written(TEXT)["id"] != card["id"]
    assert card["desc"] == "About the numbers"


def test_a_task_that_is_called_results_is_a_task(wall: Wall) -> None:
    """The name alone means nothing: neither its text nor its place in the listing is touched."""
    place = {"idList": wall.desk.lists()["To do"], "name": "Results", "desc": "Ask for them"}
    wall.desk.as_("maya").post("/cards", place)
    id = next(i for i, c in wall.poll().cards.items() if c.fields["name"] == "Results")
    wall.write(TEXT)
    assert id in wall.poll(full=True).cards
    assert wall.desk.sandbox.store.cards[id]["desc"] == "Ask for them"


def test_a_copy_is_neither_a_task_nor_written(wall: Wall) -> None:
    """Of two cards with the mark the known one is written; the other is left alone."""
    card = wall.written(TEXT)
    source = {"idCardSource": card["id"], "idList": card["idList"], "keepFromSource": "all"}
    wall.desk.as_("maya").post("/cards", source)
    [copy] = [other for other in wall.cards if other is not card]
    assert copy["id"] not in wall.poll().cards
    wall.write(LATER)
    assert results.text_of(card["desc"]) == LATER
    assert results.text_of(copy["desc"]) == TEXT


def test_without_a_text_the_card_is_put_away(wall: Wall) -> None:
    """Where there is nothing to tell, no card is made, and one that is there is archived."""
    assert wall.write(None).got == {RESULTS: None}
    assert wall.cards == []
    card = wall.written(TEXT)
    wall.write(None)
    assert card["closed"] is True
    assert wall.written(TEXT) is card


def test_the_history_of_the_field_is_that_of_the_cards_text(wall: Wall) -> None:
    """Asked for by record and field, it has every text with its author, and nothing else."""
    wall.written(TEXT)
    wall.act("PUT", {"desc": results.signed("Better")})
    wall.act("PUT", {"name": "Numbers"})
    ask = HistoryRequest("board", wall.board, frozenset({RESULTS}))
    told = list(wall.adapter.history([ask], wall.known))
    assert [(c.field, c.old, c.new, c.by) for c in told] == [
        (RESULTS, TEXT, "Better", wall.desk.id_of("maya"))
    ]
    assert {c.key for c in told} == {c.key for c in by(wall, wall.poll(), "maya")}


def test_other_fields_of_the_board_are_written_beside_it(wall: Wall) -> None:
    """One write may hold a name and results: each goes where it belongs."""
    fields = {"name": "Relaunch", "desc": "Short", RESULTS: TEXT}
    done = wall.desk.push(
        Op.UPDATE, wall.board, fields, object="board", adapter=wall.adapter, known=wall.known
    )
    assert done.got == fields


def test_a_new_board_begins_with_its_results(wall: Wall) -> None:
    """It is empty: the card gets a list of its own."""
    fields = {"name": "New", RESULTS: TEXT}
    done = wall.desk.push(
        Op.CREATE, None, fields, object="board",
        adapter=wall.adapter, known=wall.known, container=None,
    )  # fmt: skip
    assert (done.result, done.got) == (Result.DONE, fields)
    assert list(wall.desk.lists(done.id)) == ["Results"]


def test_a_new_board_stays_when_its_card_fails(wall: Wall) -> None:
    """The board is made, and the field said to be open."""
    wall.desk.running.fault({"drop": "after"}, times=1, method="POST", path="/1/cards$")
    done = wall.desk.push(
        Op.CREATE, None, {"name": "New", RESULTS: TEXT}, object="board",
        adapter=wall.adapter, known=wall.known, container=None,
    )  # fmt: skip
    assert (done.result, done.got["name"], done.stale) == (Result.DONE, "New", {RESULTS: None})


def test_where_all_lists_are_archived_the_card_gets_one_of_its_own(wall: Wall) -> None:
    """Nothing is made where nobody sees it."""
    for entry in wall.desk.lists().values():
        wall.desk.as_("maya").put(f"/lists/{entry}", {"closed": True})
    card = wall.written(TEXT)
    assert card["idList"] == wall.desk.lists()["Results"]


def test_a_refused_text_is_named(wall: Wall) -> None:
    """The other fields of the write are written."""
    wall.desk.running.fault({"status": 403}, times=1, method="POST", path="/1/cards$")
    done = wall.desk.push(
        Op.UPDATE, wall.board, {"name": "Shop", RESULTS: TEXT}, object="board",
        adapter=wall.adapter, known=wall.known,
    )  # fmt: skip
    assert (done.got, set(done.refused)) == ({"name": "Shop"}, {RESULTS})


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "late": True}, {"cut": 9}])
def test_a_lost_answer_makes_no_second_card(wall: Wall, fault: dict[str, Any]) -> None:
    """The card is there although nobody said so: the next write finds it."""
    wall.desk.running.fault(fault, times=1, method="POST", path="/1/cards$", user="syncer")
    assert wall.write(TEXT).result is Result.UNKNOWN
    assert wall.shown() == TEXT
    wall.desk.running.fault(fault, times=1, method="PUT", path="/1/cards/", user="syncer")
    assert wall.write(LATER).result is Result.UNKNOWN
    assert wall.shown() == LATER
    assert wall.write(LATER).result is Result.DONE
    assert len(wall.cards) == 1


def test_a_board_too_large_for_one_answer_is_looked_through_in_pages(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card is found wherever it is listed."""
    wall.written(TEXT)
    monkeypatch.setattr("adapters.trello.feed.MOST", 5)
    refusal = {"status": 403, "body": '{"error": "API_TOO_MANY_CARDS_REQUESTED"}'}
    wall.desk.running.fault(refusal, path=f"/boards/{wall.board}$")
    assert wall.shown() == TEXT
    wall.desk.running.fault(refusal, path=f"/boards/{wall.board}$")
    pulled = wall.poll(full=True)
    assert pulled.pages > 1
    assert wall.card["id"] not in pulled.cards
    assert pulled.records[wall.board].fields[RESULTS] == TEXT


@pytest.mark.parametrize("text", ["a", "a\n\n- b\n- c", "Ends *so*", "# T\n\n---"])
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    """The mark comes and goes without a trace, however an editor dresses it up."""
    desc = results.signed(text)
    assert results.text_of(desc) == text
    assert results.marked(desc)
    assert results.text_of(desc.replace("*Kept", "_**Kept").replace("back.*", "back.**_ ")) == text
    assert len(results.signed("x" * results.ROOM)) == 16384
