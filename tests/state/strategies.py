"""Anything the state may be handed, for Hypothesis."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from syncer.model.comments import Thread
from syncer.model.entities import BUILTIN
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.records import (
    Agreed,
    Hold,
    Intent,
    IntentStatus,
    JournalEntry,
    Link,
    LinkField,
    LinkStatus,
    Parked,
    Proposal,
    ProposalStatus,
    Record,
)
from syncer.model.remote import Change, Op
from syncer.model.values import MISSING, FieldType, Kind, Money, normalise

FEW = settings(max_examples=max(25, settings().max_examples // 4))
"""For properties of which each example is a commit or two, in two databases."""

HARD = [
    "\x00",
    "\\u0041",
    "\\\\u0000",
    "\\u00",
    "\ud800",
    "\ud83d\ude00",
    "'",
    '"',
    "%s",
    ":x",
    "😀",
]

texts = st.one_of(
    st.text(st.characters(), max_size=20),
    st.lists(st.sampled_from([*HARD, "a", "\\", "u0041"]), max_size=5).map("".join),
)
names = st.text("abcdefghij_0123456789:", min_size=1, max_size=12)
maybe_text = st.none() | texts
zones = st.sampled_from([UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))])
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)
maybe_moment = st.none() | moments
numbers = st.decimals(-(10**15), 10**15, places=4)
raws = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
raws_or_missing = st.just(MISSING) | raws

_ONE: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts,
    Kind.RICH_TEXT: texts,
    Kind.DATE: st.dates(),
    Kind.INSTANT: moments,
    Kind.WHEN: st.dates() | moments,
    Kind.NUMBER: numbers,
    Kind.MONEY: st.builds(Money, numbers, names),
    Kind.ENUMERATION: names,
    Kind.PERSON: texts,
    Kind.REFERENCE: texts,
    Kind.BOOLEAN: st.booleans(),
}


def values(kind: FieldType) -> st.SearchStrategy[Any]:
    """Canonical values of a type, None included, normalised."""
    one = _ONE[kind.kind]
    some = st.frozensets(one, max_size=3) if kind.many else one
    return (st.none() | some).map(lambda value: normalise(kind, value))


def agreed(kind: FieldType) -> st.SearchStrategy[Agreed]:
    """What was agreed about a field."""
    return st.builds(Agreed, values(kind), maybe_text, maybe_text, maybe_text, maybe_moment, texts)


UNKNOWN = {
    "gone_text": FieldType(Kind.TEXT),
    "gone_set": FieldType(Kind.TEXT, many=True),
    "gone_money": FieldType(Kind.MONEY),
    "gone_flag": FieldType(Kind.BOOLEAN),
}
"""Fields that ops have taken out of the schema again."""


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record of the built-in entities, or of one that the schema does not name."""
    entity = draw(st.sampled_from([*BUILTIN, "gone"]))
    known = {f.name: f.type for f in BUILTIN[entity].fields.values()} if entity in BUILTIN else {}
    types = known | UNKNOWN
    chosen = draw(st.sets(st.sampled_from(sorted(types)), max_size=5))
    fields = {name: draw(agreed(types[name])) for name in sorted(chosen)}
    return Record(draw(names), draw(names), entity, fields, draw(st.booleans()))


entries = st.builds(
    Change,
    object=texts,
    id=texts,
    field=texts,
    at=maybe_moment,
    by=st.none() | texts,
    automation=st.none() | texts,
    key=texts,
    old=raws_or_missing,
    new=raws_or_missing,
)

link_fields = st.builds(
    LinkField,
    seen=raws_or_missing,
    read=raws_or_missing,
    asked=raws_or_missing,
    got=raws_or_missing,
    asked_at=maybe_moment,
    shown=raws_or_missing,
    cut=st.booleans(),
    remote=st.none() | texts,
    told=st.lists(entries, max_size=2).map(tuple),
)


