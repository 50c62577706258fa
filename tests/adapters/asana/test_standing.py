"""What an Asana token may do, and where it only looks: as the vendor tells it."""

from msgspec.structs import replace

from syncer.adapterkit.standing import Wants
from tests.adapters.asana.bench import BOTH, Bench

WANTS = Wants(BOTH, BOTH, BOTH)


def lacking(bench: Bench, wants: Wants = WANTS) -> list[tuple[str, str, bool]]:
    """What the service may not do at the bakery."""
    adapter, scope = bench.service, bench.scope
    found = adapter.lacks(scope, adapter.describe(scope, BOTH), wants)
    return [(lack.what, lack.cause, lack.fault) for lack in found]


def test_a_full_seat_lacks_nothing(bench: Bench) -> None:
    """One request for the account beside who it is, one for each project and one for the plan."""
    before = len(bench.running.requests)
    told = bench.service.standing(WANTS)

    assert 2 == len(bench.running.requests) - before
    assert (("full permissions",), (), ()) == (told.rights, told.lacks, told.quotas)
    assert [] == lacking(bench)


def test_a_seat_that_only_looks(bench: Bench) -> None:
    """A fault where something is to be written; a guest is told what that means."""
    store, me = bench.sandbox.store, bench.sandbox.users["syncer"].id
    (seat,) = (one for one in store.all("workspace_membership") if one["user"] == me)
    seat |= {"is_view_only": True, "is_guest": True}

    written = bench.service.standing(WANTS).lacks
    looked = bench.service.standing(replace(WANTS, writes=frozenset())).lacks

    assert [True, False] == [lack.fault for lack in written]
    assert "is view-only: nothing can be written" in written[0].cause
    assert [written[1]] == list(looked)
    assert "it is a guest of" in looked[0].cause


def test_a_member_who_may_not_edit_a_project(bench: Bench) -> None:
    """The project is named; where nothing is written nobody is asked."""
    live = bench.service.describe(bench.scope, BOTH)
    gid, name = sorted(live.containers.items())[0]
    me = bench.sandbox.users["syncer"].id
    seat = {"parent": gid, "member": me, "access_level": "commenter"}
    bench.call("maya", "POST", "/memberships", seat)

    cause = f"it is a commenter of the project {name!r}: nothing can be written"
    assert [("seat", cause, True)] == lacking(bench)
    assert [] == lacking(bench, replace(WANTS, writes=frozenset()))


def test_an_app_with_scopes_and_a_free_plan(bench: Bench) -> None:
    """Both are told by how the vendor refuses, each with its own way out."""
    bench.running.fault({"status": 403}, path="workspace_memberships")
    (scopes,) = bench.service.standing(WANTS).lacks
    bench.running.fault({"status": 402}, path="custom_fields")
    plan = lacking(bench)

    assert ("permissions", True) == (scopes.what, scopes.fault)
    assert "full permissions" in scopes.fix
    assert [("plan", "the workspace's plan has no custom fields", True)] == plan
    assert [] == lacking(bench, Wants(BOTH, frozenset()))


def test_nothing_is_copied(bench: Bench) -> None:
    """A mapping that names a template is told so before anything is made."""
    live = bench.service.describe(bench.scope, BOTH)

    assert "not supported in Asana" in bench.service.template("project", "Master", live)
