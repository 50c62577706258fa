"""What `proposals`, `status` and `explain` tell of people who were asked, told, and answered."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.cli.output import plain
from syncer.cli.waiting import tale_of, waiting
from syncer.engine.answers import Answers
from syncer.model.configuration import HeadsUp
from syncer.model.notices import Notice, NoticeKind, NoticeStatus
from syncer.model.records import Proposal, ProposalStatus
from syncer.report.proposals import Waiting, proposals_document
from syncer.report.talk import Talk, talk_json, talk_lines, talk_of
from syncer.report.told import told_json, told_lines
from tests.cli.hamlet import Hamlet
from tests.engine.talking import TalkingTown, expiring, told

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TalkingTown]:
    """Two systems in step; anna has asked for another deadline, and everybody was told."""
    made = told(tmp_path, rules=expiring(3))
    made.edit("two", "Build", "anna", due="2026-12-05")
    made.run()
    made.later(hours=2)
    yield made
    made.store.close()


def listed(town: TalkingTown) -> Waiting:
    """The one proposal that waits, as it is listed."""
    config = town.config()
    (proposal,) = town.waiting()
    return waiting(config, town.store, Answers(config, town.store, clock=town.clock), proposal)


def text(town: TalkingTown) -> str:
    """The list as people read it."""
    blocks = proposals_document([listed(town)], town.now(), str)
    return "\n".join(each for block in blocks for each in plain(block))


def test_the_list_says_who_was_told_where_and_what_shows_the_old_value(town: TalkingTown) -> None:
    """Number, for whom, since when, until when, told where, and the tools that wait for it."""
    one = listed(town)
    row = text(town)

    assert one.proposal.expires_at is not None
    for part in (
        one.proposal.number, "anna in two", "2 h ago", "maya, tom", "maya in one; tom in one",
        f"{one.proposal.expires_at:%Y-%m-%d %H:%M} UTC, in ", "one, two",
    ):  # fmt: skip
        assert part in row
    assert ("one", "two") == one.blocked


def test_programs_get_each_step(town: TalkingTown) -> None:
    """Who was to hear what, where it stands, since when."""
    found = listed(town).json()

    assert (1, ["one", "two"]) == (found["delivered"], found["blocked"])
    assert [("ask", "maya", "told", "one"), ("ask", "tom", "told", "one"),
            ("waits", "anna", "told", "two")] == sorted(
        (each["kind"], each["to"], each["status"], each["connection"]) for each in found["told"]
    )  # fmt: skip
    assert all(each["told_at"] for each in found["told"])


def test_what_could_not_be_told_says_why(tmp_path: Path) -> None:
    """Nobody is told where guests can read, and the list and the status say so."""
    made = told(tmp_path)
    for system in made.systems:
        made.worlds[system].talk.invite(made.find(system, "Relaunch").id)
    made.edit("two", "Build", "anna", due="2026-12-05")
    made.run()
    one = listed(made)
    late = [notice for notice in one.tale.notices if notice.kind is NoticeKind.ASK]
    talk = talk_of(made.store.proposals("acme", open_only=False), made.store.notices("acme"))

    assert late
    assert {(NoticeStatus.WAITING, "guests can read there: Guest")} == {
        (notice.status, notice.why) for notice in late
    }
    assert f"not maya: {late[0].why}" in text(made)
    assert late[0].why in talk.untold
    assert any(late[0].why in "".join(c.text for c in x.cells) for x in talk_lines("a", talk, ""))
    made.store.close()


def test_an_edit_that_is_kept_blocks_only_the_other_tools(tmp_path: Path) -> None:
    """Where the proposer's tool shows what was proposed, it is not among the old ones."""
    made = told(tmp_path, heads_up=HeadsUp.KEEP)
    made.edit("two", "Build", "anna", due="2026-12-05")
    made.run()

    assert ("one",) == listed(made).blocked
    made.store.close()


def test_every_step_is_told_by_the_story(town: TalkingTown) -> None:
    """Asked, answered by reply with its reason, told how it ended: notices and journal have it."""
    town.say("one", "Build", "tom", "decline: the print shop is closed")
    town.run()
    (proposal,) = town.store.proposals("acme", open_only=False)
    notices = town.store.notices("acme", tuple(NoticeStatus), proposal=proposal.id)
    tale = tale_of(town.store, notices)
    said = [" ".join(c.text for c in each.cells).split("  ", 1)[1] for each in told_lines(tale)]

    assert [
        "anna told how it ended about deadline (version 1) in two",
        "anna told that it waits about deadline (version 1) in two",
        "maya asked about deadline (version 1) in one",
        "tom asked about deadline (version 1) in one",
    ] == sorted(said)
    assert {"told"} == {each["status"] for each in told_json(tale)}
    journal = town.store.journal("acme", record=proposal.record, field="deadline")
    kinds = {(entry.kind, entry.outcome) for entry in journal}
    assert {("answer", "decline"), ("proposal", "declined"), ("heads_up", "ask")} <= kinds
    answer = next(entry for entry in journal if entry.kind == "answer")
    assert "the print shop is closed" in answer.text


