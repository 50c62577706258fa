"""Comments, guests and memberships by Asana's client, while the service speaks and listens too."""

from typing import Any

import asana
from asana.rest import ApiException


def _ask() -> dict[str, Any]:
    """Anew each time: the client notes in it how far it has read."""
    fields = "text,html_text,is_edited,created_by.name,resource_subtype"
    return {"opt_fields": fields, "limit": 3}


def answers(crew: Any, who: str, other: str, task: str, asked: str) -> list[list[str]]:
    """What the service asked is read and answered. Gives gid and author of what stands there."""
    mine, theirs = asana.StoriesApi(crew[who]), asana.StoriesApi(crew[other])
    read = mine.get_story(asked, {"opt_fields": _ask()["opt_fields"]})
    crew.same("who asks", "Syncer", read["created_by"]["name"])
    crew.so("they are mentioned", f'data-asana-gid="{crew.id(who)}"' in read["html_text"])
    crew.so("nobody else is", read["html_text"].count("data-asana-gid") == 1)
    for what, act in (
        ("to edit it", lambda: mine.update_story({"data": {"text": "x"}}, asked, {})),
        ("to delete it", lambda: mine.delete_story(asked)),
    ):
        error = crew.refused(what, ApiException, act)
        crew.same(what, 403, error.status)
    said = mine.create_story_for_task({"data": {"text": "aprove"}}, task, {})["gid"]
    mine.update_story({"data": {"text": "approve"}}, said, {})
    rich = {"html_text": f'<body>Ask <a data-asana-gid="{crew.id(who)}"/> &amp; me</body>'}
    second = theirs.create_story_for_task({"data": rich}, task, {})["gid"]
    spare = theirs.create_story_for_task({"data": {"text": "Never mind"}}, task, {})["gid"]
    theirs.delete_story(spare)
    wrong = {"data": {"html_text": "<body><p>x</p></body>"}}
    error = crew.refused(
        "a tag it does not know",
        ApiException,
        lambda: mine.create_story_for_task(wrong, task, {}),
    )
    crew.same("is a bad request", 400, error.status)
    names = {gid: (who if gid == said else other) for gid in (said, second)}
    told = {s["gid"]: s for s in mine.get_stories_for_task(task, _ask())}
    there = {gid for gid, s in told.items() if s["resource_subtype"] == "comment_added"}
    crew.so("what was said stands there", {asked, *names} <= there and spare not in there)
    crew.same("edited", (True, False), (told[said]["is_edited"], told[second]["is_edited"]))
    crew.so("a mention is an address", f"/profile/{crew.id(who)}" in told[second]["text"])
    return [[gid, name] for gid, name in names.items()]


def rewritten(crew: Any, who: str, task: str, asked: str, words: str) -> None:
    """The service wrote its comment anew: it is the same one, and says so."""
    made = asana.StoriesApi(crew[who])
    read = made.get_story(asked, {"opt_fields": _ask()["opt_fields"]})
    crew.same("edited", True, read["is_edited"])
    crew.so("it says something else", words in read["text"])
    comments = [s for s in made.get_stories_for_task(task, _ask()) if words in s["text"]]
    crew.same("it is one", [asked], [s["gid"] for s in comments])


def invited(crew: Any, who: str, place: dict[str, str], email: str) -> str:
    """Somebody from outside joins the workspace and a team. Gives their gid."""
    home, team = place["workspace"], place["team"]
    made = asana.WorkspacesApi(crew[who])
    guest = made.add_user_for_workspace({"data": {"user": email}}, home, {})["gid"]
    seats = asana.WorkspaceMembershipsApi(crew[who])
    ask = {"opt_fields": "is_guest,is_active,user.name,workspace.name", "limit": 2}
    told = {s["user"]["gid"]: s for s in seats.get_workspace_memberships_for_workspace(home, ask)}
    crew.same("a guest, and staff", (True, False),
              (told[guest]["is_guest"], told[crew.id(who)]["is_guest"]))  # fmt: skip
    [own] = list(seats.get_workspace_memberships_for_user(guest, {}))
    crew.same("their own", told[guest]["gid"], own["gid"])
    read = seats.get_workspace_membership(own["gid"], {})
    crew.same("read back", (home, True), (read["workspace"]["gid"], read["is_active"]))
    rooms = asana.TeamMembershipsApi(crew[who])
    before = {s["user"]["gid"] for s in rooms.get_team_memberships_for_team(team, {"limit": 2})}
    crew.so("staff is in every team", guest not in before and crew.id(who) in before)
    seat = asana.TeamsApi(crew[who]).add_user_for_team({"data": {"user": guest}}, team, {})
    read = rooms.get_team_membership(seat["gid"], {})
    crew.same("in the team", (guest, True), (read["user"]["gid"], read["is_guest"]))
    return str(guest)


def shared(crew: Any, who: str, project: str, member: str) -> None:
    """A project is made private and shared with somebody, or with a team."""
    asana.ProjectsApi(crew[who]).update_project(
        {"data": {"privacy_setting": "private"}}, project, {}
    )
    made = asana.MembershipsApi(crew[who])
    body = {"data": {"parent": project, "member": member, "access_level": "commenter"}}
    seat = made.create_membership({"body": body})
    listed = {
        s["member"]["gid"]: s["access_level"] for s in made.get_memberships({"parent": project})
    }
    crew.same("shared", (member, "commenter"), (seat["member"]["gid"], listed[member]))


def unshared(crew: Any, who: str, project: str, member: str) -> None:
    """And taken back."""
    made = asana.MembershipsApi(crew[who])
    [seat] = [
        s["gid"] for s in made.get_memberships({"parent": project}) if s["member"]["gid"] == member
    ]
    made.delete_membership(seat)
    left = {s["member"]["gid"] for s in made.get_memberships({"parent": project})}
    crew.so("unshared", member not in left)
