"""What a comment says: in few words, for whom it is, and nothing people typed does anything."""

import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.comments import Mention, Message, Quoted, Words
from syncer.model.entities import EXISTENCE
from syncer.model.notices import Notice, NoticeKind
from syncer.model.records import ProposalStatus
from syncer.model.rules import Policy, Waiting
from syncer.model.texts import TEMPLATES, Texts
from syncer.model.values import Json
from syncer.reconcile.lines import OURS, fill
from syncer.reconcile.notices import ended_notices
from syncer.reconcile.sayings import message, subject
from tests.reconcile.made import D1, D2, D3, D4, NOON, edit, proposal, record, rule
from tests.reconcile.made_talk import NAMES, TEXTS, one, scene
from tests.reconcile.test_notices import found, verdict_of

HANDLES = {"maya": "mayaokafor", "anna": "annabrandt"}
ASK = found(verdict_of(rule(expires_days=3), [edit("anna", D2, "hubspot")]))
TWO = found(verdict_of(rule(), [edit("anna", D2, "hubspot"), edit("ben", D3, "trello")]))
NUMBER = proposal(id="p-anna").number


def mention(key: str) -> Mention | None:
    """Tom has no account here."""
    return Mention(HANDLES[key], NAMES[key]) if key in HANDLES else None


def said(notices: Sequence[Notice], texts: Texts = TEXTS, **more: bool) -> Message:
    """A comment of the bakery's."""
    return message(
        notices,
        texts,
        "bakery",
        name=NAMES.__getitem__,
        mention=mention,
        digest=more.pop("digest", False),
        **more,
    )


def of(notices: Sequence[Notice], *kinds: str, to: str | None = None) -> list[Notice]:
    """Those of some kinds, perhaps for one person only."""
    return [n for n in notices if n.kind in kinds and to in (None, n.to)]


def test_an_ask_as_people_read_it() -> None:
    """Who it is for, who asks what, what it is now, how long there is, and how to answer: once."""
    assert said(of(ASK, "ask")).plain.splitlines() == [
        "@Maya Okafor Tom Lindqvist: Anna Brandt would like to change the deadline of Relaunch.",
        "Now: 2026-03-10",
        "Asked for: 2026-03-11",
        "Working days to answer: 3; after that it stays as it is.",
        "Answer here: approve, or decline and why.",
    ]


def test_the_editor_reads_for_whom_it_waits() -> None:
    """What they wrote, whole, what stands until then, and how to take it back."""
    assert said(of(ASK, "waits")).plain.splitlines() == [
        "@Anna Brandt: The deadline of Relaunch waits for Maya Okafor / Tom Lindqvist.",
        "Until then it stays: 2026-03-10",
        "Asked for: 2026-03-11",
        "To take it back, answer here: withdraw.",
    ]


def test_what_is_kept_meanwhile_is_not_said_to_be_put_back() -> None:
    """Where the rule keeps an edit in its tool, the note says that it only shows there."""
    kept = rule(waiting=Waiting.KEEP_HERE)
    lines = said(of(found(verdict_of(kept, [edit("anna", D2, "hubspot")])), "waits")).plain

    assert "Until then it only shows in hubspot." in lines.splitlines()
    assert "Until then it stays" not in lines


def test_several_are_a_list_and_need_numbers() -> None:
    """Two proposals in one place: each with its number, one line each, one line of help."""
    lines = said(of(TWO, "ask", to="maya")).plain.splitlines()

    assert "@Maya Okafor Some news:" == lines[0]
    assert [True, True, False] == [line.startswith("- ") for line in lines[1:]]
    assert lines[1].endswith(f"Asked for: 2026-03-11; Number: {NUMBER}")
    assert (
        f"Answer here, with the number: approve {NUMBER}, or decline {NUMBER} and why." == lines[3]
    )


def test_a_number_stands_where_one_is_needed() -> None:
    """For one proposal in a thread of its own it is left out; where it must stand, it is there."""
    asks = of(ASK, "ask")

    assert NUMBER not in said(asks).plain
    assert f"Number: {NUMBER}" in said(asks, numbered=True).plain.splitlines()
    assert f"approve {NUMBER}" in said(asks, numbered=True).plain


def test_a_digest_is_called_one() -> None:
    """What had to wait is told as a list under its own heading, also if it is one thing."""
    lines = said(of(ASK, "ask", to="maya"), digest=True).plain.splitlines()

    assert "@Maya Okafor What came up in the meantime:" == lines[0]
    assert lines[1].startswith("- Anna Brandt would like")


def test_where_no_answer_is_read_none_is_asked_for() -> None:
    """A mail says what to do instead, with the number."""
    last = said(of(ASK, "ask"), answerable=False).plain.splitlines()[-1]

    assert "cannot be answered here" in last
    assert NUMBER in last


def test_the_same_for_two_people_is_said_once() -> None:
    """Both are addressed, the text stands there once."""
    changed = found(verdict_of(rule(Policy.NOTIFY), [edit("anna", D2)]))

    assert 2 == len(changed)
    assert 1 == said(changed).plain.count("Anna Brandt changed")


