"""Whatever is put in comes out equal, over both databases."""

import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.records import (
    Agreed,
    Hold,
    Intent,
    IntentStatus,
    JournalEntry,
    Parked,
    ProposalStatus,
    Record,
)
from syncer.model.remote import (
    Author,
    Catalogue,
    FieldInfo,
    ObjectInfo,
    Option,
    RemotePerson,
)
from syncer.model.values import FieldType, Kind
from syncer.state import Store
from syncer.state.codec import (
    catalogue_from_json,
    catalogue_to_json,
    people_from_json,
    people_to_json,
)
from syncer.state.columns import escape, from_text, moment_text, to_text, unescape
from tests.state import strategies as some


def fresh() -> str:
    """An id that no example had."""
    return uuid.uuid4().hex


def put_record(store: Store) -> str:
    """A record to hang things on."""
    record = Record(fresh(), "c", "task")
    with store.transaction() as tx:
        tx.put_records([record])
    return record.id


@given(some.texts)
def test_any_text_survives_escaping(text: str) -> None:
    """Escapes are undone exactly, and what is stored can be encoded and holds no NUL."""
    stored = escape(text)

    assert text == unescape(stored)
    assert "\x00" not in stored
    stored.encode()


@given(some.raws)
def test_any_json_survives_as_text(value: Any) -> None:
    """JSON text gives back the same JSON and can be kept by any database."""
    stored = to_text(value)

    assert value == from_text(stored)
    assert "\x00" not in stored
    stored.encode()


def test_ordinary_text_is_stored_as_it_is() -> None:
    """People read the file: letters of any script, quotes and backslashes are not escaped."""
    text = r"Käse & 東京 \o/ C:\users"

    assert text == escape(text)
    assert f'["{text}"]'.replace("\\", "\\\\") == to_text([text])


@given(st.lists(some.moments, min_size=2, max_size=2))
def test_times_sort_as_texts(times: list[Any]) -> None:
    """The database compares times as texts, so texts must sort like times."""
    first, second = times

    assert (first < second) == (moment_text(first) < moment_text(second))


@some.FEW
@given(some.records())
def test_any_record(shared: Store, record: Record) -> None:
    """Every value type, agreed by anybody, also of fields the schema no longer names."""
    record = replace(record, id=fresh())
    with shared.transaction() as tx:
        tx.put_records([record])

    assert {record.id: record} == shared.records([record.id])


@some.FEW
@given(st.data())
def test_any_link(shared: Store, data: st.DataObject) -> None:
    """Links with all that was seen, asked, got and shown; MISSING is not None."""
    link = replace(data.draw(some.links(put_record(shared))), id=fresh(), object=fresh())
    with shared.transaction() as tx:
        tx.put_links([link])

    assert {link.key: link} == shared.links("c", [link.key])
    assert {link.record: (link,)} == shared.links_of([link.record])


@some.FEW
@given(st.data())
def test_any_proposal(shared: Store, data: st.DataObject) -> None:
    """Proposals with values of any field."""
    proposal = replace(data.draw(some.proposals(put_record(shared))), id=fresh())
    with shared.transaction() as tx:
        tx.put_proposals([proposal])

    assert proposal == shared.proposal(proposal.id)
    assert [proposal] == shared.proposals(records=[proposal.record], open_only=False)
    is_open = proposal.status is ProposalStatus.OPEN
    assert ([proposal] if is_open else []) == shared.proposals(records=[proposal.record])


@some.FEW
@given(some.journal_entries)
def test_any_journal_entry(shared: Store, entry: JournalEntry) -> None:
    """Journal entries with any values and texts."""
    entry = replace(entry, client=fresh())
    with shared.transaction() as tx:
        tx.journal([entry])

    assert [entry] == shared.journal(entry.client)


@some.FEW
@given(some.intents)
def test_any_intent(shared: Store, intent: Intent) -> None:
    """Intents with any raw values."""
    intent = replace(intent, id=fresh(), client=fresh())
    with shared.transaction() as tx:
        tx.put_intents([intent])

    assert [intent] == shared.intents(intent.client, list(IntentStatus))


@some.FEW
@given(some.holds, some.parked)
def test_any_hold_and_parked_work(shared: Store, hold: Hold, parked: Parked) -> None:
    """What waits for a person or for another try."""
    client = fresh()
    hold, parked = replace(hold, client=client), replace(parked, client=client)
    with shared.transaction() as tx:
        tx.put_holds([hold])
        tx.park([parked])

    assert [hold] == shared.holds(client)
    assert [parked] == shared.parked(client)


@some.FEW
@given(some.texts, some.texts, st.dictionaries(some.texts, some.raws, max_size=3), some.moments)
def test_any_cursor_and_cached_thing(
    shared: Store, feed: str, kind: str, content: dict[str, Any], at: Any
) -> None:
    """Cursors and caches are the adapters' own JSON."""
    client = fresh()
    with shared.transaction() as tx:
        tx.put_cursors(client, "trello", {feed: content})
        tx.cache("trello", client, kind, content, at)

    assert {feed: content} == shared.cursors(client, "trello")
    assert (content, at) == shared.cached("trello", client, kind)


kinds = st.builds(FieldType, st.sampled_from(Kind), st.booleans(), some.maybe_text)
options = st.builds(Option, some.texts, some.texts, some.maybe_text, st.booleans())
counts = st.none() | st.integers(0)
field_infos = st.builds(
    FieldInfo,
    id=some.texts,
    name=some.texts,
    type=kinds,
    options=st.lists(options, max_size=2).map(tuple),
    writable=st.booleans(),
    author=st.sampled_from(Author),
    container=some.maybe_text,
    custom=st.booleans(),
    max_length=counts,
    precision=counts,
    extensible=st.booleans(),
)
object_infos = st.builds(
    ObjectInfo,
    name=some.texts,
    fields=st.lists(field_infos, max_size=2).map(tuple),
    inside=some.maybe_text,
    creatable=st.booleans(),
    archivable=st.booleans(),
    comments=st.booleans(),
)
catalogues = st.builds(
    Catalogue,
    st.dictionaries(some.texts, object_infos, max_size=2),
    st.dictionaries(some.texts, some.texts, max_size=2),
)
people = st.builds(
    RemotePerson,
    some.texts,
    some.texts,
    some.maybe_text,
    st.lists(some.texts, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
)


@given(catalogues)
def test_any_catalogue(catalogue: Catalogue) -> None:
    """Definitions come back from the cache as the adapter described them."""
    assert catalogue == catalogue_from_json(from_text(to_text(catalogue_to_json(catalogue))))


@given(st.lists(people, max_size=3))
def test_any_people(users: list[RemotePerson]) -> None:
    """A system's users come back from the cache as the adapter told them."""
    assert users == people_from_json(from_text(to_text(people_to_json(users))))


@given(some.raws)
def test_a_cache_of_another_form_is_refused(json: Any) -> None:
    """A cache that an older version wrote is read again from the vendor, not a traceback."""
    for reader in (catalogue_from_json, people_from_json):
        try:
            reader(json)
        except ValueError:
            continue


def test_a_value_that_no_longer_fits_is_left_out(store: Store) -> None:
    """After a field has become a number, a text agreed before is not a value of it."""
    odd = Record("r", "c", "task", {"title": Agreed("x"), "estimate": Agreed("much")})
    with store.transaction() as tx:
        tx.put_records([odd])

    assert {"title": Agreed("x")} == store.records(["r"])["r"].agreed
