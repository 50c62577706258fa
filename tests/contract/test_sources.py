"""What every source promises: an adapter to a system that only counts.

Whatever JSON the vendor answers with, it is a figure, a report that cannot be had, or a named
error: every method, over a real socket, with one of the answers it reads replaced.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.measuring import Measurer, SourceSpec, Unanswered
from syncer.adapterkit.registry import adapter_spec, built_in_names
from syncer.adapterkit.standing import Metered, Quota
from syncer.adapterkit.surveying import Surveyor
from syncer.model.measures import Answer, Ask, Flag, Grain, Property, Row
from syncer.model.remote import RemotePerson
from syncer.model.surveys import Spot
from tests.contract.source import Source
from tests.contract.spoiling import Told, document_of, listened, shaped, spoiled
from tests.contract.test_any_answer import WITH_A_SUBJECT

HERE = Path(__file__).parent
SOURCES = sorted(path.stem.removeprefix("source_") for path in HERE.glob("source_*.py"))

Call = Callable[[Measurer], Any]


@pytest.fixture(params=SOURCES)
def s(request: pytest.FixtureRequest) -> Iterator[Source]:
    opened: AbstractContextManager[Source] = import_module(
        f"tests.contract.source_{request.param}"
    ).source()
    with opened as source:
        yield source
        assert source.running.problems == [], "the sandbox itself has failed"


def calls(s: Source) -> dict[str, Call]:
    """Every method of the contract, as the engine calls it."""
    *good, bad = s.asks
    property = good[0].slice.property
    return {
        "whoami": lambda m: [m.whoami()],
        "properties": lambda m: m.properties(),
        "spots": spotted,
        "describe": lambda m: [m.describe(property)],
        "ask one": lambda m: list(m.ask([good[2]])),
        "ask together": lambda m: list(m.ask(good)),
        "ask with a bad one": lambda m: list(m.ask([good[0], bad])),
        "misfits": lambda m: m.misfits(good[0]),
        "quotas": lambda m: metered(m, property),
    }


def spotted(measurer: Measurer) -> list[Spot]:
    """What a source that looks around finds."""
    assert isinstance(measurer, Surveyor)
    return list(measurer.spots())


def metered(measurer: Measurer, property: str) -> list[Quota]:
    """What is left of a property's quota, where the vendor tells."""
    return list(measurer.quotas(property)) if isinstance(measurer, Metered) else []


def with_one(s: Source, call: Call, kind: str = "user") -> Any:
    """What a fresh adapter makes of a call."""
    measurer = s.opened[kind]()
    try:
        return call(measurer)
    finally:
        measurer.close()


def test_every_source_is_a_subject() -> None:
    """No folder of a source escapes the suite, and none is there for nothing."""
    specs = map(adapter_spec, built_in_names())
    assert [spec.name for spec in specs if isinstance(spec, SourceSpec)] == SOURCES


def test_it_is_a_measurer(s: Source) -> None:
    """It offers what the contract names, whichever credential opens it."""
    for kind in s.opened:
        who = with_one(s, lambda m: (isinstance(m, Measurer), m.whoami()), kind)
        assert who[0]
        assert who[1].id


def test_slices_are_of_one_property_and_cost_nothing(s: Source) -> None:
    """The client's own first, then its projects', without a request."""
    before = len(s.running.requests)
    client, *projects = with_one(s, lambda m: m.slices(s.scope))

    assert client.project == ""
    assert projects
    assert {each.property for each in projects} == {client.property}
    assert len({each.project for each in projects}) == len(projects)
    assert len(s.running.requests) == before


def test_each_ask_is_answered_once(s: Source) -> None:
    """A report that cannot be had says why, and the others are there."""
    found = with_one(s, lambda m: list(m.ask(s.asks)))
    told = {each.ask.report: each for each in found}
    *good, bad = s.asks

    assert len(found) == len(s.asks)
    assert isinstance(told[bad.report], Unanswered)
    for ask in good:
        [answer] = [each for each in found if each.ask == ask]
        assert isinstance(answer, Answer)
        assert {name for row in answer.rows for name in row.values} == set(ask.metrics)
        assert {tuple(row.dimensions) for row in answer.rows} == {ask.dimensions}


def test_the_same_again_is_the_same(s: Source) -> None:
    """Reading changes nothing, and what goes in one call makes no difference."""
    together = with_one(s, lambda m: list(m.ask(s.asks[:-1])))
    for answer in together:
        assert [answer.rows] == with_one(s, partial(_rows, answer.ask))


