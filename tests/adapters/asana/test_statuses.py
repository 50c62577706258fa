"""Status updates: a text that is posted to a project once, and people's own ones left alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.asana.richtext import to_plain
from adapters.asana.shapes import STATUS
from adapters.asana.statuses import TITLE
from syncer.model.remote import Author, Op, Outcome, Raw, Result
from tests.adapters.asana.bench import Bench

TEXT = "Week 47\n\n- key events: **320** of 500, on track\n- [Shop](https://shop.example) sells"
PLAIN = "Week 47\n\n- key events: 320 of 500, on track\n- Shop (https://shop.example) sells"


def post(bench: Bench, text: Raw, **more: Raw) -> Outcome:
    """The service writes the field, and perhaps others with it."""
    return bench.push(Op.UPDATE, "project", id=bench.project(), fields={STATUS: text, **more})


def posted(bench: Bench) -> list[dict[str, Any]]:
    """What is on the project, in the stand-in itself, oldest first."""
    project = bench.project()
    found = bench.sandbox.store.all("status_update")
    return [one for one in found if one["parent"].gid == project]


def said(bench: Bench, who: str = "maya", **more: str) -> str:
    """A person posts a status update of their own."""
    data = {"parent": bench.project(), "text": "All well", "status_type": "at_risk"} | more
    return str(bench.call(who, "POST", "/status_updates", data)["gid"])


def shown(bench: Bench) -> Raw:
    """What the field shows, read as it is now."""
    [record] = bench.service.fetch("project", [bench.project()], bench.wish())
    return record.fields[STATUS]


def test_the_field_is_offered_for_projects(bench: Bench) -> None:
    """Writable, without an author: what others post are no edits of it."""
    project = bench.catalogue().objects["project"]
    [info] = project.candidates(STATUS, None, custom=False)
    assert (info.writable, info.author) == (True, Author.NO)


def test_a_text_is_posted_for_all_members(bench: Bench) -> None:
    """Our account, our title, the words without their marks, and a status that harms nobody."""
    done = post(bench, TEXT)
    [one] = posted(bench)
    assert (one["title"], one["text"], one["status_type"]) == (TITLE, PLAIN, "on_track")
    assert one["created_by"].gid == bench.id_of("syncer")
    assert (done.result, done.refused) == (Result.DONE, {})
    assert done.got == {STATUS: shown(bench)}


def test_the_next_text_is_another_post(bench: Bench) -> None:
    """Nothing is changed or deleted; the field shows the last one."""
    post(bench, TEXT)
    done = post(bench, "Week 48")
    assert [one["text"] for one in posted(bench)] == [PLAIN, "Week 48"]
    assert (done.got[STATUS], shown(bench)) == ("Week 48", "Week 48")


def test_the_status_that_people_gave_a_project_stays(bench: Bench) -> None:
    """How a project stands is for its people to say: the newest status is kept."""
    said(bench, status_type="at_risk")
    said(bench, status_type="off_track")
    post(bench, TEXT)
    assert [one["status_type"] for one in posted(bench)] == ["at_risk", "off_track", "off_track"]


def test_other_peoples_updates_are_theirs(bench: Bench) -> None:
    """Neither of another person nor under another title: the field shows ours, or nothing."""
    said(bench, title=TITLE)
    said(bench, "syncer", title="From my desk")
    assert shown(bench) is None
    post(bench, "Week 47")
    said(bench)
    pulled = bench.pull(full=True)
    assert pulled.records[bench.project()].fields[STATUS] == "Week 47"
    assert pulled.told(bench.project(), STATUS) == []
    post(bench, "Week 48")
    assert len(posted(bench)) == 5


def test_the_same_words_are_never_posted_twice_in_a_row(bench: Bench) -> None:
    """A write that is repeated finds its post, whatever marks its text has by now."""
    post(bench, TEXT)
    done = post(bench, TEXT.replace("**", ""))
    assert (done.result, len(posted(bench))) == (Result.DONE, 1)


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "late": True}, {"cut": 9}])
def test_a_lost_answer_makes_no_second_post(bench: Bench, fault: Mapping[str, Any]) -> None:
    """It was posted although nobody said so: the next write sees it."""
    bench.running.fault(fault, times=1, method="POST", path="/status_updates$", user="syncer")
    assert post(bench, TEXT).result is Result.UNKNOWN
    assert shown(bench) is not None
    assert post(bench, TEXT).result is Result.DONE
    assert len(posted(bench)) == 1


def test_without_a_text_nothing_is_posted(bench: Bench) -> None:
    """What was posted cannot be taken back, and an empty post helps nobody."""
    assert post(bench, None).got == {STATUS: None}
    post(bench, "Week 47")
    assert post(bench, None).got == {STATUS: "Week 47"}
    assert len(posted(bench)) == 1


def test_other_fields_are_written_beside_it(bench: Bench) -> None:
    """A refused field does not keep the text from being posted, nor the other way round."""
    done = post(bench, TEXT, notes="Short", workspace="1")
    assert (done.got["notes"], set(done.refused)) == ("Short", {"workspace"})
    assert len(posted(bench)) == 1
    bench.running.fault({"status": 402}, times=1, method="POST", path="/status_updates$")
    done = post(bench, "Week 48", notes="Shorter")
    assert (done.got["notes"], set(done.refused)) == ("Shorter", {STATUS})


def test_a_new_project_can_begin_with_one(bench: Bench) -> None:
    """It is posted once the project is there; if that fails, the project stays."""
    team = bench.sandbox.scope_of("bakery")["team"]
    fields = {"name": "Fair", STATUS: "Week 47"}
    assert bench.push(Op.CREATE, "project", container=team, fields=fields).got == fields
    bench.running.fault({"drop": "after"}, times=1, method="POST", path="/status_updates$")
    done = bench.push(Op.CREATE, "project", container=team, fields=fields | {"name": "Ball"})
    assert (done.result, done.got, done.stale) == (Result.DONE, {"name": "Ball"}, {STATUS: None})


def test_an_idle_poll_asks_for_no_status(bench: Bench) -> None:
    """Events and tasks only; where the project is read anyway, one request more if it has one."""
    cursors = bench.pull().cursors
    post(bench, "Week 47")
    known = bench.catalogue()
    cursors = bench.pull(cursors, known).cursors
    start = bench.mark()
    cursors = bench.pull(cursors, known).cursors
    assert {line.partition("?")[0] for line in bench.sent(start)} == {"GET /events", "GET /tasks"}
    bench.call("maya", "PUT", f"/projects/{bench.project()}", {"notes": "Short"})
    start = bench.mark()
    pulled = bench.pull(cursors, known)
    assert bench.sent(start).count("GET /status_updates") == 1
    assert pulled.records[bench.project()].fields[STATUS] == "Week 47"


def test_a_project_without_any_costs_nothing(bench: Bench) -> None:
    """That there is none is seen in the project itself."""
    start = bench.mark()
    assert bench.pull().records[bench.project()].fields[STATUS] is None
    assert "GET /status_updates" not in bench.sent(start)


def test_status_updates_that_may_not_be_read_spoil_nothing(bench: Bench) -> None:
    """The project is told without the field."""
    post(bench, TEXT)
    bench.running.fault({"status": 403}, times=1, path="/status_updates$", user="syncer")
    record = bench.pull(full=True).records[bench.project()]
    assert record.fields["name"] == "Website relaunch"
    assert STATUS not in record.fields


def test_a_deleted_post_shows_the_one_before(bench: Bench) -> None:
    """What people delete is not there any more."""
    post(bench, "Week 47")
    post(bench, "Week 48")
    bench.call("maya", "DELETE", f"/status_updates/{posted(bench)[-1]['gid']}")
    assert shown(bench) == "Week 47"


def test_the_stand_in_refuses_what_asana_refuses(bench: Bench) -> None:
    """Text, status and project are needed; a status update cannot be changed."""
    whole = {"parent": bench.project(), "text": "x", "status_type": "on_track"}
    for key in whole:
        data = {name: value for name, value in whole.items() if name != key}
        status, body = bench.answer("maya", "POST", "/status_updates", data)
        assert (status, key in body["errors"][0]["message"]) == (400, True)
    assert (
        bench.answer("maya", "POST", "/status_updates", whole | {"status_type": "achieved"})[0]
        == 400
    )
    gid = said(bench)
    assert bench.answer("maya", "PUT", f"/status_updates/{gid}", {"text": "y"})[0] == 404
    since = bench.sandbox.now()
    found = bench.call("maya", "GET", "/status_updates", parent=bench.project())
    assert [one["gid"] for one in found] == [gid]
    later = f"{since.year + 1}-01-01T00:00:00.000Z"
    ask = {"parent": bench.project(), "created_since": later}
    assert bench.call("maya", "GET", "/status_updates", **ask) == []


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("# Head\n\n*a* **b** `c`", "Head\n\na b c"),
        ("1. one\n2. two\n   - deep", "1. one\n2. two\n  - deep"),
        ("> said\n\n---\n\nhttps://a.example", "said\n\n———\n\nhttps://a.example"),
        ("", ""),
    ],
)
def test_words_without_their_marks(markdown: str, plain: str) -> None:
    """Lists stay lists, links keep their address, and nothing shows a mark."""
    assert to_plain(markdown) == plain
