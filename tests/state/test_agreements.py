"""Agreements: each value that was agreed stays, over both databases."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.entities import BUILTIN
from syncer.model.records import Agreement, Record
from syncer.model.structs import names
from syncer.state import StateError, Store
from tests.state import strategies as some
from tests.state.made import at, keep, record


def agreement(value: str, record: str = "r1", **told: Any) -> Agreement:
    """Goals that Anna set."""
    given: dict[str, Any] = {"client": "bakery", "entity": "project", "field": "goals"}
    return Agreement(record=record, value=value, **(given | told))


def test_agreements_are_kept_in_order(store: Store) -> None:
    """In the order in which they were agreed, whatever their times say; filters narrow it."""
    keep(store, [record("r1"), record("r2"), record("r3", "outdoor")])
    first = agreement("sessions >= 10", by="anna", role="account_manager", at=at(5))
    second = agreement("sessions >= 20", connection="hubspot", at=at(1), rule="ownership.yaml:9")
    other = agreement("2026-03-31", "r2", field="deadline")
    foreign = agreement("sessions >= 30", "r3", client="outdoor")
    with store.transaction() as tx:
        tx.agree([first, foreign])
    with store.transaction() as tx:
        tx.agree([second, other])
        tx.agree([])

    assert [first, second] == store.agreements("bakery", "goals")
    assert [first, second] == store.agreements("bakery", records=["r1", "r9"])
    assert ["r1", "r1", "r2"] == [one.record for one in store.agreements("bakery")]
    assert [foreign] == store.agreements("outdoor")
    assert [] == store.agreements("bakery", "goals", records=["r2"])
    assert [] == store.agreements("bakery", records=[])


def test_an_agreement_is_about_a_stored_record(store: Store) -> None:
    """One of nothing is refused; its record may come later in the same transaction."""
    with pytest.raises(StateError), store.transaction() as tx:
        tx.agree([agreement("x")])

    with store.transaction() as tx:
        tx.agree([agreement("x")])
        tx.put_records([record("r1", entity="project")])

    assert [agreement("x")] == store.agreements("bakery")


def test_a_value_of_another_type_is_read_as_it_looks(store: Store) -> None:
    """After a field has become a number, what was agreed before is history all the same."""
    keep(store, [record("r1")])
    odd = agreement("much", entity="task", field="estimate")
    with store.transaction() as tx:
        tx.agree([odd])

    assert [odd] == store.agreements("bakery")


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Any agreement about a record that has no name yet."""
    entity = draw(st.sampled_from(sorted(BUILTIN)))
    spec = draw(st.sampled_from(sorted(BUILTIN[entity].fields.values(), key=lambda f: f.name)))
    told = draw(some.agreed(spec.type))
    return Agreement(
        "c", "", entity, spec.name, **{name: getattr(told, name) for name in names(told)}
    )


@some.FEW
@given(agreements())
def test_any_agreement(shared: Store, agreement: Agreement) -> None:
    """Values of any field, agreed by anybody, whenever."""
    agreement = replace(agreement, record=uuid.uuid4().hex)
    with shared.transaction() as tx:
        tx.put_records([Record(agreement.record, "c", agreement.entity)])
        tx.agree([agreement])

    assert [agreement] == shared.agreements("c", records=[agreement.record])
