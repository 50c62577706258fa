"""Which known records new things may be: what is left unread changes nothing of what is found."""

from hypothesis import given
from hypothesis import strategies as st

from syncer.model.contact import Pair
from syncer.model.decisions import View
from syncer.reconcile.match import Known, Matched, Said, match
from syncer.reconcile.reach import reach
from tests.reconcile.test_match import known, thing

SYSTEMS = ("asana", "trello", "hubspot")
TITLES = ("Logo", "logo ", "Landing page", "Landing pages", "Part 1", "Part 2", "Film A")

views = st.lists(
    st.tuples(
        st.sampled_from(SYSTEMS),
        st.sampled_from([*TITLES, None]),
        st.sampled_from(["p1", "p2", None]),
    ),
    max_size=6,
).map(lambda rows: [thing(f"{where}{n}", *rest) for n, (where, *rest) in enumerate(rows)])
records = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.sets(st.sampled_from(SYSTEMS)),
        st.sampled_from(["r_1", "r_2", "r_3"]),
    ),
    max_size=6,
).map(lambda rows: [known(f"r{n}", t, *c, project=p) for n, (t, c, p) in enumerate(rows)])


def within(views: list[View], everything: list[Known], said: Said) -> list[Known]:
    """The records that are read."""
    near = reach(views, said)
    return [record for record in everything if near(record.values.get)]


def told(matched: Matched) -> object:
    """Everything that matching says, in words that can be compared."""
    return (
        [([view.key for view in group.views], group.record) for group in matched.groups],
        [(doubt.view.key, doubt.other, doubt.score, doubt.reason) for doubt in matched.doubts],
        [view.key for view in matched.left],
    )


def pairs(data: st.DataObject, views: list[View], records: list[Known]) -> frozenset[Pair]:
    """A few pairs of whatever there is."""
    places = sorted({v.key for v in views} | {p for record in records for p in record.places})
    if len(places) < 2:
        return frozenset()
    one = st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)
    return frozenset(data.draw(st.lists(one.map(frozenset), max_size=2)))


@given(views=views, records=records, data=st.data())
def test_what_is_out_of_reach_is_never_missed(
    views: list[View], records: list[Known], data: st.DataObject
) -> None:
    """Matching with the records within reach says what matching with all records says.

    Whatever people called the same or different, and whatever the filter leaves out.
    """
    some = st.frozensets(st.sampled_from([v.key for v in views])) if views else st.just(frozenset())
    said = Said(pairs(data, views, records), pairs(data, views, records), data.draw(some))
    everything = told(match(views, records, said))

    assert told(match(views, within(views, records, said), said)) == everything


def test_other_projects_and_other_numbers_are_out_of_reach() -> None:
    """Of many records only those are read that share the project and the numbers in the title."""
    new = [thing("asana1", "Newsletter 3")]
    there = [
        known("r1", "Newsletter 3", "trello"),
        known("r2", "News-letter 3", "trello"),
        known("r3", "Newsletter 4", "trello"),
        known("r4", "Newsletter 3", "trello", project="r_2"),
    ]

    assert [record.record for record in within(new, there, Said())] == ["r1", "r2"]


def test_what_a_person_spoke_of_may_be_called_anything() -> None:
    """With a new thing that somebody called the same as another, every record is within reach."""
    new, there = [thing("asana1", "Logo")], [known("r1", "Poster", "trello", project="r_2")]
    pair = frozenset({new[0].key, *there[0].places})

    assert within(new, there, Said(same=frozenset({pair}))) == there
