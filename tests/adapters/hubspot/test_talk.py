"""What HubSpot's own is in what is said there: notes, tasks, histories, an index that lags."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from msgspec.structs import replace

from adapters.hubspot.talk import posting
from syncer.adapterkit.limits import Budget
from syncer.model.comments import Quoted
from syncer.model.remote import Result
from tests.adapters.hubspot.bench import BASE, Bench
from tests.adapters.hubspot.talk import Talk, texts

JSON = {"content-type": "application/json"}
DUE = datetime(2026, 12, 4, 16, tzinfo=UTC)


@pytest.fixture
def talk(b: Bench, monkeypatch: pytest.MonkeyPatch) -> Talk:
    # Searches are few, but tests have no second to spare between them.
    monkeypatch.setattr(Budget, "slot", lambda *_: nullcontext())
    b.sandbox.limits = ()
    return Talk(b)


class TestWriting:
    def test_one_request_each(self, talk: Talk) -> None:
        """A note, a task and a rewrite of either are a request each, link and all."""
        talk.written(talk.post("Hello"))
        assert talk.sent == ["POST /crm/objects/2026-09/notes"]
        task = talk.asked("anna", "Hello")
        id = talk.written(task)
        assert talk.sent == ["POST /crm/objects/2026-09/tasks"]
        talk.written(replace(task, comment=f"task:{id}"))
        assert talk.sent == [f"PATCH /crm/objects/2026-09/tasks/{id}"]
        assert len(talk.timeline(talk.deal).activities()) == 2

    def test_a_task_is_the_owners(self, talk: Talk) -> None:
        """It is assigned by the owner's id; of somebody known by the user's it is asked once."""
        talk.written(talk.asked("anna", "By owner"))
        task = talk.asked("maya", "By user")
        assert task.to_do is not None
        named = replace(task, to_do=replace(task.to_do, assignee=talk.user("maya")))
        talk.written(named)
        assert len(talk.sent) == 2
        talk.written(replace(named, ref="k9"))
        assert len(talk.sent) == 1
        owners = sorted(map(talk.owner, ("anna", "maya")))
        assert talk.timeline(talk.deal).assigned() == owners
        assert talk.timeline(talk.deal).notified() == owners

    @pytest.mark.parametrize("assignee", ["user:1", "user:", "1", "user:../deals"])
    def test_a_task_for_nobody_is_refused(self, talk: Talk, assignee: str) -> None:
        """A person whom HubSpot does not know is an outcome with a reason."""
        task = talk.asked("anna", "Hello")
        assert task.to_do is not None
        outcome = talk.write(replace(task, to_do=replace(task.to_do, assignee=assignee)))
        assert outcome.result is Result.REFUSED
        assert outcome.reason
        assert talk.timeline(talk.deal).activities() == []

    def test_a_task_has_a_day_and_ends(self, talk: Talk) -> None:
        """Its due date is what was asked for; ticked off it keeps it, and its owner."""
        task = talk.asked("anna", "Hello", due=DUE)
        id = talk.written(task)
        stored = talk.b.sandbox.account.store.records["tasks"][id].values
        assert stored["hs_timestamp"] == "2026-12-04T16:00:00.000Z"
        assert stored["hs_task_status"] == "NOT_STARTED"
        assert task.to_do is not None
        done = replace(task.to_do, subject="Approved", done=True, due=None)
        talk.written(replace(task, comment=f"task:{id}", to_do=done))
        assert stored["hs_timestamp"] == "2026-12-04T16:00:00.000Z"
        assert stored["hubspot_owner_id"] == talk.owner("anna")
        assert (stored["hs_task_status"], stored["hs_task_subject"]) == ("COMPLETED", "Approved")

    def test_a_new_version_opens_a_task_again(self, talk: Talk) -> None:
        """Who has ticked a task off is asked again by its new version."""
        task = talk.asked("anna", "Hello")
        id = talk.written(task)
        talk.b.edit("tasks", id, hs_task_status="COMPLETED")
        assert talk.timeline(talk.deal).assigned() == []
        talk.written(replace(task, comment=f"task:{id}"))
        assert talk.timeline(talk.deal).assigned() == [talk.owner("anna")]

    def test_a_link_type_is_asked_for_where_it_is_another(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An account whose type ids differ is asked for them once, and the note is made."""
        monkeypatch.setitem(posting.LINKS, ("note", "deal"), 9999)  # type: ignore[misc]
        talk.written(talk.post("Hello"))
        assert talk.sent == [
            "POST /crm/objects/2026-09/notes",
            "GET /crm/associations/2026-09/notes/deals/labels",
            "POST /crm/objects/2026-09/notes",
        ]
        talk.written(talk.post("Again"))
        assert talk.sent == ["POST /crm/objects/2026-09/notes"]
        assert len(talk.timeline(talk.deal).activities()) == 2

    def test_a_comment_that_is_no_note_is_not_written_over(self, talk: Talk) -> None:
        """A task's id is no note's: what is asked for is refused, nothing is sent."""
        outcome = talk.write(talk.post("Hello", comment="task:21000000001"))
        assert outcome.result is Result.REFUSED
        assert talk.sent == []

    def test_a_note_that_somebody_has_deleted_is_refused(self, talk: Talk) -> None:
        """Rewriting it makes no other."""
        note = talk.post("Hello")
        id = talk.written(note)
        talk.b.call("DELETE", f"{BASE}/notes/{id}")
        assert talk.write(replace(note, comment=f"note:{id}")).result is Result.REFUSED
        assert talk.timeline(talk.deal).activities() == []


