"""Finding boards and people, definitions, and custom fields that mappings need."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from adapters.trello import ScopeOptions
from adapters.trello.client import classify
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.contract import FieldNeed, Scope
from syncer.adapterkit.errors import (
    AskPerson,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.model.remote import Author, Op
from tests.adapters.trello.driving import BOTH, Desk


def scope(**options: object) -> Scope:
    return Scope("client", ScopeOptions.model_validate(options))


def test_a_scope_names_something() -> None:
    """A scope without workspace and boards is a mistake, and so is an unknown key."""
    for options in ({}, {"workspace": ""}, {"board": "x"}):
        with pytest.raises(ValidationError):
            ScopeOptions.model_validate(options)


def test_workspaces_and_boards_by_id_name_and_link(desk: Desk) -> None:
    """People write what they see: a name, the short name, the link's eight characters, an id."""
    board = desk.sandbox.store.boards[desk.board()]
    for name in (board["idOrganization"], "honeyryebakery", "Honey & Rye Bakery"):
        assert desk.catalogue(scope(workspace=name)).containers == {board["id"]: board["name"]}
    for name in (board["id"], board["shortLink"], board["name"]):
        assert desk.catalogue(scope(boards=[name])).containers == {board["id"]: board["name"]}


def test_a_scope_that_is_not_there_asks_a_person(desk: Desk) -> None:
    """What cannot be found, or not told apart, is named in the error."""
    made = {"name": "Website relaunch", "defaultLists": False, "defaultLabels": False}
    desk.as_("syncer").post("/boards/", made)
    for options, words in [
        ({"workspace": "Nowhere"}, "no workspace 'Nowhere'"),
        ({"boards": ["Nothing"]}, "no board 'Nothing'"),
        ({"boards": ["Website relaunch"]}, "2 boards are called 'Website relaunch'"),
    ]:
        with pytest.raises(AskPerson, match=words):
            desk.catalogue(scope(**options))


def test_templates_and_boards_closed_long_ago_are_no_work(desk: Desk) -> None:
    """A workspace's templates and old closed boards are not in scope; a named board always is."""
    board = desk.sandbox.store.boards[desk.board()]
    board["prefs"]["isTemplate"] = True
    assert desk.catalogue().containers == {}
    assert board["id"] in desk.catalogue(scope(boards=[board["id"]])).containers


@pytest.mark.parametrize("described", [True, False], ids=["just found", "found before"])
def test_boards_that_were_found_just_now_are_not_looked_for_again(
    desk: Desk, described: bool
) -> None:
    """A full listing says that its boards are all there are; it looks only if nobody just did."""
    request = replace(desk.request(full=True), described=described)
    before = len(desk.running.requests)

    *_, last = desk.adapter().pull(request)

    looks = [line for line in desk.sent(before) if "/organizations/" in line]
    assert len(looks) == (0 if described else 2)
    assert f"GET /1/boards/{desk.board()}" in desk.sent(before)
    assert ("board", None) in last.listed


def test_definitions_are_one_request_a_board(desk: Desk) -> None:
    """Lists, all labels and custom fields come at once; closed lists are not written any more."""
    maya = desk.as_("maya")
    for number in range(60):
        desk.later(seconds=1)
        maya.post("/labels", {"name": f"L{number}", "color": "sky_dark", "idBoard": desk.board()})
    maya.put(f"/lists/{desk.lists()['Review']}", {"closed": True})
    before = len(desk.running.requests)

    card = desk.catalogue().objects["card"]

    assert len(desk.sent(before)) == 3
    fields = {field.name: field for field in card.fields}
    assert len(fields["labels"].options) == 64
    assert {o.name: o.active for o in fields["list"].options} == {
        "To do": True,
        "Doing": True,
        "Review": False,
        "Done": True,
    }
    assert [o.name for o in fields["Priority"].options] == ["Low", "Medium", "High"]
    assert fields["Hours"].author is Author.FEED_ONLY
    assert fields["labels"].author is Author.NO
    assert fields["Hours"].container == desk.board()


def test_people_are_staff_and_guests(desk: Desk) -> None:
    """Who is on a board without being in its workspace is a guest; addresses are not shown."""
    freya = desk.id_of("freya")
    desk.as_("tom").put(f"/boards/{desk.board()}/members/{freya}", {"type": "observer"})

    people = {person.id: person for person in desk.adapter().people(desk.scope())}

    assert {id for id, person in people.items() if person.guest} == {freya}
    tom = people[desk.id_of("tom")]
    assert (tom.name, tom.aliases, tom.email) == ("Tom Lindqvist", ("tomlindqvist",), None)
    me = desk.adapter().whoami()
    assert (me.id, me.email) == (desk.id_of("syncer"), "syncer@brightside.example")


