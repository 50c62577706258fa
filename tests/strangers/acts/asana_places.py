"""Workspaces, teams, projects, sections, members, tags and custom fields by Asana's client."""

from typing import Any

import asana
from asana.rest import ApiException


def organisation(crew: Any, who: str, other: str) -> dict[str, str]:
    """Where everybody is, and who they are. Gives the workspace and a new team in it."""
    client = crew[who]
    places, people = asana.WorkspacesApi(client), asana.UsersApi(client)
    [workspace] = list(places.get_workspaces({}))
    read = places.get_workspace(workspace["gid"], {})
    crew.same(
        "the organisation", (workspace["name"], True), (read["name"], read["is_organization"])
    )
    gid = str(workspace["gid"])
    me = people.get_user("me", {"opt_fields": "name,email,workspaces.name"})
    crew.same(
        "who I am", (crew.id(who), crew.stand["users"][who]["email"]), (me["gid"], me["email"])
    )
    crew.same("where I am", [workspace["name"]], [w["name"] for w in me["workspaces"]])
    found = {
        u["gid"]: u["email"] for u in people.get_users({"workspace": gid, "opt_fields": "email"})
    }
    crew.same(
        "everybody's address", {u["id"]: u["email"] for u in crew.stand["users"].values()}, found
    )
    by_address = people.get_user(found[crew.id(other)], {})
    crew.same("a user by address", crew.id(other), by_address["gid"])
    teams = asana.TeamsApi(client)
    team = teams.create_team({"data": {"name": "Strangers", "organization": gid}}, {})
    crew.same("a team read back", "Strangers", teams.get_team(team["gid"], {})["name"])
    crew.so("among the teams", team["gid"] in gids(teams.get_teams_for_workspace(gid, {})))
    crew.so("among mine", team["gid"] in gids(teams.get_teams_for_user("me", gid, {})))
    crew.same("its people", set(found), gids(people.get_users_for_team(team["gid"], {})))
    crew.same("in all", set(found), gids(people.get_users_for_workspace(gid, {})))
    return {"workspace": gid, "team": str(team["gid"])}


def projects(crew: Any, who: str, other: str, place: dict[str, str]) -> str:
    """Projects: made in three ways, changed, archived, shared, deleted. Gives one's gid."""
    made = asana.ProjectsApi(crew[who])
    body = {"name": "Strange affairs", "team": place["team"], "workspace": place["workspace"]}
    project = made.create_project({"data": body | {"notes": "First", "due_on": "2027-05-05"}}, {})
    gid = str(project["gid"])
    second = made.create_project_for_team({"data": {"name": "By team"}}, place["team"], {})
    third = made.create_project_for_workspace(
        {"data": {"name": "By workspace", "team": place["team"]}}, place["workspace"], {}
    )
    more = {
        "start_on": "2027-04-01",
        "due_on": "2027-05-06",
        "html_notes": "<body><em>2</em></body>",
    }
    changed = made.update_project({"data": more | {"color": "light-green"}}, gid, {})
    crew.same("dates", ("2027-04-01", "2027-05-06"), (changed["start_on"], changed["due_on"]))
    read = made.get_project(gid, {"opt_fields": "notes,html_notes,owner.name,team.name,workspace"})
    crew.same("rich notes are plain too", "2", read["notes"])
    crew.same("its owner", crew.stand["users"][who]["full_name"], read["owner"]["name"])
    crew.same("its team", "Strangers", read["team"]["name"])
    every = {gid, second["gid"], third["gid"]}
    crew.same("of the team", every, gids(made.get_projects_for_team(place["team"], {"limit": 2})))
    crew.so(
        "of the workspace", every <= gids(made.get_projects_for_workspace(place["workspace"], {}))
    )
    crew.same("by filter", every, gids(made.get_projects({"team": place["team"], "limit": 1})))
    made.update_project({"data": {"archived": True}}, second["gid"], {})
    kept = gids(made.get_projects_for_team(place["team"], {"archived": False}))
    crew.same("without the archived", every - {second["gid"]}, kept)
    away = gids(made.get_projects_for_team(place["team"], {"archived": True}))
    crew.same("only the archived", {second["gid"]}, away)
    for gone in (second, third):
        made.delete_project(gone["gid"])
        error = crew.refused(
            "a deleted project", ApiException, lambda g=gone: made.get_project(g["gid"], {})
        )
        crew.same("is not found", 404, error.status)
    _members(crew, made, gid, other)
    return gid