def _rows(ask: Ask, measurer: Measurer) -> list[Any]:
    return [each.rows for each in measurer.ask([ask]) if isinstance(each, Answer)]


@dataclass
class Subject:
    """A source's methods, each with the answers that it reads when nothing is wrong."""

    s: Source
    answers: dict[tuple[str, str], list[Told]] = field(default_factory=dict)
    words: Sequence[str] = ()


@pytest.fixture
def subject(
    s: Source, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Subject:
    # Thousands of requests: neither side counts them, and nobody waits.
    monkeypatch.setattr(Budget, "slot", lambda *_: nullcontext())
    monkeypatch.setattr(s.running.sandbox, "limits", ())
    found, heard = Subject(s), list[Told]()
    monkeypatch.setattr(s.running.desk, "_handled", listened(s.running, heard))
    for kind in s.opened:
        for name, call in calls(s).items() if kind == "user" else [("whoami", None)]:
            heard.clear()
            with_one(s, call or calls(s)[name], kind)
            # A token is read at each call; how that goes is told once.
            told = [t for t in heard if t.text and (name == "whoami" or "/token" not in t.path)]
            found.answers[kind, name] = told
    # Requests made of nonsense are nothing to judge.
    monkeypatch.setattr(s.running.desk, "_recorder", None)
    found.words = sorted(
        {w for told in found.answers.values() for t in told for w in words(t.value)}
    )
    count = sum(map(len, found.answers.values()))
    text = f"{s.name}: {settings().max_examples} times one of {count} answers spoiled or drawn"
    record_property("figure", text)
    return found


def words(value: Any) -> Iterator[str]:
    """Short texts that the stand-in really has."""
    if isinstance(value, str) and 0 < len(value) < 40:
        yield value
    inside = value.values() if isinstance(value, dict) else value
    for item in inside if isinstance(value, dict | list) else ():
        yield from words(item)


def sound(result: Any) -> None:
    """What came through can be stored and reckoned with."""
    for one in result:
        assert isinstance(
            one, RemotePerson | Property | Spot | Answer | Unanswered | Quota | str
        ), one
        if isinstance(one, Property):
            assert one.id
            assert ZoneInfo(one.zone).key
            storable([one.id, one.name, one.currency, one.account])
        elif isinstance(one, Spot):
            assert one.id
            storable([one.id, one.name, dict(one.scope)])
        elif isinstance(one, Unanswered):
            assert isinstance(one.error, AdapterError)
            storable(str(one.error))
        elif isinstance(one, Answer):
            answered(one)


def answered(answer: Answer) -> None:
    """Figures of the days and metrics that were asked for, each once."""
    ask = answer.ask
    assert ZoneInfo(answer.zone).key
    assert answer.restricted <= set(ask.metrics)
    assert (Flag.RESTRICTED in answer.flags) == bool(answer.restricted)
    keys = [(row.day, *row.dimensions.items()) for row in answer.rows]
    assert len(keys) == len(set(keys))
    for row in answer.rows:
        assert row.values.keys() == set(ask.metrics) - answer.restricted
        assert tuple(row.dimensions) == ask.dimensions
        assert ask.since <= row.day <= ask.until
        assert ask.grain is Grain.DAY or row.day.day == 1
        figures(row)


def figures(row: Row) -> None:
    """Numbers that any database holds."""
    assert all(value.is_finite() and abs(value.adjusted()) < 40 for value in row.values.values())
    storable([dict(row.dimensions), [str(value) for value in row.values.values()]])


def storable(value: Any) -> None:
    """Plain JSON without surrogates."""
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


@WITH_A_SUBJECT
@given(data=st.data())
def test_any_json_is_a_figure_or_a_named_error(subject: Subject, data: st.DataObject) -> None:
    """One answer of a call is spoiled, or drawn from the vendor's own document."""
    s = subject.s
    kind, name = data.draw(st.sampled_from(sorted(subject.answers)), "call")
    told = data.draw(st.sampled_from(subject.answers[kind, name]), "answer")
    kinds = [spoiled(told.value)]
    if document := document_of(s.name, told):
        kinds.append(shaped(*document, list(subject.words)))
    told.replace(s.running, data.draw(st.one_of(*kinds), "instead"))
    try:
        sound(with_one(s, calls(s)[name], kind))
    except AdapterError as error:
        assert not any(secret in f"{error} {error!r}" for secret in s.secrets)  # noqa: PT017
    finally:
        s.running.desk.faults.clear()
