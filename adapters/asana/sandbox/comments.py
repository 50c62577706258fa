"""Routes that write comments: what may be in one, what becomes of it, who is told of it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import escape
from typing import Final

from starlette.responses import Response

from adapters.asana.sandbox.access import check, of_path
from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.places import follow
from adapters.asana.sandbox.store import Gid, Notified, Store, Thing
from adapters.asana.sandbox.values import flag, linked, mention, plain_of, rich, text

MENTIONED: Final = "mentioned"
FOLLOWING: Final = "following"
REASONS: Final = (MENTIONED, FOLLOWING)
_ADDRESS: Final = re.compile(r"https://app\.asana\.com/[01]/")
_GID: Final = re.compile(r"\d{5,}")


def create(api: Api) -> Response:
    """``POST /tasks/{}/stories``: a comment, plain or rich, by whoever may comment there."""
    task, data = api.there("task"), api.data()
    check(api, task, "commenter")
    values = {"is_pinned": flag("is_pinned", data.get("is_pinned", False)), "is_edited": False}
    story = api.store.tell(api.me, task, "comment_added", **_said(api, data), **values)
    story["is_editable"] = True
    for user in sorted(_reached(api, task) - mentioned(story["html_text"])):
        api.store.inbox.append(Notified(user, story["gid"], FOLLOWING))
    _notify(api, task, story, frozenset())
    return api.one(story, 201)


def update(api: Api) -> Response:
    """``PUT /stories/{}``: the words of one's own comment, or a pin."""
    (story, task), data = of_path(api), api.data()
    if {"text", "html_text"} & data.keys():
        _own_comment(api, story)
        before = mentioned(story["html_text"])
        story.update(_said(api, data), is_edited=True)
        change = {"field": "text", "action": "changed"}
        api.store.happen(api.me, story, "changed", parent=task, change=change)
        _notify(api, task, story, before)
    if "is_pinned" in data:
        story["is_pinned"] = flag("is_pinned", data["is_pinned"])
    return api.one(story)


def delete(api: Api) -> Response:
    """``DELETE /stories/{}``: one's own comments only."""
    story, task = of_path(api)
    _own_comment(api, story)
    api.store.happen(api.me, story, "deleted", parent=task)
    story["deleted"] = True
    task["modified_at"] = api.store.stamp()
    return api.nothing()


def _own_comment(api: Api, story: Thing) -> None:
    author = story["created_by"]
    if story["type"] != "comment" or author is None or author.gid != api.me:
        refuse("You do not have access to change this story.", 403)


def _said(api: Api, data: Thing) -> Thing:
    """Both views of what was sent. In the plain one a mention is the address of what it names."""
    if ("text" in data) == ("html_text" in data):
        refuse("You should specify one of text, html_text")
    if "html_text" in data:
        html = rich(api, "html_text", data["html_text"], blocks=False)
    else:
        said = text("text", data["text"])
        html = f"<body>{linked(escape(said, quote=False))}</body>"
    root = ET.fromstring(html)
    for node in root.iter("a"):
        _address(api, node)
    html = ET.tostring(root, encoding="unicode").replace(" />", "/>")
    for node in root.iter("a"):
        if "data-asana-gid" in node.attrib:
            node.text = node.attrib["href"]
    return {"html_text": html, "text": plain_of(ET.tostring(root, encoding="unicode"))}


def _address(api: Api, node: ET.Element) -> None:
    """The address of something in Asana becomes a mention of it."""
    href = node.attrib.get("href", "")
    known = [gid for gid in _GID.findall(href) if gid in api.store.things]
    if "data-asana-gid" not in node.attrib and _ADDRESS.match(href) and known:
        node.attrib["data-asana-gid"] = known[-1]
        node.text = None if node.text == href else node.text
        mention(api, "html_text", node)


def mentioned(html: str) -> frozenset[Gid]:
    """The users that a rich text mentions."""
    links = ET.fromstring(html).iter("a")
    users = (node.attrib for node in links if node.attrib.get("data-asana-type") == "user")
    return frozenset(found["data-asana-gid"] for found in users)


def _reached(api: Api, task: Thing) -> set[Gid]:
    """Whom Asana tells of what happens to a task."""
    return {*task["followers"], task["assignee"]} - {None, api.me}


def _notify(api: Api, task: Thing, story: Thing, before: frozenset[Gid]) -> None:
    """Tell those whom the text newly mentions, and let them follow the task from now on.

    As the vendor's guide to rich text has it, a mention that comes by way of the API tells
    only those who followed the task, or had it, before.
    """
    reached = _reached(api, task)
    for user in sorted(mentioned(story["html_text"]) - before - {api.me}):
        if user in reached:
            api.store.inbox.append(Notified(user, story["gid"], MENTIONED))
        follow(api, task, user, add=True)


def told(store: Store, task: Gid, reason: str) -> Iterator[Gid]:
    """Who was told of the comments that stand under a task, for this reason."""
    there = {story["gid"] for story in store.all("story") if story["target"] == task}
    return (one.user for one in store.inbox if one.story in there and one.reason == reason)


ROUTES: Table = (
    ("POST", "/tasks/{gid}/stories", create),
    ("PUT", "/stories/{gid}", update),
    ("DELETE", "/stories/{gid}", delete),
)