def _members(crew: Any, made: Any, gid: str, other: str) -> None:
    made.add_members_for_project({"data": {"members": crew.id(other)}}, gid, {})
    seats = asana.MembershipsApi(made.api_client)
    found = {s["member"]["gid"]: s for s in seats.get_memberships({"parent": gid})}
    crew.so("a new member", crew.id(other) in found)
    seat = found[crew.id(other)]
    crew.same("and how", "project_membership", seat["resource_subtype"])
    told = seats.update_membership({"data": {"access_level": "viewer"}}, seat["gid"])
    crew.same("what they may do", "viewer", told["access_level"])
    crew.same("read back", crew.id(other), seats.get_membership(seat["gid"])["member"]["gid"])
    seats.delete_membership(seat["gid"])
    read = made.get_project(gid, {"opt_fields": "members"})
    crew.so("one has left", crew.id(other) not in gids(read["members"]))
    seats.create_membership({"body": {"data": {"parent": gid, "member": crew.id(other)}}})
    made.remove_members_for_project({"data": {"members": crew.id(other)}}, gid, {})
    made.add_followers_for_project({"data": {"followers": crew.id(other)}}, gid, {})
    made.remove_followers_for_project({"data": {"followers": crew.id(other)}}, gid, {})
    left = [s["member"]["gid"] for s in seats.get_memberships({"parent": gid})]
    crew.so("and again", crew.id(other) not in left)


def statuses(crew: Any, who: str, other: str, project: str) -> None:
    """Status updates: posted by two people, listed, read and taken back; none can be changed."""
    mine, theirs = asana.StatusUpdatesApi(crew[who]), asana.StatusUpdatesApi(crew[other])
    body = {"parent": project, "text": "All well", "status_type": "on_track"}
    first = mine.create_status_for_object({"data": body | {"title": "Monday"}}, {})
    crew.same("what was posted", ("Monday", "All well"), (first["title"], first["text"]))
    crew.same("by whom", crew.id(who), first["created_by"]["gid"])
    rich = {"text": "So so", "html_text": "<body>So <strong>so</strong></body>"}
    second = theirs.create_status_for_object({"data": body | rich | {"status_type": "at_risk"}}, {})
    ask = {"opt_fields": "title,text,html_text,status_type,created_at,created_by.name"}
    read = mine.get_status(second["gid"], ask)
    crew.same("read back", (rich["html_text"], "at_risk"), (read["html_text"], read["status_type"]))
    every = {first["gid"], second["gid"]}
    crew.same("on the project", every, gids(mine.get_statuses_for_object(project, {"limit": 1})))
    late = {"created_since": "2199-01-01T00:00:00.000Z"}
    crew.same("none since then", set(), gids(mine.get_statuses_for_object(project, late)))
    _current(crew, who, project, second["gid"])
    theirs.delete_status(second["gid"])
    _current(crew, who, project, first["gid"])
    error = crew.refused(
        "one without a text",
        ApiException,
        lambda: mine.create_status_for_object(
            {"data": {"parent": project, "status_type": "on_track"}}, {}
        ),
    )
    crew.same("is a bad request", 400, error.status)
    mine.delete_status(first["gid"])


def _current(crew: Any, who: str, project: str, gid: str) -> None:
    ask = {"opt_fields": "current_status_update.title"}
    read = asana.ProjectsApi(crew[who]).get_project(project, ask)
    crew.same("the project's status", gid, read["current_status_update"]["gid"])