def links(record: str) -> st.SearchStrategy[Link]:
    """Any link of a record."""
    return st.builds(
        Link,
        id=names,
        record=st.just(record),
        connection=texts,
        object=texts,
        remote_id=texts,
        container=maybe_text,
        status=st.sampled_from(LinkStatus),
        existence=texts,
        linked_at=maybe_moment,
        as_of=maybe_moment,
        url=maybe_text,
        fields=st.dictionaries(texts, link_fields, max_size=3),
        verify=st.frozensets(texts, max_size=3),
        mark=st.none() | st.integers(-(2**63), 2**63 - 1),
    )


@st.composite
def proposals(draw: st.DrawFn, record: str) -> Proposal:
    """Any proposal about a record."""
    entity = draw(st.sampled_from(sorted(BUILTIN)))
    spec = draw(st.sampled_from(sorted(BUILTIN[entity].fields.values(), key=lambda f: f.name)))
    told = st.fixed_dictionaries(
        {
            "id": names,
            "client": names,
            "proposer": texts,
            "connection": texts,
            "value": values(spec.type),
            "base": values(spec.type),
            "rule": texts,
            "opened_at": moments,
            "updated_at": moments,
            "expires_at": maybe_moment,
            "version": st.integers(1, 2**31 - 1),
            "delivered": st.integers(0, 2**31 - 1),
            "delivered_at": maybe_moment,
            "status": st.sampled_from(ProposalStatus),
            "closed_by": maybe_text,
            "closed_at": maybe_moment,
            "reason": texts,
        }
    )
    return Proposal(record=record, entity=entity, field=spec.name, **draw(told))


journal_entries = st.builds(
    JournalEntry,
    client=names,
    at=moments,
    kind=texts,
    cycle=texts,
    record=maybe_text,
    entity=maybe_text,
    field=maybe_text,
    connection=maybe_text,
    key=maybe_text,
    editor=maybe_text,
    role=maybe_text,
    old=raws,
    new=raws,
    outcome=texts,
    rule=texts,
    text=texts,
)
intents = st.builds(
    Intent,
    id=names,
    client=names,
    cycle=texts,
    record=texts,
    connection=texts,
    op=st.sampled_from(Op),
    object=texts,
    remote_id=maybe_text,
    container=maybe_text,
    fields=st.dictionaries(texts, raws, max_size=3),
    created_at=moments,
    status=st.sampled_from(IntentStatus),
    done_at=maybe_moment,
    got=st.dictionaries(texts, raws, max_size=3),
)
holds = st.builds(
    Hold,
    key=texts,
    client=names,
    kind=texts,
    reason=texts,
    connection=maybe_text,
    object=maybe_text,
    remote_id=maybe_text,
    record=maybe_text,
    field=maybe_text,
    candidates=st.lists(texts, max_size=3).map(tuple),
    since=maybe_moment,
)
parked = st.builds(
    Parked,
    key=texts,
    client=names,
    record=maybe_text,
    connection=texts,
    reason=texts,
    attempts=st.integers(1, 2**31 - 1),
    next_try=moments,
    since=moments,
    detail=st.dictionaries(texts, raws, max_size=3),
)
few_texts = st.lists(texts, max_size=3).map(tuple)
counts = st.integers(0, 2**31 - 1)
notices = st.builds(
    Notice,
    id=names,
    client=names,
    record=maybe_text,
    entity=maybe_text,
    field=maybe_text,
    kind=st.sampled_from(NoticeKind),
    created_at=moments,
    to=maybe_text,
    role=maybe_text,
    at=maybe_text,
    proposal=maybe_text,
    version=counts,
    facts=st.dictionaries(texts, raws, max_size=3),
    urgent=st.booleans(),
    status=st.sampled_from(NoticeStatus),
    told_at=maybe_moment,
    not_before=maybe_moment,
    why=texts,
    ref=maybe_text,
)
threads = st.builds(Thread, texts, texts, maybe_text)
postings = st.builds(
    Posting,
    ref=names,
    client=names,
    cycle=texts,
    connection=texts,
    thread=threads,
    created_at=moments,
    to=few_texts,
    notices=few_texts,
    proposals=st.lists(st.tuples(texts, counts), max_size=3).map(tuple),
    to_do=st.booleans(),
    closed=st.booleans(),
    comment=maybe_text,
    status=st.sampled_from(PostStatus),
    told_at=maybe_moment,
    done_at=maybe_moment,
    reason=texts,
)