class TestAnswers:
    @pytest.mark.parametrize(
        ("above", "below"),
        [("<p>approve P3KX9Q</p>", ""), ("", "<p>approve P3KX9Q</p>"), ("approve P3KX9Q<br>", "")],
    )
    def test_words_in_a_task_are_an_answer(self, talk: Talk, above: str, below: str) -> None:
        """What somebody writes above or below our words is told, with who, without ours."""
        id = talk.written(talk.asked("anna", "Anna, please say:", Quoted("approve <b>")))
        talk.poll(talk.deal)
        talk.b.edit("tasks", id, user="tom", hs_task_body=above + talk.body(id) + below)
        assert talk.people() == [(talk.user("tom"), "approve P3KX9Q")]

    def test_an_editor_that_writes_our_words_otherwise_says_nothing(self, talk: Talk) -> None:
        """Other tags, quotes and dashes around the same words are no answer."""
        id = talk.written(talk.asked("anna", "approve P3KX9Q - or", Quoted('say "why" not')))
        talk.poll(talk.deal)
        body = talk.body(id).replace("<p>", "<div>").replace("</p>", "</div>")
        body = body.replace('"why"', "&ldquo;why&rdquo;").replace(" - ", "&nbsp;&ndash; ")
        talk.b.edit("tasks", id, hs_task_body=f'<div dir="auto">{body}<br></div>')
        assert talk.people() == []

    def test_a_task_that_is_ticked_off_says_nothing(self, talk: Talk) -> None:
        """Nor does one whose day or owner was changed."""
        id = talk.written(talk.asked("anna", "Please say"))
        talk.poll(talk.deal)
        talk.b.edit("tasks", id, hs_task_status="COMPLETED", hubspot_owner_id=talk.owner("ben"))
        assert talk.people() == []

    def test_words_stay_told_where_we_have_written_over_them(self, talk: Talk) -> None:
        """An answer between two of our versions is told, though the task shows it no more."""
        task = talk.asked("anna", "First")
        id = talk.written(task)
        talk.poll(talk.deal)
        talk.b.edit("tasks", id, hs_task_body=talk.body(id) + "<p>decline P3KX9Q</p>")
        talk.written(replace(task, message=talk.post("Second").message, comment=f"task:{id}"))
        told = talk.poll(talk.deal)
        assert texts(told) == ["Second", "decline P3KX9Q"]
        assert told[0].edited_at is not None
        assert told[1].at < told[0].edited_at

    def test_somebody_who_is_typing_is_heard_once(self, talk: Talk) -> None:
        """What is saved within a minute is one answer, what is added later another."""
        id = talk.written(talk.asked("anna", "Please say"))
        ours = talk.body(id)
        for text in ("dec", "decline P3KX9Q", "decline P3KX9Q too late"):
            talk.b.edit("tasks", id, hs_task_body=f"{ours}<p>{text}</p>")
            talk.later(seconds=20)
        talk.later(minutes=5)
        talk.b.edit("tasks", id, hs_task_body=f"{ours}<p>decline P3KX9Q too late</p><p>sorry</p>")
        said = [text for _, text in talk.people()]
        assert said == ["decline P3KX9Q too late", "sorry"]

    def test_two_people_in_one_task_are_told_apart(self, talk: Talk) -> None:
        """Each has said what they have added."""
        id = talk.written(talk.asked("anna", "Please say"))
        talk.b.edit("tasks", id, user="tom", hs_task_body=talk.body(id) + "<p>approve</p>")
        talk.b.edit("tasks", id, user="anna", hs_task_body=talk.body(id) + "<p>decline</p>")
        expected = [(talk.user("tom"), "approve"), (talk.user("anna"), "decline")]
        assert talk.people() == expected

    def test_words_in_our_note_are_an_answer_too(self, talk: Talk) -> None:
        """Somebody edits our note instead of writing one."""
        id = talk.written(talk.post("Please say"))
        talk.b.edit("notes", id, hs_note_body="<p>approve P3KX9Q</p><p>Please say</p>")
        assert talk.people() == [(talk.user("anna"), "approve P3KX9Q")]

    def test_without_a_history_what_stands_below_the_mark_is_told(self, talk: Talk) -> None:
        """Where HubSpot tells no history, only what is surely not ours counts."""
        id = talk.written(talk.asked("anna", "Please say"))
        talk.later(minutes=1)
        body = f"<p>Hm.</p>{talk.body(id)}<p>approve P3KX9Q</p>"
        talk.b.edit("tasks", id, hs_task_body=body)
        row = talk.b.call("GET", f"{BASE}/tasks/{id}?properties=hs_task_body")
        answer = json.dumps({"status": "COMPLETE", "results": [row]})
        talk.b.running.fault({"status": 200, "body": answer, "headers": JSON}, path="/tasks/batch/")
        assert [text for _, text in talk.people()] == ["approve P3KX9Q"]

    def test_a_note_is_whose_words_it_holds(self, talk: Talk) -> None:
        """A note that somebody else has changed is theirs; one that was only moved is as it was."""
        first = talk.note("anna", "<p>decline</p>")
        second = talk.note("anna", "<p>Hm.</p>")
        talk.later(minutes=1)
        talk.b.edit("notes", first, user="tom", hs_note_body="<p>approve P3KX9Q</p>")
        talk.b.edit("notes", second, user="tom", hubspot_owner_id=talk.owner("ben"))
        one, other = sorted(talk.poll(talk.deal), key=lambda c: c.id)
        assert (one.by, one.text) == (talk.user("tom"), "approve P3KX9Q")
        assert one.edited_at is not None
        assert one.edited_at - one.at >= timedelta(minutes=1)
        assert (other.by, other.edited_at) == (talk.user("anna"), None)

    def test_other_peoples_tasks_say_nothing(self, talk: Talk) -> None:
        """A task that somebody has made asks somebody else for something else."""
        told = {"hs_timestamp": "2026-12-01T09:00:00Z", "hs_task_body": "<p>approve P3KX9Q</p>"}
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 216}]
        link = {"to": {"id": talk.deal.id}, "types": types}
        talk.b.call("POST", f"{BASE}/tasks", {"properties": told, "associations": [link]})
        assert talk.poll(talk.deal) == []
        assert talk.looked_up(talk.deal) == []


