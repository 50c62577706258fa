"""Who hears what of a verdict: each owner and each editor what concerns them, once."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.decisions import Step, Verdict
from syncer.model.entities import EXISTENCE
from syncer.model.notices import Notice
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.rules import Expiry, Policy, Rule, Shared
from syncer.model.values import MISSING, Seen
from syncer.reconcile.notices import (
    Scene,
    again,
    ended_notices,
    not_yours,
    notices_of,
    reminder,
    settled,
    unclear,
)
from syncer.reconcile.ownership import decide
from syncer.reconcile.replies import Reply
from tests.reconcile.made import (
    D1,
    D2,
    D3,
    D4,
    NOON,
    OWNERSHIP,
    PLACE,
    edit,
    minutes,
    proposal,
    record,
    rule,
)
from tests.reconcile.made import told as delivered
from tests.reconcile.made_talk import NAMES, ended, one, opened, person, scene, told

PRODUCERS = {("maya", None), ("tom", None)}
"""Those who own the field, at home."""


def to_owners(kind: str) -> set[tuple[str, str | None, str | None]]:
    """This, for each of them."""
    return {(kind, to, at) for to, at in PRODUCERS}


def verdict_of(
    line: Rule, steps: list[Step], waiting: tuple[Proposal, ...] = (), agreed: Seen = D1
) -> Verdict:
    """What the rules say of these edits."""
    return decide(line, agreed, steps, waiting, OWNERSHIP, PLACE)


def found(verdict: Verdict, around: Scene | None = None) -> tuple[Notice, ...]:
    """Everything that is told of a verdict, with what it opens and ends."""
    around = around or scene(record=record(deadline=D1))
    return notices_of(around, verdict, opened(verdict, base=D1), ended(verdict))


TABLE = [
    ("owner", rule(), [edit("maya", D2)], D1, set()),
    (
        "propose",
        rule(),
        [edit("anna", D2, "trello")],
        D1,
        to_owners("ask") | {("waits", "anna", "trello")},
    ),
    ("revert", rule(Policy.REVERT), [edit("anna", D2)], D1, {("put_back", "anna", "asana")}),
    ("notify", rule(Policy.NOTIFY), [edit("anna", D2)], D1, to_owners("changed")),
    ("allow", rule(Policy.ALLOW), [edit("anna", D2)], D1, set()),
    ("first value", rule(), [edit("anna", D2)], MISSING, to_owners("confirm")),
    ("first by an owner", rule(), [edit("maya", D2)], MISSING, set()),
    (
        "a guest proposes",
        rule(),
        [edit("Guest Gus", D2, "trello")],
        D1,
        to_owners("ask") | {("waits", None, "trello")},
    ),
    ("a robot proposes", rule(), [edit("robot:Zap", D2, "trello")], D1, to_owners("ask")),
    ("a robot is put back", rule(Policy.REVERT), [edit("robot:Zap", D2)], D1, set()),
    (
        "a robot changes",
        rule(Policy.NOTIFY),
        [edit("robot:Zap", D2)],
        D1,
        to_owners("changed"),
    ),
    (
        "owner and non-owner, propose",
        rule(),
        [edit("maya", D2), edit("anna", D3, "hubspot")],
        D1,
        to_owners("ask") | {("waits", "anna", "hubspot")},
    ),
    (
        "owner and non-owner, notify",
        rule(Policy.NOTIFY),
        [edit("maya", D2), edit("anna", D3, "hubspot")],
        D1,
        {("overtaken", "anna", "hubspot")},
    ),
    (
        "two owners",
        rule(),
        [edit("maya", D2, "asana", 0), edit("tom", D3, "trello", 5)],
        D1,
        {("overtaken", "maya", "asana")},
    ),
    (
        "one owner twice",
        rule(),
        [edit("maya", D2, "asana", 0), edit("maya", D3, "trello", 5)],
        D1,
        set(),
    ),
    (
        "two owners agree",
        rule(),
        [edit("maya", D2, "asana", 0), edit("tom", D2, "trello", 5)],
        D1,
        set(),
    ),
    (
        "put back in two tools",
        rule(Policy.REVERT),
        [edit("anna", D2, "asana", 0), edit("anna", D3, "trello", 5)],
        D1,
        {("put_back", "anna", "trello")},
    ),
    (
        "shared and held",
        rule(shared=Shared.HOLD),
        [edit("anna", D2, "asana"), edit("maya", D3, "trello", 1)],
        D1,
        {("rivals", "anna", "asana"), ("rivals", "maya", "trello")},
    ),
    (
        "shared, the latest counts",
        rule(shared=Shared.LATEST),
        [edit("anna", D2, "asana"), edit("maya", D3, "trello", 1)],
        D1,
        set(),
    ),
]


@pytest.mark.parametrize(
    ("line", "steps", "agreed", "expected"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_table(
    line: Rule,
    steps: list[Step],
    agreed: Seen,
    expected: set[tuple[str, str | None, str | None]],
) -> None:
    """Who edited, under which policy, and who is told what of it and where."""
    verdict = verdict_of(line, steps, (), agreed)
    around = scene(record=record(deadline=D1) if agreed is not MISSING else record())

    assert expected == told(verdict, around, opened(verdict), ended(verdict))


def test_an_ask_says_all_that_is_needed() -> None:
    """Who asks, what is agreed, what is asked for, its number, whose it is, how long there is."""
    asks = found(verdict_of(rule(expires_days=3), [edit("anna", D2)]))
    facts = next(notice.facts for notice in asks if notice.kind == "ask")

    assert {
        "field": "deadline",
        "record": "Relaunch",
        "who": "Anna Brandt",
        "now": "2026-03-10",
        "value": "2026-03-11",
        "base": "2026-03-10",
        "owners": "Maya Okafor / Tom Lindqvist",
        "rule": "ownership.yaml:7",
        "number": proposal(id="p-anna").number,
        "lapses_in": "3",
    } == facts


def test_a_near_date_ends_the_time_and_is_urgent() -> None:
    """Where a date at stake comes before the working days are over, it is said, and at once."""
    near = date(2026, 3, 4)
    line = rule(expires_days=3, on_expiry=Expiry.APPLY)
    notices = found(verdict_of(line, [edit("anna", near)]))

    assert all(notice.urgent for notice in notices)
    facts = next(notice.facts for notice in notices if notice.kind == "ask")
    assert "2026-03-04 00:00 GMT" == facts["applies_on"] == facts["until"]
    assert not any(notice.urgent for notice in found(verdict_of(rule(), [edit("anna", D4)])))


def test_held_text_is_told_in_full() -> None:
    """What waits or was overruled is told wholly; what stands anyway is cut off."""
    long = "word " * 200
    around = scene(record=record(deadline=long))
    waits = one(found(verdict_of(rule(), [edit("anna", long + "end")], (), long), around), "waits")
    back = one(
        found(verdict_of(rule(Policy.REVERT), [edit("anna", long + "end")], (), long), around),
        "put_back",
    )

    for notice in (waits, back):
        assert long + "end" == notice.facts["value"]
        assert len(str(notice.facts["now"])) < len(long)
    assert "Anna Brandt" == back.facts["who"]


def test_a_version_is_asked_once_and_a_new_one_again() -> None:
    """The same version makes the same notices in whatever cycle; an edited one makes others."""
    verdict = verdict_of(rule(), [edit("anna", D2)])
    first, second = (
        {n.id for n in notices_of(scene(cycle=c), verdict, opened(verdict), ())} for c in "ab"
    )
    newer = {n.id for n in notices_of(scene(), verdict, opened(verdict, version=2), ())}

    assert first == second
    assert not first & newer


def test_a_change_is_told_in_each_cycle() -> None:
    """The same change made again later is another one: its notices are others."""
    verdict = verdict_of(rule(Policy.NOTIFY), [edit("anna", D2)])
    first, second = ({n.id for n in notices_of(scene(cycle=c), verdict, (), ())} for c in "ab")

    assert not first & second


def test_nobody_is_asked_for_their_own_wish() -> None:
    """A deputy's proposal goes to colleagues; where there are none, to whom they stand in for."""
    today = NOON.date()
    away = ((today, today),)
    people = {key: person(key) for key in NAMES}
    people |= {key: person(key, away=away, deputy="zoe") for key in ("maya", "tom")}
    around = scene(people=people, record=record(deadline=D1))

    mine = verdict_of(rule(), [edit("zoe", D2)])
    others = verdict_of(rule(), [edit("anna", D2)])

    expected = to_owners("ask") | {("waits", "zoe", "asana")}
    assert expected == told(mine, around, opened(mine))
    assert {("ask", "zoe", None), ("waits", "anna", "asana")} == told(
        others, around, opened(others)
    )


