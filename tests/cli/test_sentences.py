"""Why a value is what it is, in a sentence; and what changed in a long text."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from syncer.model.agreements import Agreed, Then
from syncer.model.entities import BUILTIN
from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.model.values import Value
from syncer.report.saying import Sayer, changed, marked
from syncer.report.sentence import Subject, asks, was, why

AT = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
DAY = date(2026, 12, 4)
PEOPLE = {"maya": "Maya Okafor", "anna": "Anna Brandt", "tom": "Tom Lindqvist"}
SYSTEMS = {"asana": "Asana", "google_analytics": "Google Analytics"}
SAYER = Sayer("Europe/Copenhagen", PEOPLE, SYSTEMS)
RULE = "config/ownership.yaml:41"
SET = Agreed(DAY, "maya", "producer", "asana", AT, RULE)
EDIT = JournalEntry(
    "acme", AT, "edit", record="r_1", field="deadline", editor="maya", role="producer",
    connection="asana", new="2026-12-04", outcome="taken",
)  # fmt: skip
ASKED = Proposal(
    "p_1", "acme", "r_1", "project", "deadline", "anna", "asana", DAY, None, RULE, AT, AT,
    status=ProposalStatus.ACCEPTED, closed_by="maya", closed_at=AT,
)  # fmt: skip
LAPSED = replace(ASKED, closed_by=None)

BECAUSE = [
    ("an owner set it", SET, (), (EDIT,), "Maya Okafor (producer) set it in Asana on 20 November 2026"),
    ("an owner approved it", SET, (ASKED,), (), "Maya Okafor (producer) approved Anna Brandt's proposal in Asana on 20 November 2026"),
    ("by the command line", replace(SET, connection=None), (ASKED,), (), "Maya Okafor (producer) approved Anna Brandt's proposal on the command line on 20 November 2026"),
    ("an owner did as was asked", SET, (ASKED,), (EDIT,), "Maya Okafor (producer) set it in Asana on 20 November 2026, as Anna Brandt had asked for"),
    ("nobody answered in time", replace(SET, by=None, role=None), (LAPSED,), (), "nobody answered Anna Brandt's proposal in time, and it is the rule that it counts then on 20 November 2026"),
    ("the rule lets it count", SET, (), (replace(EDIT, outcome="notified"),), "Maya Okafor (producer) set it in Asana on 20 November 2026, and the rule lets it count and tells the owner"),
    ("a first value", SET, (), (replace(EDIT, outcome="first"),), "Maya Okafor (producer) set it in Asana on 20 November 2026, as its first value"),
    ("it was there", replace(SET, by="first contact", role=None), (), (), "Asana showed it when the tools were first compared on 20 November 2026"),
    ("it was counted", replace(SET, by="google_analytics", role="analytics"), (), (), "Google Analytics counted it on 20 November 2026"),
    ("typed", replace(SET, connection=""), (), (), "Maya Okafor (producer) set it on the command line on 20 November 2026"),
    ("somebody else's proposal", replace(SET, by="tom"), (ASKED,), (), "Tom Lindqvist (producer) set it in Asana on 20 November 2026"),
    ("nobody knows when", replace(SET, at=None), (), (), "Maya Okafor (producer) set it in Asana"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "proposals", "journal", "reason"),
    [case[1:] for case in BECAUSE],
    ids=[case[0] for case in BECAUSE],
)
def test_why_it_is_so(
    agreed: Agreed,
    proposals: tuple[Proposal, ...],
    journal: tuple[JournalEntry, ...],
    reason: str,
) -> None:
    """Who did what, where and when, with the line of the rule, in one sentence."""
    subject = Subject(SAYER, BUILTIN["project"], "Relaunch", "deadline")
    said = why(subject, agreed, proposals, journal)

    assert (
        f'The deadline of "Relaunch" is 4 December 2026 because {reason}; ownership.yaml:41.'
        == said
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("deadline", None, 'The deadline of "Relaunch" is empty'),
        ("deadline", AT, 'The deadline of "Relaunch" is 20 November 2026, 14:05'),
        ("producer", "maya", 'The producer of "Relaunch" is Maya Okafor'),
        ("name", "maya", 'The name of "Relaunch" is maya'),
        ("goals", "more", 'The goals of "Relaunch" are more'),
        ("status", "on_hold", 'The status of "Relaunch" is on hold'),
        ("existence", "archived", '"Relaunch" is archived'),
        ("existence", "present", '"Relaunch" is there'),
    ],
)
def test_values_are_readable(field: str, value: Value, said: str) -> None:
    """Days, moments in the client's zone, people by name, and free text as it is."""
    assert said == Subject(SAYER, BUILTIN["project"], "Relaunch", field).stands(value)


def test_what_is_open_and_what_is_not_known() -> None:
    """Who asks for what, and for whom it waits; how far back anything is known."""
    spec = BUILTIN["project"]
    waits = asks(SAYER, spec, replace(ASKED, closed_at=None, expires_at=AT), ("maya", "tom"))
    subject = Subject(SAYER, spec, "Relaunch", "deadline")
    told = [
        was(subject, then, AT, (), ())
        for then in (Then(SET), Then(None, AT, DAY), Then(None), Then(None, unmet=True))
    ]

    assert waits == (
        f"Not settled: Anna Brandt asks for 4 December 2026 as the deadline ({ASKED.number}); it"
        " waits for Maya Okafor or Tom Lindqvist, until 20 November 2026, 14:05."
    )
    assert told[0].startswith('On 20 November 2026, 14:05: The deadline of "Relaunch" was 4 D')
    assert told[1].endswith(
        "is not known: the first agreement that is kept is of 20 November 2026, 14:05; until then"
        " a tool showed 4 December 2026."
    )
    assert told[2].endswith("is not known: nothing was ever agreed about it.")
    assert told[3].endswith("yet: it was first seen later.")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("one two three", "one 2 three", "one [-two-] {+2+} three"),
        (None, "all of it", "{+all of it+}"),
        ("all of it", None, "[-all of it-]"),
        ("a b c d e f g h i j", "a b c d e f g h i k", "… g h i [-j-] {+k+}"),
        ("a b c d e f g h i j", "z b c d e f g h i y", "[-a-] {+z+} b c d … g h i [-j-] {+y+}"),
        ("x " * 5000, "y", "[-5000 words-] {+1 words+}"),
        ("same words", "same  words", "same words"),
    ],
    ids=["a word", "new", "gone", "the end", "both ends", "very long", "blanks only"],
)
def test_what_changed_in_a_text(old: Value, new: Value, said: str) -> None:
    """The words that went and came, with a few around them."""
    assert said == marked(changed(old, new))