def proposal(status: ProposalStatus, by: str | None, hours: float, field: str) -> Proposal:
    """One that was told an hour after it was made, and ended so many hours later."""
    told_at = NOW + timedelta(hours=1)
    ended = status is not ProposalStatus.OPEN
    return Proposal(
        id=f"p_{status}_{hours}", client="acme", record="r_1", entity="task", field=field,
        proposer="anna", connection="two", value=None, base=None, rule="x:1", opened_at=NOW,
        updated_at=NOW, version=2, delivered=2, delivered_at=told_at, status=status,
        closed_by=by, closed_at=told_at + timedelta(hours=hours) if ended else None,
    )  # fmt: skip


def test_the_status_counts_answers_and_how_long_they_took() -> None:
    """Held, answered how, lapsed, the median from being told to the answer, what is fought over."""
    found = [
        proposal(ProposalStatus.OPEN, None, 0, "deadline"),
        proposal(ProposalStatus.ACCEPTED, "maya", 1, "deadline"),
        proposal(ProposalStatus.DECLINED, "tom", 3, "deadline"),
        proposal(ProposalStatus.COUNTERED, "tom", 50, "status"),
        proposal(ProposalStatus.LAPSED, None, 72, "status"),
        proposal(ProposalStatus.ACCEPTED, None, 72, "estimate"),
        proposal(ProposalStatus.WITHDRAWN, "anna", 9, "status"),
    ]
    waits = Notice("n", "acme", None, None, None, NoticeKind.ASK, NOW, why="guests can read there")
    talk = talk_of(found, [waits, replace(waits, id="m"), replace(waits, id="l", why="")])
    lines = ["".join(cell.text for cell in each.cells) for each in talk_lines("acme", talk, "3 h")]

    assert (
        Talk(
            held=1,
            lapsed=2,
            answers={"approved": 1, "countered": 1, "declined": 1},
            median=timedelta(hours=3),
            fought=(("task.deadline", 6), ("task.status", 6), ("task.estimate", 2)),
            untold={"guests can read there": 2, "it is told by the next run": 1},
        )
        == talk
    )
    answered = "3 answered (1 approved, 1 countered, 1 declined)"
    assert [
        f"acme: 1 held, {answered}, 2 lapsed; median time to an answer 3 h",
        "acme: most fought over: task.deadline (6), task.status (6), task.estimate (2)",
        "acme: 2 heads-ups not told yet: guests can read there",
        "acme: 1 heads-up not told yet: it is told by the next run",
    ] == lines
    assert (3, 10800) == (talk_json(talk)["answered"], talk_json(talk)["median_answer_seconds"])


def test_the_status_says_until_when_a_digest_holds_something_back() -> None:
    """What waits for Monday's digest is not said to be told by the next run."""
    waits = Notice("n", "acme", None, None, None, NoticeKind.ASK, NOW)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    talk = talk_of([], [waits, replace(waits, id="m", not_before=monday)])
    lines = ["".join(cell.text for cell in each.cells) for each in talk_lines("acme", talk, "")]
    assert [
        "acme: 1 heads-up not told yet: held back until 2026-11-23 09:00 UTC, for the digest",
        "acme: 1 heads-up not told yet: it is told by the next run",
    ] == lines


def test_a_client_without_held_edits_has_nothing_to_say() -> None:
    """No line, and zeros for programs."""
    assert [] == list(talk_lines("acme", talk_of([], []), ""))
    assert (0, None) == (talk_json(Talk())["held"], talk_json(Talk())["median_answer_seconds"])


def test_check_says_of_addresses_that_they_are_of_no_use(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that means nothing, or no library for any: a warning that tells none of it."""
    monkeypatch.setenv("OPS_CHAT", "nosuch://Hush0123hush")
    hamlet.write(more="alerts: [env:OPS_CHAT]")

    said = hamlet("check")
    monkeypatch.setitem(sys.modules, "apprise", None)
    without = hamlet("check")

    assert "warning: alerts: an address (nosuch) is none that apprise can use" in said.out
    assert "pip install 'agency-syncer[notify]'" in without.out
    assert (0, 0) == (said.code, without.code)
    assert "Hush0123hush" not in said.out + said.err + without.out + without.err


def test_the_commands_show_it(hamlet: Hamlet) -> None:
    """`proposals`, `status` and `explain` on the command line, answered by its number."""
    assert 0 == hamlet("run").code
    hamlet.edit("two", "Build", "anna", due="2026-12-24")
    assert 0 == hamlet("run").code
    (found,) = json.loads(hamlet("proposals", "--json").out)["proposals"]
    number = found["number"]

    assert number in hamlet("proposals").out
    assert number in hamlet("explain", "Build").out
    assert 2 == hamlet("proposals", "withdraw", number, "--as", "maya").code
    said = hamlet("proposals", "withdraw", number.lower(), "--as", "anna", "--reason", "no")
    assert (0, True) == (said.code, said.out.startswith("withdrawn: deadline of task"))
    (client,) = json.loads(hamlet("status", "--json").out)["clients"]
    assert (0, [{"field": "task.deadline", "times": 1}]) == (
        client["talk"]["held"],
        client["talk"]["fought_over"],
    )
    assert "withdrawn" in hamlet("explain", "Build").out