def test_provision_makes_what_is_missing(desk: Desk) -> None:
    """A dry run says it, a run does it, a second run has nothing to say."""
    needs = [
        FieldNeed("card", "Hours", "number"),
        FieldNeed("card", "Budget", "money"),
        FieldNeed("card", "Priority", "enumeration", ("Low", "Urgent")),
        FieldNeed("card", "Stage", "enumeration", ("One", "Two")),
        FieldNeed("card", "Marker", "text", key=True),
    ]
    adapter = desk.adapter()
    told = adapter.provision(desk.scope(), needs, dry_run=True)
    assert len(desk.sandbox.store.fields_of(desk.board())) == 2
    made = adapter.provision(desk.scope(), needs, dry_run=False)

    assert [line.split(": ", 1)[1] for line in made] == [
        "custom field 'Budget' (number) made",
        "custom field 'Priority', option 'Urgent' made",
        "custom field 'Stage' (list) made",
    ]
    assert told == [line.replace("made", "is missing") for line in made]
    assert adapter.provision(desk.scope(), needs, dry_run=False) == []
    card = desk.catalogue().objects["card"]
    stage = next(field for field in card.fields if field.name == "Stage")
    assert [option.name for option in stage.options] == ["One", "Two"]


def test_provision_says_what_trello_cannot_hold(desk: Desk) -> None:
    """Boards have no custom fields, fields hold no sets, and kinds are not changed."""
    needs = [
        FieldNeed("board", "Strategy", "text"),
        FieldNeed("card", "Tags", "enumeration", many=True),
        FieldNeed("card", "Hours", "text"),
    ]
    told = desk.adapter().provision(desk.scope(), needs, dry_run=False)

    assert told == [
        "board.Strategy: only cards have custom fields in Trello",
        "Website relaunch: custom field 'Tags' cannot hold a set of enumeration",
        "Website relaunch: custom field 'Hours' exists as number, not text",
    ]


def answer(status: int, body: str, **headers: str) -> Answer:
    return Answer(status, headers, body.encode(), datetime.now(UTC))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, "invalid token", StopConnection),
        (401, "invalid key", StopConnection),
        (401, "expired token", StopConnection),
        (401, "unauthorized card permission requested", AskPerson),
        (401, "", AskPerson),
        (400, "invalid id", SkipRecord),
        (403, "", AskPerson),
        (404, "The requested resource was not found.", SkipRecord),
        (409, '{"code": "CONFLICT", "message": "changed"}', SkipRecord),
        (429, '{"error": "API_TOKEN_LIMIT_EXCEEDED"}', WaitAndRetry),
        (449, "{}", WaitAndRetry),
        (500, "<html></html>", WaitAndRetry),
        (504, "", WaitAndRetry),
        (202, "{}", type(None)),
    ],
)
def test_statuses_mean_what_happens_next(status: int, body: str, kind: type) -> None:
    """Text, HTML, nothing and both shapes of JSON are read; any 2xx is success."""
    assert type(classify(answer(status, body))) is kind


def test_a_429_without_a_wait_rests_as_long_as_the_window() -> None:
    """Trello names no wait; if it ever does, that holds."""
    plain, told = classify(answer(429, "")), classify(answer(429, "", **{"retry-after": "3"}))

    assert isinstance(plain, WaitAndRetry)
    assert isinstance(told, WaitAndRetry)
    assert (plain.seconds, told.seconds) == (10, 3)


def test_a_401_is_looked_into_once(desk: Desk) -> None:
    """No permission for one thing is not a bad credential; a bad credential stops everything."""
    adapter, private = (
        desk.adapter(),
        desk.as_("freya").post("/boards/", {"name": "Private"}).json(),
    )
    known = desk.catalogue()
    before = len(desk.running.requests)
    for _ in range(2):
        done = desk.push(
            Op.UPDATE, private["id"], {"name": "x"}, object="board", known=known, adapter=adapter
        )
        assert done.reason.startswith("no permission")
    assert desk.sent(before).count("GET /1/members/me") == 1
    desk.sandbox.revoked.add("syncer")
    with pytest.raises(StopConnection, match="invalid token"):
        adapter.describe(desk.scope(), BOTH)
