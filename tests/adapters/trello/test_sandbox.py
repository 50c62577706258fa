"""The stand-in is like Trello where it matters, and unlike it nowhere that is known."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.trello.client import Trello
from adapters.trello.sandbox import KEY, views
from adapters.trello.shapes import Object
from syncer.adapterkit.errors import AdapterError, SkipRecord, WaitAndRetry
from syncer.adapterkit.sandbox.recording import VARIABLE
from syncer.model.values import parse_instant
from tests.adapters.trello.driving import Desk, served
from tests.referee.report import judge
from tests.shared import needs_shared


def refused(client: Trello, method: str, path: str, body: Object | None = None) -> tuple[Any, str]:
    """Status and text of a refusal."""
    with pytest.raises(AdapterError) as caught:
        client.http.request(method, path, json=body)
    return caught.value.status, caught.value.detail


def test_credentials_in_every_place(desk: Desk) -> None:
    """Key and token are taken from the header, signed or not, and from the query."""
    base, token = f"{desk.running.url}/1/members/me", desk.sandbox.users["maya"].token
    pair = f'oauth_consumer_key="{KEY}", oauth_token="{token}"'
    signed = f'OAuth oauth_nonce="1", {pair}, oauth_signature="x%3D"'
    assert httpx.get(base, headers={"authorization": f"OAuth {pair}"}).status_code == 200
    assert httpx.get(base, headers={"authorization": signed}).json()["username"] == "mayaokafor"
    assert httpx.get(base, params={"key": KEY, "token": token}).status_code == 200
    for query, said in [({}, "invalid key"), ({"key": KEY, "token": "x"}, "invalid token")]:
        answer = httpx.get(base, params=query)
        assert (answer.status_code, answer.text) == (401, said)
        assert answer.headers["content-type"].startswith("text/plain")


def test_errors_are_plain_text(desk: Desk) -> None:
    """Refusals look as they were seen on the wire."""
    maya, freya = desk.as_("maya"), desk.as_("freya")
    card = desk.card("Sitemap")["id"]
    assert refused(maya, "GET", "/cards/abc") == (400, "invalid id")
    assert refused(maya, "GET", f"/cards/{'0' * 24}")[0] == 404
    assert refused(freya, "GET", f"/cards/{card}")[0] == 401
    assert refused(maya, "PUT", f"/cards/{card}", {"due": "x"}) == (400, "invalid value for due")
    twice = [desk.sandbox.store.on_board(desk.sandbox.store.labels, desk.board())[0]["id"]] * 2
    assert refused(maya, "PUT", f"/cards/{card}", {"idLabels": twice}) == (400, "label not found")
    assert refused(maya, "POST", "/cards", {"idList": "x"}) == (400, "invalid value for idList")
    stranger = {"value": desk.id_of("freya")}
    assert refused(maya, "POST", f"/cards/{card}/idMembers", stranger)[0] == 400


def test_observers_and_guests_may_not_write(desk: Desk) -> None:
    """An observer sees the board; the refusal is a 401 that is not about the token."""
    path = f"/boards/{desk.board()}/members/{desk.id_of('freya')}"
    desk.as_("maya").put(path, {"type": "observer"})
    freya, card = desk.as_("freya"), desk.card("Sitemap")["id"]
    assert freya.get(f"/cards/{card}").ok
    status, text = refused(freya, "PUT", f"/cards/{card}", {"name": "x"})
    assert (status, "permission" in text) == (401, True)


def test_what_the_feed_hides(desk: Desk) -> None:
    """Label changes and edited comments are in no list; by its id each can be read."""
    maya, card = desk.as_("maya"), desk.card("Launch")["id"]
    label = desk.sandbox.store.on_board(desk.sandbox.store.labels, desk.board())[0]["id"]
    maya.post(f"/cards/{card}/idLabels", {"value": label})
    comment = maya.post(f"/cards/{card}/actions/comments", {"text": "Hm"}).json()["id"]
    maya.put(f"/actions/{comment}", {"text": "Hmm"})
    hours = desk.custom("Hours").removeprefix("cf:")
    maya.put(f"/cards/{card}/customField/{hours}/item", {"value": {"number": "1"}})

    path = f"/boards/{desk.board()}/actions"
    listed = {a["type"] for a in maya.get(path, {"filter": "all", "limit": "1000"}).json()}
    assert {"commentCard", "createCard"} <= listed
    assert not listed & {"addLabelToCard", "updateComment", "updateCustomFieldItem"}
    named = maya.get(path, {"filter": "updateCustomFieldItem,addLabelToCard"}).json()
    assert [a["type"] for a in named] == ["updateCustomFieldItem"]
    hidden = next(a for a in desk.sandbox.store.actions if a["type"] == "addLabelToCard")
    assert maya.get(f"/actions/{hidden['id']}").json()["data"]["label"]["id"] == label
    assert maya.get(f"/actions/{comment}").json()["data"]["text"] == "Hmm"
    with pytest.raises(SkipRecord):
        maya.get(path, {"filter": "somethingElse"})


def test_defaults_that_catch_people_out(desk: Desk) -> None:
    """Fifty labels, fifty actions, only moves and comments of a card, open cards only."""
    maya, store, board = desk.as_("maya"), desk.sandbox.store, desk.board()
    for number in range(60):
        store.labels[f"{number:024x}"] = {
            "id": f"{number:024x}",
            "idBoard": board,
            "name": str(number),
            "color": None,
        }
    card = desk.card("Launch")["id"]
    for _ in range(60):
        store.log("updateCard", desk.id_of("tom"), {"card": {"id": card}, "board": {"id": board}})
    maya.put(f"/cards/{card}", {"name": "Go", "closed": True})
    assert len(maya.get(f"/boards/{board}/labels").json()) == 50
    assert len(maya.get(f"/boards/{board}", {"labels": "all"}).json()["labels"]) == 50
    assert len(maya.get(f"/boards/{board}").json()["actions"]) == 50
    assert maya.get(f"/cards/{card}/actions").json() == []
    assert card not in [c["id"] for c in maya.get(f"/boards/{board}/cards").json()]


def test_actions_are_paged_by_time_and_place(desk: Desk) -> None:
    """Newest first; ``before`` and ``since`` leave out their own moment; at most a thousand."""
    maya, card, path = (
        desk.as_("maya"),
        desk.card("Launch")["id"],
        f"/boards/{desk.board()}/actions",
    )
    for number in range(6):
        maya.put(f"/cards/{card}", {"name": f"Go {number}"})
    newest = maya.get(path, {"limit": "3"}).json()
    older = maya.get(path, {"limit": "2", "before": newest[-1]["date"]}).json()
    assert [a["data"]["card"]["name"] for a in newest] == ["Go 5", "Go 4", "Go 3"]
    assert [a["data"]["card"]["name"] for a in older] == ["Go 2", "Go 1"]
    since = maya.get(path, {"since": newest[1]["id"]}).json()
    assert [a["id"] for a in since] == [newest[0]["id"]]
    assert maya.get(path, {"limit": "3", "page": "1"}).json()[0]["id"] == older[0]["id"]
    assert maya.get(path, {"format": "count", "filter": "updateCard"}).json() == {"_value": 6}
    assert refused(maya, "GET", f"{path}?limit=1001") == (400, "invalid value for limit")


def test_cards_since_means_made_since(desk: Desk) -> None:
    """An edited card is not new: ``since`` compares the making, ``modifiedSince`` the touching."""
    maya, board = desk.as_("maya"), desk.board()
    card, moment = desk.card("Sitemap")["id"], desk.sandbox.store.now()
    maya.put(f"/cards/{card}", {"name": "Site map"})
    made = maya.post("/cards", {"idList": desk.lists()["Doing"], "name": "New"}).json()["id"]
    cards = maya.get(f"/boards/{board}/cards/all", {"since": moment}).json()
    assert [c["id"] for c in cards] in ([made], [])
    nested = {"cards": "all", "cards_modifiedSince": moment, "fields": "id"}
    touched = maya.get(f"/boards/{board}", nested).json()["cards"]
    assert {c["id"] for c in touched} == {card, made}
    first = maya.get(f"/boards/{board}/cards/all", {"limit": "4"}).json()
    smallest = min(c["id"] for c in first)
    second = maya.get(f"/boards/{board}/cards/all", {"limit": "4", "before": smallest}).json()
    assert max(c["id"] for c in second) < smallest


def test_custom_fields_are_strict(desk: Desk) -> None:
    """A number that is not a string is refused; clearing takes the item away."""
    maya, card = desk.as_("maya"), desk.card("Sitemap")["id"]
    hours = desk.custom("Hours").removeprefix("cf:")
    path = f"/cards/{card}/customField/{hours}/item"
    assert (
        refused(maya, "PUT", path, {"value": {"number": 4}})[1] == "Invalid custom field item value"
    )
    assert maya.put(path, {"value": {"number": "4"}}).json()["value"] == {"number": "4"}
    maya.put(path, {"value": ""})
    assert maya.get(f"/cards/{card}", {"customFieldItems": "true"}).json()["customFieldItems"] == []
    field = desk.custom("Priority").removeprefix("cf:")
    made = maya.post(f"/customFields/{field}/options", {"value": {"text": "Urgent"}}).json()
    assert "id" not in made
    assert made["_id"] in [o["id"] for o in maya.get(f"/customFields/{field}/options").json()]


def test_a_batch_answers_each_by_its_status(desk: Desk) -> None:
    """Ten GETs at most; what failed is an object that says so; each counts as one request."""
    maya, card = desk.as_("maya"), desk.card("Sitemap")["id"]
    urls = f"/cards/{card}?fields=name,/cards/{'0' * 24},/cards/{card}?fields=id%26list=true"
    found = maya.get("/batch", {"urls": urls}).json()
    assert found[0] == {"200": {"id": card, "name": "Sitemap"}}
    assert found[1]["statusCode"] == 404
    assert refused(maya, "GET", "/batch?urls=" + ",".join(["/members/me"] * 11))[0] == 400


def test_limits_are_kept_per_token_and_for_members(desk: Desk) -> None:
    """The hundred and first request in ten seconds is refused; a batch counts as its parts."""
    sandbox = desk.sandbox
    spend = ",".join(["/members/me/boards"] * 10)
    maya = desk.as_("maya").http
    base, headers = f"{desk.running.url}/1", dict(maya._headers())
    with httpx.Client(headers=headers, trust_env=False) as bare:
        for _ in range(10):
            bare.get(f"{base}/batch", params={"urls": spend})
        last = bare.get(f"{base}/members/me")
    assert (last.status_code, last.json()["error"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert sandbox.limits[2].seconds == 900


def test_moving_to_another_board_loses_what_is_not_there(desk: Desk) -> None:
    """Members and labels that the other board has not are stripped, custom values go."""
    maya, card = desk.as_("maya"), desk.card("Wireframes")
    other = desk.board("outdoor")
    desk.as_("tom").delete(f"/boards/{other}/members/{desk.id_of('tom')}")
    assert desk.sandbox.store.items[card["id"]]
    maya.put(f"/cards/{card['id']}", {"idBoard": other})
    assert card["idMembers"] == [desk.id_of("maya")]
    assert card["idLabels"] == []
    assert card["id"] not in desk.sandbox.store.items
    kinds = [a["type"] for a in desk.sandbox.store.actions[-3:]]
    assert kinds == ["moveCardFromBoard", "moveCardToBoard", "removeMemberFromCard"]


def test_writes_tell_old_and_new_field_by_field(desk: Desk) -> None:
    """One action per changed field, each with its old value; people have no app, the service has."""
    card = desk.card("Sitemap")["id"]
    desk.as_("maya").put(f"/cards/{card}", {"name": "Map", "due": None, "desc": ""})
    desk.as_("syncer").put(f"/cards/{card}", {"idList": desk.lists()["Doing"]})
    name, due, move = desk.sandbox.store.actions[-3:]
    assert (name["data"]["old"], due["data"]["old"]) == (
        {"name": "Sitemap"},
        {"due": "2026-09-18T16:00:00.000Z"},
    )
    assert name["appCreator"] is None
    assert set(move["appCreator"]) == {"id"}
    assert move["data"]["listAfter"]["name"] == "Doing"
    assert "list" not in move["data"]
    assert move["id"][:8] == f"{int(_seconds(move['date'])):08x}"


def _seconds(text: str) -> float:
    return parse_instant(text).timestamp()


def test_a_long_text_does_not_fit_into_an_address(desk: Desk) -> None:
    """Long texts must go in the body."""
    maya, card = desk.as_("maya"), desk.card("Sitemap")["id"]
    assert refused(maya, "PUT", f"/cards/{card}?desc={'x' * 13000}")[0] == 414
    assert maya.put(f"/cards/{card}", {"desc": "x" * 16384}).ok
    assert refused(maya, "PUT", f"/cards/{card}", {"desc": "x" * 16385})[0] == 400


def test_a_revoked_token_is_refused(desk: Desk) -> None:
    """Revoking is for the token's owner; afterwards every call is a 401."""
    maya = desk.as_("maya")
    token = desk.sandbox.users["maya"].token
    maya.delete(f"/tokens/{token}")
    assert refused(maya, "GET", "/members/me") == (401, "invalid token")
    assert token not in str(desk.running.requests)


