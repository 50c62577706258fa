"""Workspaces that people make and share (guide, 4.1)."""

from starlette.responses import Response

from adapters.trello.sandbox import feed, shapes
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import reply

KINDS = ("admin", "normal")


def post(call: Call) -> Response:
    """POST /organizations: its maker is its admin."""
    home = shapes.organization(
        call.store, call.store.new_id(), call.text("displayName", required=True)
    )
    home["desc"] = call.text("desc")
    if name := call.text("name"):
        home |= {"name": name, "url": f"https://trello.com/w/{name}"}
    home["memberships"] = [shapes.membership(call.store, call.me, "admin")]
    call.store.organizations[home["id"]] = home
    return reply(feed.pick(home, "all"))


def put_member(call: Call) -> Response:
    """PUT /organizations/{id}/members/{idMember}: by an admin."""
    home, member = _own(call), call.find(call.store.members, call.part("member"), "username")
    kind = call.text("type", required=True)
    if kind not in KINDS:
        refuse(400, "invalid value for type")
    others = [entry for entry in home["memberships"] if entry["idMember"] != member["id"]]
    home["memberships"] = [*others, shapes.membership(call.store, member["id"], kind)]
    return reply(member)


def delete_member(call: Call) -> Response:
    """DELETE /organizations/{id}/members/{idMember}: by an admin, or oneself."""
    home, member = _own(call), call.part("member")
    kept = [entry for entry in home["memberships"] if entry["idMember"] != member]
    if len(kept) == len(home["memberships"]):
        refuse(404, "member not found")
    home["memberships"] = kept
    return reply(feed.pick(home, "all"))


def _own(call: Call) -> Object:
    home = call.find(call.store.organizations, call.part("id"), "name")
    mine = [entry for entry in home["memberships"] if entry["idMember"] == call.me]
    leaving = call.request.method == "DELETE" and call.part("member") == call.me
    if not mine or (mine[0]["memberType"] != "admin" and not leaving):
        refuse(401, "unauthorized org access")
    return home
