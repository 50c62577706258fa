"""What a reply means: answers are taken by their first word, remarks are left alone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.records import Proposal, ProposalStatus
from syncer.model.texts import ANSWERS
from syncer.reconcile.answering import parse_all
from syncer.reconcile.replies import Asked, Reply, Ruling, Said, judge, parse
from tests.reconcile.made import D4, minutes, proposal
from tests.reconcile.made_talk import TEXTS

WORDS = TEXTS.answers
FIRST = proposal("anna", updated_at=minutes(0))
SECOND = proposal("ben", D4, updated_at=minutes(0))
N1, N2 = FIRST.number, SECOND.number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approve", Said("approve")),
        ("  Approve!  ", Said("approve")),
        ("APPROVED.", Said("approve")),
        ("ａｐｐｒｏｖｅ", Said("approve")),
        ("**approve** thanks", Said("approve", "", "thanks")),
        ("“Approve”", Said("approve")),
        ("'approve'", Said("approve")),
        ("👍 approve", Said("approve")),
        ("@maya approve", Said("approve")),
        ("@maya, @tom: approve - fine by me", Said("approve", "", "fine by me")),
        ("https://tool.example/profile/7 approve", Said("approve")),
        ("@Maya Okafor approve", Said("approve")),
        ("approve P3KX9Q", Said("approve", "P3KX9Q")),
        ("decline #p3kx9q: too late", Said("decline", "P3KX9Q", "too late")),
        ("decline (PABCDE) too late", Said("decline", "PABCDE", "too late")),
        ("approve please", Said("approve", "", "please")),
        ("decline: no time", Said("decline", "", "no time")),
        ("decline, no time", Said("decline", "", "no time")),
        ("decline - no time", Said("decline", "", "no time")),
        ("decline no time. Sorry!", Said("decline", "", "no time. Sorry!")),
        ("decline, are you kidding?", Said("decline", "", "are you kidding?")),
        ("decline\nThe client\nis away", Said("decline", "", "The client\nis away")),
        ("Genehmigt, danke", Said("approve", "", "danke")),
        ("lehne ab: zu spät", Said("decline", "", "zu spät")),
        ("APPROUVE\u0301", Said("approve")),
        ("rechazado", Said("decline")),
        ("akkoord", Said("approve")),
        ("zurückziehen P3KX9Q", Said("withdraw", "P3KX9Q")),
        ("> please decide\n> approve, or decline\n\ndecline - no", Said("decline", "", "no")),
    ],
    ids=[str(n) for n in range(29)],
)
def test_an_answer(text: str, expected: Said) -> None:
    """The word first, in any case and language, after mentions and marks; then number, reason."""
    assert expected == parse(text, WORDS, ["Maya Okafor", "Tom"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "@maya",
        "I approve",
        "please approve this",
        "Not approved",
        "ok",
        "yes, go on",
        "approve?",
        "Approve? I am not sure.",
        "approve or decline?",
        "approve this only if Tom agrees?",
        "approve/decline",
        "Approve, or decline and why.",
        "approver needed",
        "approvement",
        "Answer here: approve, or decline and why.",
        "> approve",
        "@Maya Okafor thanks, approve",
        "P3KX9Q",
        "lehne dich zurück",
    ],
)
def test_a_remark(text: str) -> None:
    """A sentence with the word in it, a question, a quotation or anything else decides nothing."""
    assert parse(text, WORDS, ["Maya Okafor"]) is None


@given(text=st.text() | st.text("approve decline @>?P3KX9Q:,-\n'’"), names=st.lists(st.text()))
def test_any_text_is_an_answer_or_none(text: str, names: list[str]) -> None:
    """Whatever people type is read, and its reason is what they typed."""
    said = parse(text, WORDS, names)

    if said is not None:
        assert said.verb in ANSWERS
        assert said.reason.split("\n")[0] in text
    assert bool(said) == bool(parse_all(text, WORDS, names))


@given(
    word=st.sampled_from(sorted((v, w) for v, words in WORDS.items() for w in words)),
    reason=st.text("abcdefg .", min_size=1),
)
def test_every_word_answers(word: tuple[str, str], reason: str) -> None:
    """Each word of each language, in capitals, with a reason."""
    assert Said(word[0], "", reason.strip(" .") or "") == parse(
        f"{word[1].upper()}: {reason.strip(' .')}", WORDS
    )


def asked(one: Proposal, *told: tuple[float, int]) -> Asked:
    """A proposal whose versions were told so many minutes after noon; the first at 10."""
    return Asked(one, tuple((minutes(at), version) for at, version in told or ((10, 1),)))


def entitled(person: str, one: Proposal) -> str | None:
    """Maya decides everything, Tom the second only."""
    if person == "maya":
        return "producer"
    return "stand-in" if person == "tom" and one.id == SECOND.id else None


def ruled(
    text: str,
    *waiting: Asked,
    who: str | None = "maya",
    at: float = 20,
    named: bool = False,
) -> list[tuple[str, str | None, str]]:
    """Verb, proposal's id and problem of what a reply comes to."""
    return [
        (one.verb, one.proposal.id if one.proposal else None, one.problem)
        for one in rulings(text, *waiting, who=who, at=minutes(at), named=named)
    ]


def rulings(
    text: str, *waiting: Asked, who: str | None, at: datetime, named: bool = False
) -> tuple[Ruling, ...]:
    """What a reply comes to."""
    reply = Reply("c1", "asana", who, who or "Guest Gus", at, text)
    return judge(reply, waiting, named, entitled, WORDS)