def test_per_card_actions_of_many_cards_are_refused(desk: Desk, monkeypatch: Any) -> None:
    """Asking for the actions of very many cards at once is asking for too much."""
    monkeypatch.setattr(views, "TOO_MANY", 5)
    with pytest.raises(AdapterError) as caught:
        desk.as_("maya").get(f"/boards/{desk.board()}/cards", {"actions": "all"})
    assert "API_TOO_MANY_CARDS_REQUESTED" in caught.value.detail


@needs_shared
def test_answers_have_the_documents_shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and types of answers are those of Trello's own document, where that is right."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "exchanges"))
    with served() as desk:
        maya, board, card = desk.as_("maya"), desk.board(), desk.card("Wireframes")["id"]
        maya.post(f"/cards/{card}/checklists", {"name": "Steps"})
        maya.get(f"/boards/{board}", {"fields": "all", "actions": "none", "lists": "none"})
        maya.get(f"/cards/{card}")
        maya.post("/cards", {"idList": desk.lists()["Doing"], "name": "New"})
        maya.get(f"/lists/{desk.lists()['Doing']}")
        maya.get("/members/me")
        for part in ("labels", "actions", "customFields"):
            maya.get(f"/boards/{board}/{part}")
        maya.get(f"/cards/{card}/checklists")

    report = judge(tmp_path)
    assert list(report.complaints()) == []
    assert report.judged >= 10


def test_a_wait_is_told_where_limits_are_reached(desk: Desk) -> None:
    """A refusal for haste has Trello's own words."""
    desk.running.fault({"status": 429, "headers": {"Retry-After": "0.01"}}, times=9, path="/cards/")
    with pytest.raises(WaitAndRetry, match="API_TOKEN_LIMIT_EXCEEDED"):
        desk.as_("maya").get(f"/cards/{desk.card('Sitemap')['id']}")
