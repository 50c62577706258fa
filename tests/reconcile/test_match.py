"""Which unlinked things are one: exact keys; whatever is doubtful is held and listed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.decisions import View
from syncer.model.values import Kind
from syncer.reconcile.match import Known, Said, match
from tests.reconcile.made import bound, mapping_of, view_of

TITLE, PROJECT = bound(Kind.TEXT, name="title"), bound(Kind.REFERENCE, name="project")
MAPPING = mapping_of(TITLE, PROJECT, match=("title", "project"))


def thing(
    place: str, title: str | None, project: str | None = "p1", mapping: Any = MAPPING
) -> View:
    """An unlinked thing, as ``asana1``: number 1 in asana."""
    fields = {"title": view_of(TITLE, title), "project": view_of(PROJECT, project)}
    return View(place.rstrip("0123456789"), "task", place, mapping, fields, "present")


def known(record: str, title: str, *connections: str, project: str = "r_1") -> Known:
    """A record that has twins in these systems."""
    places = frozenset((name, "task", f"{record}-{name}") for name in connections)
    return Known(record, {"title": title, "project": project}, places)


Found = tuple[list[str], list[str]]


def outcome(views: list[View], records: list[Known], said: Said | None = None) -> Found:
    """Groups as ``a1+t1`` or ``r1=a1``, and the doubtful things with their candidates."""
    matched = match(views, records, said)
    told = [
        (f"{group.record}=" if group.record else "") + "+".join(v.remote_id for v in group.views)
        for group in matched.groups
    ]
    doubts = [f"{d.view.remote_id}: {d.reason}: {d.other[2]} {d.score:.0%}" for d in matched.doubts]
    return told, doubts


SURE: list[tuple[str, list[View], list[Known], list[str]]] = [
    ("the same title and project", [thing("asana1", "Logo"), thing("trello1", "Logo")], [], ["asana1+trello1"]),
    ("in three systems", [thing("asana1", "Logo"), thing("trello1", "Logo"), thing("hubspot1", "Logo")], [], ["asana1+hubspot1+trello1"]),
    ("after NFKC, case and space", [thing("asana1", "  ﬁlm  CUT"), thing("trello1", "Film cut")], [], ["asana1+trello1"]),
    ("another project", [thing("asana1", "Logo"), thing("trello1", "Logo", "p2")], [], ["asana1", "trello1"]),
    ("another title", [thing("asana1", "Logo"), thing("trello1", "Poster")], [], ["asana1", "trello1"]),
    ("another number", [thing("asana1", "Newsletter 3 of the year"), thing("trello1", "Newsletter 4 of the year")], [], ["asana1", "trello1"]),
    ("a record that has no twin here", [thing("asana1", "Logo")], [known("r1", "logo", "trello")], ["r1=asana1"]),
    ("two join one record", [thing("asana1", "Logo"), thing("hubspot1", "Logo")], [known("r1", "Logo", "trello")], ["r1=asana1+hubspot1"]),
    ("a record whose twins were all forgotten", [thing("asana1", "Logo")], [known("r1", "logo"), known("r2", "Poster")], ["r1=asana1"]),
    ("two of a name in one system, and a record without twins", [thing("asana1", "Logo"), thing("asana2", "Logo")], [known("r1", "Logo")], ["asana1", "asana2"]),
    ("nearly a record without twins", [thing("asana1", "Landing pages")], [known("r1", "Landing page")], ["asana1"]),
    ("a record that has a twin here", [thing("asana1", "Logo")], [known("r1", "Logo", "asana", "trello")], ["asana1"]),
    ("two of a name in one system only", [thing("asana1", "Logo"), thing("asana2", "Logo")], [], ["asana1", "asana2"]),
    ("without a title", [thing("asana1", None), thing("trello1", None)], [], ["asana1", "trello1"]),
    ("without a project", [thing("asana1", "Logo", None), thing("trello1", "Logo", None)], [], ["asana1", "trello1"]),
    ("nearly the same in one system", [thing("asana1", "Landing pages"), thing("asana2", "Landing page")], [], ["asana1", "asana2"]),
    ("nearly what has a twin here", [thing("asana1", "Landing pages")], [known("r1", "Landing page", "asana")], ["asana1"]),
    ("nearly what gets a twin here now", [thing("asana1", "Landing page"), thing("asana2", "Landing pages")], [known("r1", "Landing page", "trello")], ["r1=asana1", "asana2"]),
    ("nearly the same in another project", [thing("asana1", "Landing page"), thing("trello1", "Landing pages", "p2")], [], ["asana1", "trello1"]),
    ("no keys to match by", [thing("asana1", "Logo", mapping=mapping_of(TITLE)), thing("trello1", "Logo", mapping=mapping_of(TITLE))], [], ["asana1", "trello1"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("views", "records", "groups"), [s[1:] for s in SURE], ids=[s[0] for s in SURE]
)
def test_what_is_certain(views: list[View], records: list[Known], groups: list[str]) -> None:
    """One candidate in each system, equal in all keys; everything else is a thing of its own."""
    assert (groups, []) == outcome(views, records)


SAME, NEAR = "several things have the same key", "nearly the same"

HELD: list[tuple[str, list[View], list[Known], Found]] = [
    (
        "two candidates in one system",
        [thing("asana1", "Logo"), thing("asana2", "Logo"), thing("trello1", "Logo")], [],
        ([], [f"{id}: {SAME}: {other} 100%" for id, other in (("asana1", "trello1"), ("asana2", "trello1"), ("trello1", "asana1"), ("trello1", "asana2"))]),
    ),
    (
        "two records",
        [thing("asana1", "Logo")], [known("r1", "Logo", "trello"), known("r2", "Logo", "trello")],
        ([], [f"asana1: {SAME}: r1-trello 100%", f"asana1: {SAME}: r2-trello 100%"]),
    ),
    (
        "a record, and a new thing where it has its twin",
        [thing("asana1", "Logo"), thing("trello2", "Logo")], [known("r1", "Logo", "trello")],
        ([], [f"asana1: {SAME}: r1-trello 100%", f"asana1: {SAME}: trello2 100%", f"trello2: {SAME}: asana1 100%"]),
    ),
    (
        "nearly the same",
        [thing("asana1", "Landing page"), thing("trello1", "Landing pages")], [],
        ([], [f"asana1: {NEAR}: trello1 96%", f"trello1: {NEAR}: asana1 96%"]),
    ),
    (
        "the same words in another order, with other marks between them",
        [thing("asana1", "Landing page: copy"), thing("trello1", "Copy, landing page!")], [],
        ([], [f"asana1: {NEAR}: trello1 99%", f"trello1: {NEAR}: asana1 99%"]),
    ),
    (
        "nearly a record",
        [thing("asana1", "Landing pages")], [known("r1", "Landing page", "trello")],
        ([], [f"asana1: {NEAR}: r1-trello 96%"]),
    ),
    (
        "nearly what two others are",
        [thing("asana1", "Landing page"), thing("trello1", "Landing page"), thing("hubspot1", "Landing pages")], [],
        (["asana1+trello1"], [f"hubspot1: {NEAR}: asana1 96%"]),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("views", "records", "expected"), [h[1:] for h in HELD], ids=[h[0] for h in HELD]
)
def test_what_is_doubtful_is_held(views: list[View], records: list[Known], expected: Found) -> None:
    """Two candidates, or nearly the same: nothing is made of it, and all candidates are named."""
    assert expected == outcome(views, records)


titles = st.sampled_from(
    ["Logo", "logo ", "Landing page", "Landing pages", "Part 1", "Part 2", None]
)
views = st.lists(
    st.tuples(
        st.sampled_from(["asana", "trello", "hubspot"]), titles, st.sampled_from(["p1", "p2"])
    ),
    max_size=7,
).map(
    lambda rows: [
        thing(f"{place}{n}", title, project) for n, (place, title, project) in enumerate(rows)
    ]
)
records = st.lists(
    st.tuples(
        titles.filter(bool), st.sets(st.sampled_from(["asana", "trello", "hubspot"]), min_size=1)
    ),
    max_size=4,
).map(lambda rows: [known(f"r{n}", title, *places) for n, (title, places) in enumerate(rows)])


@given(views=views, records=records, data=st.data())
def test_no_order_matters(views: list[View], records: list[Known], data: st.DataObject) -> None:
    """Pages and records in any order match in the same way."""
    other = outcome(data.draw(st.permutations(views)), data.draw(st.permutations(records)))

    assert outcome(views, records) == other


@given(views=views, records=records)
def test_each_thing_ends_in_one_place(views: list[View], records: list[Known]) -> None:
    """In one group or in doubt, never both; no group has a system twice, no record two groups."""
    matched = match(views, records)
    groups = matched.groups
    placed = [view.key for group in groups for view in group.views]
    taken = {record.record: {place[0] for place in record.places} for record in records}
    doubtful = {doubt.view.key for doubt in matched.doubts}

    assert sorted([*placed, *doubtful]) == sorted(v.key for v in views)
    for group in groups:
        where = [view.connection for view in group.views]
        assert len(set(where)) == len(where)
        assert not taken.get(group.record or "", set()) & set(where)
    joined = [group.record for group in groups if group.record]
    assert len(set(joined)) == len(joined)