def sections(crew: Any, who: str, project: str) -> dict[str, str]:
    """Sections: made, renamed, moved, deleted. Gives two by name."""
    made = asana.SectionsApi(crew[who])
    [untitled] = list(made.get_sections_for_project(project, {}))
    crew.same("every project begins with one", "Untitled section", untitled["name"])
    new = {}
    for name in ("Doing", "Done", "Short-lived"):
        body = {"body": {"data": {"name": name}}}
        new[name] = str(made.create_section_for_project(project, body)["gid"])
    made.update_section(untitled["gid"], {"body": {"data": {"name": "To do"}}})
    place = {"section": new["Done"], "before_section": new["Doing"]}
    made.insert_section_for_project(project, {"body": {"data": place}})
    made.delete_section(new.pop("Short-lived"))
    names = [s["name"] for s in made.get_sections_for_project(project, {"limit": 2})]
    crew.same("their order", ["To do", "Done", "Doing"], names)
    read = made.get_section(new["Done"], {"opt_fields": "name,project.gid"})
    crew.same("one of them", ("Done", project), (read["name"], read["project"]["gid"]))
    return {"To do": str(untitled["gid"]), **new}


def tags(crew: Any, who: str, workspace: str) -> str:
    """Tags: made in two ways, renamed, listed page by page, deleted. Gives one's gid."""
    made = asana.TagsApi(crew[who])
    one = made.create_tag({"data": {"name": "Strange", "workspace": workspace}}, {})
    two = made.create_tag_for_workspace({"data": {"name": "Stranger"}}, workspace, {})
    made.update_tag({"data": {"name": "Strangest", "color": "dark-red"}}, two["gid"], {})
    crew.same("read back", "Strangest", made.get_tag(two["gid"], {})["name"])
    every = gids(made.get_tags({"workspace": workspace, "limit": 2}))
    crew.so("both among all", {one["gid"], two["gid"]} <= every)
    crew.same("by path", every, gids(made.get_tags_for_workspace(workspace, {})))
    made.delete_tag(two["gid"])
    crew.same("one fewer", len(every) - 1, len(gids(made.get_tags({"workspace": workspace}))))
    return str(one["gid"])


def fields(crew: Any, who: str, workspace: str, project: str) -> dict[str, str]:
    """Custom fields of every type, set up on a project. Gives their gids by name."""
    made = asana.CustomFieldsApi(crew[who])
    known = {}
    for kind in ("text", "number", "enum", "multi_enum", "date", "people"):
        body = {"name": f"Strange {kind}", "resource_subtype": kind, "workspace": workspace}
        body |= {"enum_options": [{"name": "Red"}, {"name": "Blue"}]} if "enum" in kind else {}
        body |= {"precision": 2} if kind == "number" else {}
        known[kind] = str(made.create_custom_field({"data": body}, {})["gid"])
    option = made.create_enum_option_for_custom_field(
        known["enum"], {"body": {"data": {"name": "Green", "color": "green"}}}
    )
    made.update_enum_option(option["gid"], {"body": {"data": {"enabled": False}}})
    made.update_custom_field(known["text"], {"body": {"data": {"description": "Anything"}}})
    read = made.get_custom_field(known["enum"], {})
    options = {o["name"]: o["enabled"] for o in read["enum_options"]}
    crew.same("its options", {"Red": True, "Blue": True, "Green": False}, options)
    every = gids(made.get_custom_fields_for_workspace(workspace, {"limit": 3}))
    crew.so("all of them, page by page", set(known.values()) <= every)
    places = asana.ProjectsApi(crew[who])
    for gid in known.values():
        places.add_custom_field_setting_for_project({"data": {"custom_field": gid}}, project, {})
    settings = asana.CustomFieldSettingsApi(crew[who])
    ask = {"opt_fields": "custom_field.name,custom_field.type", "limit": 4}
    listed = list(settings.get_custom_field_settings_for_project(project, ask))
    crew.same("set up here", set(known.values()), {s["custom_field"]["gid"] for s in listed})
    spare = {"name": "Short-lived", "resource_subtype": "text", "workspace": workspace}
    gone = made.create_custom_field({"data": spare}, {})["gid"]
    places.add_custom_field_setting_for_project({"data": {"custom_field": gone}}, project, {})
    places.remove_custom_field_setting_for_project({"data": {"custom_field": gone}}, project)
    made.delete_custom_field(gone)
    error = crew.refused("a deleted one", ApiException, lambda: made.get_custom_field(gone, {}))
    crew.same("is not found", 404, error.status)
    return known


def gids(things: Any) -> set[str]:
    """The gids of some things."""
    return {str(thing["gid"]) for thing in things}