ONE = asked(FIRST)
OVER = asked(proposal("anna", status=ProposalStatus.LAPSED, closed_at=minutes(15)))


@pytest.mark.parametrize(
    ("text", "waiting", "options", "expected"),
    [
        ("approve", [ONE], {}, [("approve", "p-anna", "")]),
        (f"approve {N1}", [ONE], {}, [("approve", "p-anna", "")]),
        (f"approve {N1.lower()}", [ONE], {}, [("approve", "p-anna", "")]),
        ("well done", [ONE], {}, []),
        ("approve", [], {}, []),
        ("approve", [ONE], {"who": "zoe"}, [("approve", "p-anna", "not_yours")]),
        ("approve", [ONE], {"who": None}, [("approve", "p-anna", "not_yours")]),
        ("approve", [ONE], {"at": 5}, []),
        (f"approve {N1}", [ONE], {"at": 5}, [("approve", "p-anna", "again")]),
        ("approve PABCDE", [ONE], {}, [("approve", "p-anna", "")]),
        ("approve P23456", [ONE], {}, [("approve", None, "unclear")]),
        ("approve P23456", [ONE], {"who": "zoe"}, []),
        ("approve", [ONE, asked(SECOND)], {}, [("approve", None, "unclear")]),
        ("approve", [ONE, asked(SECOND)], {"who": "zoe"}, [("approve", "p-anna", "not_yours")]),
        ("approve", [ONE, asked(SECOND)], {"who": "tom"}, [("approve", None, "unclear")]),
        (f"approve {N2}", [ONE, asked(SECOND)], {}, [("approve", "p-ben", "")]),
        ("approve", [ONE, asked(SECOND, (30, 1))], {}, [("approve", "p-anna", "")]),
        (
            f"approve {N1}\ndecline {N2}: no",
            [ONE, asked(SECOND)],
            {},
            [("approve", "p-anna", ""), ("decline", "p-ben", "")],
        ),
        ("approve", [OVER], {}, [("approve", "p-anna", "ended")]),
        ("approve", [OVER], {"who": "zoe"}, []),
        ("approve", [OVER, asked(SECOND)], {}, [("approve", "p-ben", "")]),
        (f"approve {N1}", [OVER, asked(SECOND)], {}, [("approve", "p-anna", "ended")]),
        ("withdraw", [ONE], {"who": "anna"}, [("withdraw", "p-anna", "")]),
        ("withdraw", [ONE], {"who": "maya"}, [("withdraw", "p-anna", "not_yours")]),
        ("withdraw", [ONE, asked(SECOND)], {"who": "ben"}, [("withdraw", "p-ben", "")]),
        ("withdraw", [asked(FIRST, (-30, 1))], {"who": "anna", "at": -10}, []),
        ("approve", [ONE], {"named": True}, [("approve", None, "unclear")]),
        ("approved budget attached", [ONE], {"named": True, "who": "zoe"}, []),
        (f"approve {N1}", [ONE], {"named": True}, [("approve", "p-anna", "")]),
        (
            f"approve {N1}: ok",
            [ONE],
            {"named": True, "who": "zoe"},
            [("approve", "p-anna", "not_yours")],
        ),
        ("withdraw", [ONE], {"named": True, "who": "anna"}, [("withdraw", None, "unclear")]),
    ],
    ids=[str(n) for n in range(31)],
)
def test_the_rulings(
    text: str,
    waiting: list[Asked],
    options: dict[str, object],
    expected: list[tuple[str, str | None, str]],
) -> None:
    """Who may, to which proposal, with what number, when it was told: and what if not."""
    assert expected == ruled(text, *waiting, **options)  # type: ignore[arg-type]


def test_an_answer_counts_for_the_version_that_was_told() -> None:
    """After the new version was told it counts; in between the owner is asked again."""
    newer = proposal("anna", version=2)
    told = asked(newer, (10, 1), (30, 2))

    assert [("approve", "p-anna", "again")] == ruled("approve", told, at=20)
    assert [("approve", "p-anna", "")] == ruled("approve", told, at=30)


def test_a_ruling_has_role_and_reason() -> None:
    """As whom they answered, and why, go on record."""
    [made] = rulings("decline - the client is away", ONE, who="maya", at=minutes(20))

    assert ("producer", "the client is away") == (made.role, made.reason)


@given(
    text=st.sampled_from(["approve", "decline: no", f"approve {N1}", f"decline {N2}", "withdraw"]),
    who=st.sampled_from(["maya", "tom", "anna", "zoe", None]),
    at=st.integers(0, 60),
    told=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3)), max_size=4),
    version=st.integers(1, 3),
    named=st.booleans(),
)
def test_no_answer_counts_that_may_not(
    text: str,
    who: str | None,
    at: int,
    told: list[tuple[int, int]],
    version: int,
    named: bool,
) -> None:
    """Whatever is said when: what counts is by who may, of what they had been told."""
    one = proposal("anna", version=version, updated_at=minutes(0))
    waiting = (Asked(one, tuple((minutes(a), v) for a, v in told)), asked(SECOND))

    for made in rulings(text, *waiting, who=who, at=minutes(at), named=named):
        if made.problem:
            continue
        assert made.proposal is not None
        assert who is not None
        if made.verb == "withdraw":
            assert who == made.proposal.proposer
            continue
        assert entitled(who, made.proposal)
        known = next(each for each in waiting if each.proposal is made.proposal)
        assert any(t <= minutes(at) and v >= made.proposal.version for t, v in known.told)