def test_a_change_by_who_hears_is_not_told_to_them() -> None:
    """Who stands in for an owner need not be told of their own edit."""
    around = scene(
        people={k: person(k) for k in NAMES}
        | {
            k: person(k, left=NOON.date() - timedelta(days=1), successor="zoe")
            for k in ("maya", "tom")
        }
    )
    changed = verdict_of(rule(Policy.NOTIFY), [edit("zoe", D2)])

    assert set() == told(changed, around)


def test_rivals_see_each_other() -> None:
    """Who edited a shared field against others hears what and by whom."""
    steps = [edit("anna", D2, "asana"), edit("maya", D3, "trello", 1), edit("zoe", D3, "hubspot")]
    notices = found(verdict_of(rule(shared=Shared.HOLD), steps))
    mine = next(notice for notice in notices if notice.to == "anna")

    assert "2026-03-11" == mine.facts["value"]
    assert "2026-03-12 (Zoe); 2026-03-12 (Maya Okafor)" == mine.facts["others"]


@pytest.mark.parametrize(
    ("status", "by", "expected"),
    [
        (ProposalStatus.ACCEPTED, "maya", "accepted"),
        (ProposalStatus.ACCEPTED, None, "applied"),
        (ProposalStatus.DECLINED, "maya", "declined"),
        (ProposalStatus.SUPERSEDED, "maya", "superseded"),
        (ProposalStatus.LAPSED, None, "lapsed"),
        (ProposalStatus.WITHDRAWN, "anna", None),
        (ProposalStatus.WITHDRAWN, "maya", "withdrawn"),
    ],
    ids=["accepted", "applied", "declined", "superseded", "lapsed", "own", "by another"],
)
def test_the_end_is_told(status: ProposalStatus, by: str | None, expected: str | None) -> None:
    """The proposer hears what became of it, by whom and why; not what they did themselves."""
    over = proposal(status=status, closed_by=by, reason="the client's trip")
    notices = ended_notices(scene(record=record(deadline=D4)), over, rule())

    if expected is None:
        assert () == notices
        return
    [notice] = notices
    assert ("anna", "hubspot", expected) == (notice.to, notice.at, notice.facts["status"])
    assert NAMES.get(by or "") == notice.facts.get("who")
    assert "the client's trip" == notice.facts["reason"]
    assert "2026-03-13" == notice.facts["now"]