class TestFeed:
    def test_what_it_costs(self, talk: Talk) -> None:
        """Nothing while nothing waits; two searches; more only where something is new."""
        talk.note("anna", "<p>approve P3KX9Q</p>")
        assert talk.poll() == []
        assert talk.sent == []
        both = (talk.deal, talk.company)
        searches = [f"POST /crm/objects/2026-09/{kind}/search" for kind in ("notes", "tasks")]
        assert texts(talk.poll(talk.deal)) == ["approve P3KX9Q"]
        assert talk.sent == searches
        assert texts(talk.poll(*both)) == ["approve P3KX9Q"]
        links = [
            f"POST /crm/associations/2026-09/notes/{x}/batch/read" for x in ("companies", "deals")
        ]
        assert talk.sent == [searches[0], *links, searches[1]]
        assert talk.poll(*both) == []
        assert talk.sent == searches

    def test_an_index_that_lags_hides_nothing(self, talk: Talk) -> None:
        """A note is told once the index knows it, once, also where it is late by half an hour."""
        talk.b.sandbox.account.search_lag = timedelta(minutes=4)
        talk.poll(talk.deal)
        talk.note("anna", "<p>approve P3KX9Q</p>")
        heard = []
        for _ in range(4):
            talk.later(minutes=2)
            heard += talk.people()
        assert heard == [(talk.user("anna"), "approve P3KX9Q")]
        talk.b.sandbox.account.search_lag = timedelta(minutes=30)
        talk.note("tom", "<p>decline P3KX9Q</p>")
        for _ in range(10):
            talk.later(minutes=12)
            heard += talk.people()
        assert heard[1:] == [(talk.user("tom"), "decline P3KX9Q")]

    def test_a_thread_that_is_new_is_heard_from_the_moment_given(self, talk: Talk) -> None:
        """What was said there before anybody asked after it is told; what is older is not."""
        talk.poll(talk.deal)
        talk.note("anna", "<p>Long ago</p>", talk.company)
        talk.later(hours=5)
        since = talk.b.sandbox.now()
        talk.note("anna", "<p>approve P3KX9Q</p>", talk.company)
        talk.later(minutes=30)
        talk.poll(talk.deal)
        talk.later(minutes=30)
        told = talk.poll(talk.deal, talk.company, since=since)
        assert texts(told) == ["approve P3KX9Q"]

    def test_a_note_on_two_records_is_told_of_both(self, talk: Talk) -> None:
        """As HubSpot shows it: on its company, then on the deal, where people write it."""
        talk.note("anna", "<p>approve P3KX9Q</p>", talk.deal, talk.company)
        told = talk.poll(talk.deal, talk.company)
        assert [c.thread for c in told] == [talk.company, talk.deal]
        assert len({c.id for c in told}) == 1

    def test_many_threads_fit_the_searches(self, talk: Talk) -> None:
        """A search takes 3,000 characters: more threads than that are asked after in several."""
        deals = [replace(talk.deal, id=id) for id in talk.b.many(130)]
        talk.note("anna", "<p>here</p>", deals[-1])
        talk.note("anna", "<p>there</p>", deals[0])
        assert sorted(texts(talk.poll(*deals))) == ["here", "there"]
        assert len([line for line in talk.sent if line.endswith("/search")]) == 4

    def test_a_cursor_of_anothers_making_is_a_new_beginning(self, talk: Talk) -> None:
        """Whatever stands where the cursor is, what was said is told."""
        talk.note("anna", "<p>approve</p>")
        for odd in ({"since": 5, "threads": "x", "known": []}, {"known": {"note:1": "x"}}, {}):
            talk.cursors["said"] = odd
            assert texts(talk.poll(talk.deal)) == ["approve"]