def test_what_people_typed_is_quoted() -> None:
    """Values, titles, names and reasons are parts that do nothing; mentions are ours alone."""
    nasty = "@channel [x](https://evil.example) <a href='x'>"
    around = scene(record=record(deadline=nasty), title=nasty)
    verdict = verdict_of(rule(), [edit(nasty, nasty + "!", "trello")], (), nasty)
    over = proposal(nasty, status=ProposalStatus.DECLINED, closed_by=nasty, reason=nasty)
    notices = [*found(verdict, around), *ended_notices(around, over, rule())]
    parts = [part for line in said(notices).paragraphs for part in line.parts]

    assert {"mayaokafor"} == {part.id for part in parts if isinstance(part, Mention)}
    assert not any("@" in p.text or "evil" in p.text for p in parts if isinstance(p, Words))
    assert any(isinstance(part, Quoted) and nasty in part.text for part in parts)


def test_a_client_and_a_role_can_have_their_own_words() -> None:
    """A role's go before a client's, those before the usual ones; the help stays."""
    mine = replace(
        TEXTS,
        clients={"bakery": {"ask": ("{who} fragt: {value}",)}},
        roles={"producer": {"waits": ("x",)}},
    )
    for texts, first in (
        (mine, "Anna Brandt fragt: 2026-03-11"),
        (replace(mine, roles={"producer": {"ask": ("{field}?",)}}), "deadline?"),
        (replace(mine, clients={}), "Anna Brandt would like to change the deadline of Relaunch."),
    ):
        lines = said(of(ASK, "ask", to="maya"), texts).plain.splitlines()
        assert f"@Maya Okafor: {first}" == lines[0]
        assert "Answer here: approve, or decline and why." == lines[-1]


def test_an_archive_reads_as_one() -> None:
    """To put a thing away is not called a change of its existence."""
    line = rule(field=EXISTENCE, others={"archive": Policy.PROPOSE})
    asks = found(verdict_of(line, [edit("anna", "archived")], (), "present"))

    assert "Anna Brandt would like to archive Relaunch." in said(of(asks, "ask")).plain
    assert "existence" not in said(asks).plain
    assert f"Anna Brandt asks to archive Relaunch ({NUMBER})" == subject(asks[0], TEXTS, "bakery")


def test_the_subject_of_a_task_is_one_line() -> None:
    """Also if a title has several, and with the number by which it is answered."""
    ask = replace(ASK[0], facts={**ASK[0].facts, "record": "Re\nlaunch "})
    number = NUMBER

    assert f"Anna Brandt asks for another deadline for Re launch ({number})" == subject(
        ask, TEXTS, "bakery"
    )


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s is not ProposalStatus.OPEN])
def test_every_end_has_its_words(status: ProposalStatus) -> None:
    """The field, the record and what was asked for or stands."""
    over = proposal(status=status, closed_by="maya", reason="the client's trip")
    around = scene(record=record(deadline=D4))
    text = said([one(ended_notices(around, over, rule()), "ended")]).plain

    assert text.startswith("@Anna Brandt: ")
    assert "deadline of Relaunch" in text
    assert "2026-03-1" in text
    told = status in (ProposalStatus.ACCEPTED, ProposalStatus.DECLINED)
    assert told == ("the client's trip" in text)


PLACEHOLDERS = sorted({name for names in TEMPLATES.values() for name in names})
facts = st.dictionaries(
    st.sampled_from([*PLACEHOLDERS, "verb"]),
    st.text() | st.sampled_from(["archive", "create", "{who}", "accepted", "", None]),
)


@given(
    kind=st.sampled_from([k for k in NoticeKind if k is not NoticeKind.ENDED]),
    known=facts,
    field=st.sampled_from(["deadline", EXISTENCE]),
    digest=st.booleans(),
    numbered=st.booleans(),
)
def test_any_facts_can_be_said(
    kind: NoticeKind, known: Mapping[str, Json], field: str, digest: bool, numbered: bool
) -> None:
    """Whatever is known of a notice, a comment is made, and no placeholder of ours is left."""
    notice = Notice(
        "n", "bakery", "r_1", "task", field, kind, NOON, to="maya", facts=known, proposal="p"
    )
    made = said([notice, notice], digest=digest, numbered=numbered)
    typed = {str(known[name]) for name in OURS & set(known)}
    words = [p.text for line in made.paragraphs for p in line.parts if isinstance(p, Words)]

    assert made.paragraphs
    assert not [text for text in words if re.search(r"\{\w+\}", text) and text not in typed]


@given(known=facts)
def test_a_line_without_its_fact_is_left_out(known: Mapping[str, Json]) -> None:
    """A line is said if all that it names is known, else not at all."""
    line = "{who} asks: {value}"
    expected = bool(known.get("who")) and bool(known.get("value"))

    assert expected == bool(fill([line], known))


def test_every_kind_has_words_when_all_is_known() -> None:
    """With every fact there, each template gives its lines, in the order they are written."""
    for name, allowed in TEMPLATES.items():
        known: dict[str, Json] = {each: f"<{each}>" for each in allowed}
        assert len(TEXTS.lines[name]) == len(fill(TEXTS.lines[name], known)), name


def test_nothing_is_left_of_the_ask_where_nothing_stands() -> None:
    """An empty field reads as empty, not as nothing."""
    notices = found(verdict_of(rule(), [edit("anna", D1)], (), None), scene(record=record()))

    assert "Now: empty" in said(of(notices, "ask")).plain.splitlines()