def test_each_of_several_proposers_hears_of_the_end() -> None:
    """The owner's edit accepts one and supersedes the other: both are told, where they asked."""
    waiting = (delivered(proposal("anna", D3), -5), delivered(proposal("ben", D4, "trello"), -5))
    verdict = verdict_of(rule(), [edit("maya", D3)], waiting)
    notices = found(verdict)

    assert {("anna", "hubspot", "accepted"), ("ben", "trello", "superseded")} == {
        (notice.to, notice.at, notice.facts["status"]) for notice in notices
    }
    assert {"2026-03-12"} == {notice.facts["now"] for notice in notices}


def test_a_named_robot_is_not_told_of_the_end() -> None:
    """Nobody reads what is written to a robot."""
    over = proposal("Butler", status=ProposalStatus.DECLINED, closed_by="maya")

    assert () == ended_notices(scene(), over, rule())


def test_the_reminder_goes_to_the_stand_in_too() -> None:
    """Once for each version, to who was asked and to who stands in, with the end of the time."""
    waiting = delivered(proposal(), 0)
    line = rule(stand_in="zoe", expires_days=3)
    notices = reminder(scene(), waiting, line)
    newer = reminder(scene(cycle="later"), replace(waiting, version=2), line)

    assert [("maya", "producer"), ("tom", "producer"), ("zoe", "producer")] == [
        (notice.to, notice.role) for notice in notices
    ]
    assert {"2026-03-05 12:00 GMT"} == {notice.facts["lapses_on"] for notice in notices}
    assert not {notice.id for notice in notices} & {notice.id for notice in newer}
    assert [n.id for n in notices] == [n.id for n in reminder(scene(cycle="later"), waiting, line)]


def test_existence_has_words_of_its_own() -> None:
    """To archive or to make something is said as such."""
    line = Rule("task", EXISTENCE, rule().source, ("producer",), {"archive": Policy.PROPOSE})
    verdict = decide(line, "present", [edit("anna", "archived")], (), OWNERSHIP, PLACE)

    assert {"archive"} == {notice.facts["verb"] for notice in found(verdict)}


