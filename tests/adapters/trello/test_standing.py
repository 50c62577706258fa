"""What a Trello token may do, and where its member only looks: as the vendor tells it."""

from msgspec.structs import replace

from syncer.adapterkit.standing import Wants
from tests.adapters.trello.driving import BOTH, Desk

WANTS = Wants(BOTH, BOTH, frozenset({"card"}))


def causes(desk: Desk, wants: Wants = WANTS) -> list[tuple[str, str, bool]]:
    """What it may not do at the bakery."""
    adapter, scope = desk.adapter(), desk.scope()
    found = adapter.lacks(scope, adapter.describe(scope, BOTH), wants)
    return [(lack.what, lack.cause, lack.fault) for lack in found]


def test_rights_and_quota_are_the_tokens(desk: Desk) -> None:
    """One request tells them; the token that stands in its path is in no answer of ours."""
    adapter = desk.adapter()
    before = len(desk.running.requests)

    told = adapter.standing(WANTS)

    assert 1 == len(desk.running.requests) - before
    assert ("read and write boards", "read and write organizations") == told.rights
    assert () == told.lacks
    (quota,) = told.quotas
    assert ("requests of the token in 10 s", 100) == (quota.what, quota.of)
    assert 0 < quota.left < quota.of
    assert desk.sandbox.users["syncer"].token not in repr(told)


def test_a_token_that_may_only_read_and_ends(desk: Desk) -> None:
    """The first is a fault where something is to be written; the second is good to know."""
    desk.sandbox.tokens["syncer"] = {
        "permissions": [{"idModel": "*", "modelType": "board", "read": True, "write": False}],
        "dateExpires": "2027-01-31T12:00:00.000Z",
    }
    written = desk.adapter().standing(WANTS)
    looked = desk.adapter().standing(replace(WANTS, writes=frozenset()))

    ends = (False, "the token ends on 2027-01-31")
    assert ("read boards",) == written.rights
    assert [(True, "the token may not write boards"), ends] == [
        (lack.fault, lack.cause) for lack in written.lacks
    ]
    assert [ends] == [(lack.fault, lack.cause) for lack in looked.lacks]


def test_an_observer_cannot_write(desk: Desk) -> None:
    """A board that our member only watches is named, unless nothing is to be written there."""
    (board,) = desk.adapter().describe(desk.scope(), BOTH).containers.items()
    assert [] == causes(desk)

    seats = desk.sandbox.store.boards[board[0]]["memberships"]
    (mine,) = (one for one in seats if one["idMember"] == desk.id_of("syncer"))
    mine["memberType"] = "observer"

    cause = f"it only watches the board {board[1]!r}: nothing can be written"
    assert [("seat", cause, True)] == causes(desk)
    assert [] == causes(desk, replace(WANTS, writes=frozenset()))
    seats.remove(mine)
    assert [("seat", f"it is not a member of the board {board[1]!r}", False)] == causes(desk)


def test_a_template_is_looked_for(desk: Desk) -> None:
    """As it would be when it is copied: a board or card of this name, and only one."""
    adapter, scope = desk.adapter(), desk.scope()
    live = adapter.describe(scope, BOTH)
    (name,) = live.containers.values()

    assert "" == adapter.template("board", name, live)
    assert "0 boards are called 'Master'" in adapter.template("board", "Master", live)
    assert "0 cards are called 'Master'" in adapter.template("card", "Master", live)
