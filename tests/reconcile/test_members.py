"""Sets in tools: who we do not know stays, what has no name stays, one of several stays."""

import pytest

from syncer.model.decisions import Bound
from syncer.model.remote import Raw
from syncer.model.values import MISSING, Kind, Value
from syncer.reconcile.expressing import Expression, NotExpressible, express
from tests.reconcile.made import LOOKUP, bound, options

MEMBERS = bound(Kind.PERSON, many=True)
ASSIGNEE = bound(Kind.PERSON, many=True, wire_many=False)
LABELS = bound(
    Kind.TEXT, Kind.ENUMERATION, many=True, choices=options("Bug", "Bug", "", "Later"),
    info={"extensible": True},
)  # fmt: skip


def people(*names: str) -> Value:
    """A set of people, or nobody."""
    return frozenset(names) or None


TABLE: list[tuple[str, Bound, Value, Raw, Raw]] = [
    ("a stranger stays when others come", MEMBERS, people("maya"), ["u-guest"], ["u-guest", "u-maya"]),
    ("a stranger stays when all others go", MEMBERS, None, ["u-guest", "u-maya"], ["u-guest"]),
    ("who is not meant any more goes", MEMBERS, people("tom"), ["u-maya", "u-tom"], ["u-tom"]),
    ("nobody is nothing", MEMBERS, None, ["u-maya"], None),
    ("both labels of one name stay", LABELS, people("Bug"), ["o0", "o1"], ["o0", "o1"]),
    ("both go with their name", LABELS, people("Later"), ["o0", "o1"], ["o3"]),
    ("one of two is not doubled", LABELS, people("Bug"), ["o1"], ["o1"]),
    ("a label without a name stays", LABELS, people("Bug"), ["o2"], ["o0", "o2"]),
    ("a label that is new is named", LABELS, people("New"), None, [{"name": "New"}]),
    ("order does not matter", MEMBERS, people("maya", "tom"), ["u-tom", "u-maya"], ["u-tom", "u-maya"]),
    ("the one shown stays if still meant", ASSIGNEE, people("maya", "ben"), "u-maya", "u-maya"),
    ("else the first who can be shown", ASSIGNEE, people("gus", "tom"), "u-maya", "u-tom"),
    ("nobody left", ASSIGNEE, None, "u-maya", None),
    ("one person in a field for several", bound(Kind.PERSON, wire_many=True), "maya", ["u-guest"], ["u-guest", "u-maya"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "now", "raw"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_what_is_written(field: Bound, value: Value, now: Raw, raw: Raw) -> None:
    """Only what reads as a member that is not meant any more is taken away."""
    assert Expression(raw) == express(field, value, now, LOOKUP)


def test_who_has_no_account_is_named_and_the_others_are_written() -> None:
    """One person who is not there keeps nobody else from being shown."""
    found = express(MEMBERS, people("gus", "tom"), ["u-maya"], LOOKUP)

    assert Expression(["u-tom"], unsaid=("gus has no account there",)) == found


def test_labels_that_differ_in_case_only_are_not_written_twice() -> None:
    """Where a tool has one label for two of ours, it is sent once."""
    field = bound(Kind.TEXT, Kind.ENUMERATION, many=True, choices=options("Bug"))

    assert ["o0"] == express(field, frozenset({"Bug", "BUG"}), MISSING, LOOKUP).raw


def test_a_tag_that_is_too_long_is_not_cut() -> None:
    """Half a name would be another label."""
    field = bound(Kind.TEXT, many=True, info={"max_length": 4})

    assert Expression(["ok"], unsaid=("much too long is too long",)) == express(
        field, frozenset({"ok", "much too long"}), MISSING, LOOKUP
    )


def test_nobody_who_could_be_shown_is_not_nobody() -> None:
    """A set of which a tool for one person can show nobody is not expressible."""
    with pytest.raises(NotExpressible, match="gus has no account there"):
        express(ASSIGNEE, people("gus"), "u-maya", LOOKUP)