def reply(who: str | None = "zoe", id: str = "c1") -> Reply:
    """An answer in trello."""
    return Reply(id, "trello", who, who or "Guest Gus", minutes(5), "approve")


def test_a_wrong_person_is_met_once() -> None:
    """However often they try, one notice for each proposal, where they answered."""
    first, second = (not_yours(scene(), rule(), reply(id=id), proposal()) for id in ("c1", "c2"))
    other = not_yours(scene(), rule(), reply("anna"), proposal())
    guest = not_yours(scene(), rule(), reply(None), proposal())

    assert first.id == second.id
    assert 3 == len({first.id, other.id, guest.id})
    assert ("zoe", "trello", None) == (first.to, first.at, guest.to)
    assert "Maya Okafor / Tom Lindqvist" == first.facts["owners"]


def test_each_answer_that_did_not_count_is_met() -> None:
    """To an older version, to one that ended, to none in particular: once for each comment."""
    waiting = [proposal(), proposal("ben", D4)]

    def met(id: str) -> list[Notice]:
        answer = reply("maya", id)
        return [
            again(scene(), rule(), answer, proposal(version=2), "producer"),
            settled(scene(), rule(), answer, proposal()),
            unclear(scene(), rule(), answer, waiting),
        ]

    first, same, others = met("c1"), met("c1"), met("c2")

    assert [notice.id for notice in first] == [notice.id for notice in same]
    assert 6 == len({notice.id for notice in [*first, *others]})
    assert {("maya", "trello")} == {(notice.to, notice.at) for notice in first}


def test_what_can_be_chosen_is_listed() -> None:
    """By number, field and value, so that the next answer can name one."""
    waiting = [proposal(), proposal("ben", D4)]
    numbers = [one.number for one in waiting]
    choices = str(unclear(scene(), rule(), reply("maya"), waiting).facts["choices"])

    assert f"{numbers[0]} (deadline: 2026-03-12); {numbers[1]} (deadline: 2026-03-13)" == choices


editors = st.sampled_from([*NAMES, "Guest Gus", "robot:Zap", "robot:Butler", None])
steps = st.lists(
    st.builds(
        edit,
        editors,
        st.sampled_from([D1, D2, D3, D4, None]),
        st.sampled_from(["trello", "asana", "hubspot"]),
        st.integers(0, 9),
    ),
    max_size=6,
)
rules = st.sampled_from(
    [*(rule(policy) for policy in Policy), *(rule(shared=shared) for shared in Shared)]
)
waiting = st.sampled_from([(), (delivered(proposal(), -5),), (proposal("ben", D4),)])


@given(line=rules, made=steps, before=waiting, agreed=st.sampled_from([D1, None, MISSING]))
def test_everybody_hears_what_concerns_them_once(
    line: Rule, made: list[Step], before: tuple[Proposal, ...], agreed: Seen
) -> None:
    """Whatever was edited: every version is asked, every change told, nobody twice, no robot."""
    verdict = verdict_of(line, made, before, agreed)
    around = scene(record=record() if agreed is MISSING else record(deadline=agreed))
    fresh = opened(verdict)
    notices = notices_of(around, verdict, fresh, ended(verdict))
    heard = [(n.kind, n.to or n.at, n.proposal) for n in notices]

    assert len(heard) == len(set(heard)) or any(n.to is None for n in notices)
    assert len({n.id for n in notices}) == len(notices)
    assert {p.id for p in fresh} == {n.proposal for n in notices if n.kind == "ask"}
    counts = bool(verdict.winner and verdict.winner.outcome == "notified" and verdict.changed)
    assert counts == any(n.kind == "changed" for n in notices)
    robots = {"Zap", "Butler"}
    asking = {p.id for p in fresh if p.proposer in robots}
    assert not any(n.kind == "waits" and n.proposal in asking for n in notices)
    assert not any(n.kind == "ask" and n.proposal == f"p-{n.to}" for n in notices)


def test_the_moment_is_the_clients() -> None:
    """Times are said as the clocks of the client show them."""
    summer = datetime(2026, 7, 6, 12, tzinfo=NOON.tzinfo)
    waiting = proposal(delivered=1, delivered_at=summer)
    [first, *_] = reminder(scene(now=summer), waiting, rule(expires_days=1))

    assert "2026-07-07 13:00 BST" == first.facts["lapses_on"]
