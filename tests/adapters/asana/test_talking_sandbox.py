"""The stand-in's comments, guests and memberships, as the guide and Asana's document have them."""

from typing import Any

import pytest

from tests.adapters.asana.bench import WORKSPACE, Bench
from tests.adapters.asana.talking import invite, say


def refused(bench: Bench, user: str, method: str, path: str, data: Any = None) -> tuple[int, str]:
    status, body = bench.answer(user, method, path, data)
    return status, body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"html_text": "<body>a & b</body>"}, "XML is invalid"),
        ({"html_text": "<body><B>a</B></body>"}, "html_text: XML tag B is not supported"),
        ({"html_text": "<body><h1>a</h1></body>"}, "html_text: XML tag h1 is not supported"),
        ({"html_text": "<p>a</p>"}, "html_text: Rich text must be wrapped in a body tag"),
        (
            {"html_text": '<body><em class="x">a</em></body>'},
            "html_text: XML tag em may not have attributes",
        ),
        ({"html_text": '<body><a data-asana-gid="9"/></body>'}, "html_text: Unknown object: 9"),
        ({"text": "a", "html_text": "<body>a</body>"}, "You should specify one of text, html_text"),
        ({}, "You should specify one of text, html_text"),
        ({"text": 5}, "text: Not a String: 5"),
    ],
    ids=["xml", "case", "heading", "body", "attribute", "nobody", "both", "neither", "number"],
)
def test_what_is_no_comment_is_refused(bench: Bench, data: Any, message: str) -> None:
    """Well-formed XML with Asana's tags, attributes on links only, and one text."""
    path = f"/tasks/{bench.make()}/stories"
    assert refused(bench, "maya", "POST", path, data) == (400, message)


def test_addresses_of_asana_things_become_mentions(bench: Bench) -> None:
    """Of a user too: that is why what is quoted must hold none. Other addresses become links."""
    task, tom = bench.make(), bench.id_of("tom")
    bench.call("maya", "POST", f"/tasks/{task}/addFollowers", {"followers": [tom]})
    text = f"https://app.asana.com/0/profile/{tom} https://app.asana.com/1/1/task/{task} https://x.example/a"
    story = bench.stored(say(bench, "maya", task, text))
    assert story["text"] == text
    assert bench.sandbox.notified(task) == [tom]
    for link in (">@Tom Lindqvist</a>", ">New</a>", '<a href="https://x.example/a">'):
        assert link in story["html_text"]


def test_a_mention_tells_followers_and_makes_them(bench: Bench) -> None:
    """By the API only who followed before is told of a mention; the next one reaches them."""
    task, anna = bench.make(), bench.id_of("anna")
    html = {"html_text": f'<body><a data-asana-gid="{anna}"/></body>'}
    bench.call("tom", "POST", f"/tasks/{task}/stories", html)
    assert bench.sandbox.notified(task) == []
    assert anna in bench.stored(task)["followers"]
    bench.call("tom", "POST", f"/tasks/{task}/stories", html)
    assert bench.sandbox.notified(task) == [anna]
    assert bench.sandbox.notified(task, "following") == [bench.id_of("maya")]


def test_an_edit_tells_only_whom_it_newly_names(bench: Bench) -> None:
    """Who was mentioned before is not told a second time."""
    task, people = bench.make(), [bench.id_of(user) for user in ("anna", "ben")]
    bench.call("maya", "POST", f"/tasks/{task}/addFollowers", {"followers": people})
    links = [f'<a data-asana-gid="{gid}"/>' for gid in people]
    first = {"html_text": f"<body>{links[0]}</body>"}
    story = bench.call("maya", "POST", f"/tasks/{task}/stories", first)["gid"]
    assert bench.sandbox.notified(task) == people[:1]
    both = {"html_text": f"<body>{''.join(links)}</body>"}
    assert bench.call("maya", "PUT", f"/stories/{story}", both)["is_edited"] is True
    assert [one.user for one in bench.sandbox.store.inbox if one.reason == "mentioned"] == people