def test_our_notes_are_found_however_they_are_written_anew(talk: Talk) -> None:
    """By the ref in what people read: tags around it, and a class or a style, are no matter."""
    note = talk.post("Hello", Quoted("1 < 2"))
    id = talk.written(note)
    stored = talk.b.sandbox.account.store.records["notes"][id].values
    marked = stored["hs_note_body"].replace("<p>—", '<p style="margin:0"><span>—</span>&nbsp;')
    stored["hs_note_body"] = f'<div data-top-level="true">{marked}</div>'
    [found] = talk.looked_up(talk.deal)
    assert (found.ref, found.text) == (note.ref, "Hello\n1 < 2")


def test_a_token_that_is_refused_opens_nothing(talk: Talk) -> None:
    """Who can read is then not known; it is no error."""
    talk.b.sandbox.revoked.add("syncer")
    [found] = talk.b.adapter.audience(talk.b.scope, [talk.deal]).values()
    assert found.unknown


def test_the_stand_in_shows_what_people_see(talk: Talk) -> None:
    """Who has said what, as text; who has to do something, and who is told of it."""
    talk.written(talk.post("Somebody asks for", Quoted("24 July & <later>")))
    talk.written(talk.asked("anna", "How to answer"))
    talk.note("tom", "<ul><li>one</li><li>two</li></ul>")
    url = f"{talk.b.running.url}/_sandbox/timeline"
    told = httpx.post(url, json={"object": "deals", "id": talk.deal.id}).raise_for_status().json()
    assert [line.partition(" (")[0] for line in told["lines"]] == [
        "Note by an integration",
        "  Somebody asks for",
        "  24 July & <later>",
        "  — syncer k00001",
        "Task for Anna Brandt, open: Please answer",
        "  How to answer",
        "  — syncer k00002",
        "Note by Tom Lindqvist",
        "  - one",
        "  - two",
    ]
    assert told["assigned"] == told["notified"] == [talk.owner("anna")]
    assert httpx.post(url, json={"object": "deals", "id": "1"}).status_code == 400


