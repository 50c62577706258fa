"""Whatever JSON a vendor answers with: a record, a skip with a reason, or a named error.

Every method of every adapter, over a real socket, with one of the answers it reads replaced.
"""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.hubspot import send
from syncer.adapterkit.contract import Adapter, HistoryRequest
from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.standing import Lack, Standing, Teller, Wants
from syncer.adapterkit.surveying import Surveyor
from syncer.model.comments import (
    Audience,
    Comment,
    Paragraph,
    Posted,
    Quoted,
    Thread,
    ToDo,
    Words,
)
from syncer.model.feeds import Page
from syncer.model.remote import (
    Catalogue,
    Change,
    Op,
    Outcome,
    RemotePerson,
    RemoteRecord,
    Result,
)
from syncer.model.surveys import Spot
from syncer.model.values import MISSING
from tests.contract.driving import catalogue, objects, pull, request, write
from tests.contract.harness import Harness
from tests.contract.spoiling import Told, document_of, listened, shaped, spoiled
from tests.contract.talking import commenter, mention, person, post, talk_of, written

Call = Callable[[Adapter], Any]


@dataclass
class Subject:
    """An adapter's methods, each with the answers that it reads when nothing is wrong."""

    h: Harness
    calls: dict[str, Call]
    answers: dict[str, list[Told]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


@pytest.fixture
def subject(
    h: Harness, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Subject:
    if h.running is None:
        pytest.skip(f"{h.name} has no wire")
    # Thousands of requests: neither side counts them, and nobody waits.
    monkeypatch.setattr(Budget, "slot", lambda *_: nullcontext())
    monkeypatch.setattr(h.running.sandbox, "limits", ())
    monkeypatch.setattr(send, "PAUSES", (0.0, 0.0, 0.0))
    subject = Subject(h, _calls(h))
    heard: list[Told] = []
    monkeypatch.setattr(h.running.desk, "_handled", listened(h.running, heard))
    for name, call in subject.calls.items():
        heard.clear()
        _tried(h, call)
        if told := [told for told in heard if told.text]:
            subject.answers[name] = told
    # Requests made of nonsense are nothing to judge.
    monkeypatch.setattr(h.running.desk, "_recorder", None)
    subject.words = _words(subject)
    told = sum(map(len, subject.answers.values()))
    text = f"{h.name}: {settings().max_examples} times one of {told} answers to {len(subject.answers)} calls"
    record_property("figure", f"{text} spoiled or drawn")
    return subject


def _calls(h: Harness) -> dict[str, Call]:
    """Every method of the contract, as the engine calls it."""
    first = pull(h)
    known, one = catalogue(h), next(iter(first.items(h)))
    editor = h.as_user("maya")
    edit = write(h, Op.UPDATE, one, fields=h.first, base=first.of(one).fields)
    list(editor.push([edit], known))
    h.settle()
    since = datetime.now(UTC) - timedelta(days=3)
    told = HistoryRequest(h.item_object, one, frozenset(h.first), since, h.container)
    wanted = request(h, known, first.cursors)
    wants = Wants(objects(h), objects(h), objects(h))

    def pushed(op: Op, id: str | None = None, **more: Any) -> Call:
        return lambda a: list(a.push([write(h, op, id, **more)], known))

    calls: dict[str, Call] = {
        "whoami": lambda a: [a.whoami()],
        "people": lambda a: a.people(h.scope),
        "spots": lambda a: list(surveyor(a).spots()),
        "everybody": lambda a: list(surveyor(a).everybody()),
        "describe": lambda a: [a.describe(h.scope, objects(h))],
        "standing": lambda a: [teller(a).standing(wants)],
        "lacks": lambda a: list(teller(a).lacks(h.scope, known, wants)),
        "first pull": lambda a: list(a.pull(request(h, known))),
        "next pull": lambda a: list(a.pull(wanted)),
        "full pull": lambda a: list(a.pull(request(h, known, first.cursors, full=True))),
        "history": lambda a: list(a.history([told], known)),
        "fetch": lambda a: list(a.fetch(h.item_object, [one], request(h, known))),
        "find": lambda a: a.find(write(h, Op.CREATE, fields=h.first), known),
        "create": pushed(Op.CREATE, fields=h.first),
        "update": pushed(Op.UPDATE, one, fields=h.second, base=h.first),
        "archive": pushed(Op.ARCHIVE, one, archive=h.archive),
        "restore": pushed(Op.RESTORE, one, archive=h.archive),
    }
    return calls if h.talk is None else calls | _talk_calls(h, known, first.cursors, since)


def surveyor(adapter: Adapter) -> Surveyor:
    """The adapter as one that looks around."""
    assert isinstance(adapter, Surveyor)
    return adapter


def teller(adapter: Adapter) -> Teller:
    """The adapter as one that tells how its credentials stand."""
    assert isinstance(adapter, Teller)
    return adapter


def _talk_calls(h: Harness, known: Catalogue, cursors: Any, since: datetime) -> dict[str, Call]:
    """Every method of an adapter that comments, on a thread in which ours and theirs stand."""
    talk = talk_of(h)
    line = Paragraph((mention(h, "maya"), Words(" "), Quoted("17 July")), item=True)
    one = post(h, line)
    ours = replace(one, comment=written(h, one))
    talk.say("maya", talk.thread, "approve")
    h.settle()
    threads = [talk.thread]
    wanted = request(h, known, cursors, threads=threads, since=since)
    asked = request(h, known, threads=threads, since=since)
    calls: dict[str, Call] = {
        "comment": lambda a: list(commenter(h, a).comment([post(h, line)], known)),
        "rewrite": lambda a: list(commenter(h, a).comment([ours], known)),
        "comments": lambda a: list(commenter(h, a).comments(threads, since, known)),
        "audience": lambda a: list(commenter(h, a).audience(h.scope, threads).values()),
        "next pull with threads": lambda a: list(a.pull(wanted)),
        "first pull with threads": lambda a: list(a.pull(asked)),
    }
    if h.container is not None:
        place = h.container
        calls["heads-up item"] = lambda a: [commenter(h, a).heads_up_item(place, known)]
    if h.adapter.capabilities.to_dos:
        to_do = ToDo(person(h, "maya").id, "Answer Ben", since + timedelta(days=9))
        task = post(h, line, to_do=to_do)
        over = replace(task, comment=written(h, task), to_do=replace(to_do, done=True))
        calls["to-do"] = lambda a: list(commenter(h, a).comment([post(h, to_do=to_do)], known))
        calls["to-do done"] = lambda a: list(commenter(h, a).comment([over], known))
    return calls


def _tried(h: Harness, call: Call) -> Any:
    """What a fresh adapter makes of it, ``None`` if it raises a named error."""
    adapter = h.as_user("syncer")
    try:
        return call(adapter)
    except AdapterError:
        return None
    finally:
        adapter.close()


def _words(subject: Subject) -> list[str]:
    """Ids and short texts that the stand-in really has."""
    found: dict[str, None] = {}

    def look(value: Any) -> None:
        if isinstance(value, str) and 0 < len(value) < 40:
            found[value] = None
        for item in value.values() if isinstance(value, dict) else ():
            look(item)
        for item in value if isinstance(value, list) else ():
            look(item)

    for answers in subject.answers.values():
        for told in answers:
            look(told.value)
    return sorted(found)


SOUND = (
    *(RemotePerson, Catalogue, Page, Change, RemoteRecord, Outcome),
    *(Comment, Posted, Audience, Thread, NoneType, Spot, Standing, Lack),
)


def _sound(result: Any) -> None:
    """What came through can be stored: ids are texts, values are plain JSON without surrogates."""
    for one in result or ():
        assert isinstance(one, SOUND), one
        if isinstance(one, Page):
            _storable(one.cursor)
            _sound([*one.records, *one.changes, *one.comments])
        elif isinstance(one, Comment):
            assert one.id
            assert one.at.utcoffset() == timedelta(0)
            _storable([one.id, one.text, one.by, one.automation, one.ref, *one.thread.key])
        elif isinstance(one, Posted):
            assert one.comment if one.result is Result.DONE else one.reason
            _storable([one.comment, one.reason])
        elif isinstance(one, RemoteRecord):
            assert isinstance(one.id, str)
            assert one.id
            _storable(dict(one.fields))
        elif isinstance(one, Change):
            assert one.id
            _storable([v for v in (one.old, one.new, one.by, one.key) if v is not MISSING])
        elif isinstance(one, Spot):
            assert one.id
            _storable([dict(one.scope), one.name, one.inside, one.size, one.domain, one.owner])
        elif isinstance(one, Outcome):
            assert one.reason or one.result
            _storable([one.id, one.reason, dict(one.got or {})])


def _storable(value: Any) -> None:
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


WITH_A_SUBJECT = settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ]
)


@WITH_A_SUBJECT
@given(data=st.data())
def test_any_json_is_a_record_a_skip_or_a_named_error(
    subject: Subject, data: st.DataObject
) -> None:
    """One answer of a call is spoiled, or drawn from the vendor's own document."""
    running = subject.h.running
    assert running is not None
    name = data.draw(st.sampled_from(sorted(subject.answers)), "call")
    told = data.draw(st.sampled_from(subject.answers[name]), "answer")
    kinds = [spoiled(told.value)]
    if document := document_of(subject.h.name, told):
        kinds.append(shaped(*document, subject.words))
    value = data.draw(st.one_of(*kinds), "instead")
    told.replace(running, value)
    try:
        _sound(_tried(subject.h, subject.calls[name]))
    finally:
        running.desk.faults.clear()