def test_a_deleted_comment_is_nowhere(bench: Bench) -> None:
    """It is not listed or read any more, and who was told of it was told of nothing there."""
    task, tom = bench.make(assignee=bench.id_of("tom")), bench.id_of("tom")
    said = say(bench, "maya", task, f"https://app.asana.com/0/profile/{tom}")
    bench.call("maya", "DELETE", f"/stories/{said}")
    assert bench.sandbox.notified(task) == []
    assert refused(bench, "maya", "GET", f"/stories/{said}")[0] == 404
    listed = bench.call("maya", "GET", f"/tasks/{task}/stories")
    assert said not in {story["gid"] for story in listed}


def test_events_tell_of_comments(bench: Bench) -> None:
    """Said, changed and taken back: each with its story, its task and who did it."""
    task, project = bench.make(), bench.project()
    _, start = bench.answer("maya", "GET", "/events", resource=project)
    said = say(bench, "tom", task, "a")
    bench.call("tom", "PUT", f"/stories/{said}", {"text": "b"})
    bench.call("tom", "DELETE", f"/stories/{said}")
    _, told = bench.answer("maya", "GET", "/events", resource=project, sync=start["sync"])
    mine = [event for event in told["data"] if event["resource"]["gid"] == said]
    assert [event["action"] for event in mine] == ["added", "changed", "deleted"]
    assert {event["parent"]["gid"] for event in mine} == {task}
    assert {event["user"]["gid"] for event in mine} == {bench.id_of("tom")}
    assert {event["resource"]["resource_subtype"] for event in mine} == {"comment_added"}


def test_who_may_comment(bench: Bench) -> None:
    """Members by their level; others where the project is open to them; collaborators always."""
    task, project, tom = bench.make(), bench.project(), bench.id_of("tom")
    path = f"/tasks/{task}/stories"

    def status() -> tuple[int, int]:
        words = {"text": "x"}
        return bench.answer("tom", "GET", path)[0], bench.answer("tom", "POST", path, words)[0]

    assert status() == (200, 201)
    bench.call("maya", "POST", f"/projects/{project}/removeMembers", {"members": [tom]})
    assert status() == (200, 201)
    bench.call("maya", "PUT", f"/projects/{project}", {"privacy_setting": "private"})
    assert status() == (403, 403)
    level = {"parent": project, "member": tom, "access_level": "viewer"}
    seat = bench.call("maya", "POST", "/memberships", level)["gid"]
    assert status() == (200, 403)
    bench.call("maya", "PUT", f"/memberships/{seat}", {"access_level": "commenter"})
    assert status() == (200, 201)
    bench.call("maya", "DELETE", f"/memberships/{seat}")
    bench.call("maya", "POST", f"/tasks/{task}/addFollowers", {"followers": [tom]})
    assert status() == (200, 201)


def test_whoever_has_another_domain_is_a_guest(bench: Bench) -> None:
    """Invited by address: of the agency's domain a member, else a guest; never twice."""
    guest, colleague = invite(bench), invite(bench, "eve.stone@brightside.example")
    assert invite(bench) == guest
    listed = bench.call(
        "maya",
        "GET",
        f"/workspaces/{WORKSPACE}/workspace_memberships",
        opt_fields="is_guest,user.name",
    )
    flags = {one["user"]["gid"]: one["is_guest"] for one in listed}
    assert (flags[guest], flags[colleague], flags[bench.id_of("maya")]) == (True, False, False)
    [own] = bench.call("maya", "GET", f"/users/{guest}/workspace_memberships", opt_fields="user")
    assert own["user"]["gid"] == guest
    team = bench.sandbox.teams["bakery"]
    inside = {one["gid"] for one in bench.call("maya", "GET", f"/teams/{team}/users")}
    assert (guest in inside, colleague in inside) == (False, True)