def test_a_note_goes_with_the_last_record_it_stands_on(talk: Talk) -> None:
    """Archived with its deal; one that stands on the company too stays, and so do tasks."""
    alone, both = talk.note("anna", "1"), talk.note("anna", "2", talk.deal, talk.company)
    task = talk.written(talk.asked("anna", "3"))
    talk.b.call("DELETE", f"{BASE}/deals/{talk.deal.id}")
    records = talk.b.sandbox.account.store.records
    gone = {id for type in ("notes", "tasks") for id, one in records[type].items() if one.archived}
    assert (gone, both in records["notes"], task in records["tasks"]) == ({alone}, True, True)
    assert [c.text for c in talk.looked_up(talk.company)] == ["2"]


@pytest.mark.parametrize(
    ("type", "properties", "code"),
    [
        ("notes", {"hs_note_body": "x"}, "MISSING_REQUIRED_PROPERTY"),
        ("tasks", {"hs_task_subject": "x"}, "MISSING_REQUIRED_PROPERTY"),
        ("tasks", {"hs_timestamp": "2026-11-20", "hs_task_status": "SOON"}, "INVALID_OPTION"),
        ("notes", {"hs_timestamp": "soon"}, "INVALID_DATE"),
        ("notes", {"hs_timestamp": "0", "hs_note_body": "x" * 65_537}, "PROPERTY_VALUE_TOO_LONG"),
        ("notes", {"hs_timestamp": "0", "hs_task_body": "x"}, "PROPERTY_DOESNT_EXIST"),
        ("tasks", {"hs_timestamp": "0", "hubspot_owner_id": "41000001"}, "INVALID_OPTION"),
    ],
)
def test_what_notes_and_tasks_do_not_take(
    talk: Talk, type: str, properties: dict[str, str], code: str
) -> None:
    """A time is required; an owner is no user; a body has a length."""
    with pytest.raises(httpx.HTTPStatusError) as caught:
        talk.b.call("POST", f"{BASE}/{type}", {"properties": properties})
    body = caught.value.response.json()
    assert (caught.value.response.status_code, body["errors"][0]["code"]) == (400, code)
