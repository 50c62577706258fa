"""Answers by the command line: who may give them, and what becomes of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.engine.answers import AnswerRefused, Answers
from syncer.model.configuration import HeadsUp
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.rules import ANYONE, Policy, Rule, Source
from syncer.state import LockHeld
from tests.engine.town import Town, ownership


def started(town: Town, *titles: str) -> Town:
    """A town in step: a project with tasks in every system."""
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in titles or ("Build", "Sketch"):
        town.worlds["one"].create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    return town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Two systems in step; Anna has just moved a producer's deadline."""
    town = started(Town(tmp_path))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()
    town.later(minutes=5)
    yield town
    town.store.close()


def answers(town: Town) -> Answers:
    """What takes answers in a town."""
    return Answers(town.config(), town.store, clock=town.clock, operator="ops")


def waiting(town: Town) -> Proposal:
    """The one open proposal."""
    (found,) = town.store.proposals("acme")
    return found


def test_an_approved_value_is_everywhere_after_the_next_run(town: Town) -> None:
    """The agreed value is the proposed one, by the person who approved, in their role."""
    answer = answers(town).approve(waiting(town).id, "tom")

    agreed = town.store.records([answer.proposal.record])[answer.proposal.record].agreed
    assert (date(2026, 12, 24), "tom", "producer") == (
        agreed["deadline"].value,
        agreed["deadline"].by,
        agreed["deadline"].role,
    )
    town.run()
    assert {"one": "2026-12-24", "two": "2026-12-24"} == town.shown("Build", "due")
    assert ProposalStatus.ACCEPTED is answer.proposal.status
    assert [] == town.store.proposals("acme")
    before = town.writes()
    town.run()
    assert before == town.writes()


def test_a_declined_value_is_put_back_where_it_was_kept(tmp_path: Path) -> None:
    """With `heads_up: keep` the held edit stands until it is declined; then the owner's does."""
    town = started(Town(tmp_path, heads_up=HeadsUp.KEEP))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()
    assert {"one": "2026-11-30", "two": "2026-12-24"} == town.shown("Build", "due")

    answers(town).decline(waiting(town).id, "maya", reason="too late")

    town.run()
    assert {"one": "2026-11-30", "two": "2026-11-30"} == town.shown("Build", "due")
    (ended,) = town.store.proposals("acme", open_only=False)
    assert (ProposalStatus.DECLINED, "maya", "too late") == (
        ended.status,
        ended.closed_by,
        ended.reason,
    )


def test_whoever_proposed_may_take_it_back(tmp_path: Path) -> None:
    """Withdrawn by its proposer a proposal is over, and the agreed value stands everywhere."""
    town = started(Town(tmp_path, heads_up=HeadsUp.KEEP))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()
    town.later(minutes=5)

    answer = answers(town).withdraw(waiting(town).id, "anna", reason="wrong project")

    town.run()
    assert {"one": "2026-11-30", "two": "2026-11-30"} == town.shown("Build", "due")
    assert ("withdrawn", "anna", "wrong project", "proposer") == (
        str(answer.proposal.status),
        answer.proposal.closed_by,
        answer.proposal.reason,
        answer.role,
    )
    kinds = [(line.kind, line.outcome) for line in town.store.journal("acme", field="deadline")]
    assert ("command", "withdraw") in kinds
    assert ("proposal", "withdrawn") in kinds


def test_nobody_else_may_take_it_back(town: Town) -> None:
    """Not even the owner of the field withdraws what somebody else proposed: they decline it."""
    with pytest.raises(AnswerRefused, match="only anna may withdraw it"):
        answers(town).withdraw(waiting(town).id, "maya")

    assert ProposalStatus.OPEN is waiting(town).status


def test_a_declined_deletion_makes_the_twin_again(tmp_path: Path) -> None:
    """What a non-owner deleted comes back in that system, and only there, once declined."""
    town = started(Town(tmp_path))
    town.worlds["two"].delete("anna", town.find("two", "Build").id)
    town.run()
    proposal = waiting(town)
    assert ("existence", "archived") == (proposal.field, proposal.value)
    town.later(minutes=5)

    answers(town).decline(proposal.id, "tom")

    town.run()
    assert "present" == town.find("two", "Build").existence
    assert {"one": "2026-11-30", "two": "2026-11-30"} == town.shown("Build", "due")
    before = town.writes()
    town.later(minutes=5)
    town.run()
    assert (before, []) == (town.writes(), town.store.proposals("acme"))


def test_an_approved_deletion_archives_the_other_twins(tmp_path: Path) -> None:
    """Once the owner agrees, the twins are archived, never deleted."""
    town = started(Town(tmp_path))
    town.worlds["two"].delete("anna", town.find("two", "Build").id)
    town.run()
    town.later(minutes=5)

    answers(town).approve(waiting(town).id, "maya")

    town.run()
    assert "archived" == town.find("one", "Build").existence


def test_rivals_end_with_the_one_that_is_accepted(town: Town) -> None:
    """Two people proposed different values: accepting one closes the other as superseded."""
    town.edit("one", "Build", "ben", due="2026-12-31")
    town.run()
    first, second = town.store.proposals("acme")
    assert ("anna", "ben") == (first.proposer, second.proposer)

    answer = answers(town).approve(first.id, "maya")

    assert [ProposalStatus.SUPERSEDED] == [p.status for p in answer.superseded]
    assert [] == town.store.proposals("acme")


@pytest.mark.parametrize("verb", ["approve", "decline"])
def test_only_an_owner_may_answer(town: Town, verb: str) -> None:
    """Who does not own the field is told who does, with the line that says so."""
    rule = ownership().rules["task", "deadline"]

    with pytest.raises(AnswerRefused) as refused:
        getattr(answers(town), verb)(waiting(town).id, "anna")

    assert (
        "anna is not producer here and may not decide task.deadline, which belongs to producer"
        f" ({rule.source}); here maya, tom may"
    ) == str(refused.value)
    assert ProposalStatus.OPEN is waiting(town).status


def test_a_stranger_is_refused(town: Town) -> None:
    """`--as` takes somebody of people.yaml."""
    with pytest.raises(AnswerRefused, match=r"nobody is called zoe in config/people\.yaml"):
        answers(town).approve(waiting(town).id, "zoe")


def test_the_stand_in_may_answer(tmp_path: Path) -> None:
    """Whom the rule names as stand-in decides like the owner."""
    source, others = Source("o.yaml", 7), {ANYONE: Policy.PROPOSE}
    rule = Rule("task", "deadline", source, ("producer",), others, stand_in="ben")
    town = started(Town(tmp_path, rules=ownership(task__deadline=rule)))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()

    assert ("ben", "maya", "tom") == answers(town).deciders(waiting(town))
    assert "stand-in" == answers(town).approve(waiting(town).id, "ben").role


def test_a_leaver_is_followed_by_the_successor(town: Town) -> None:
    """Who has left decides nothing any more; whoever follows them does."""
    config = town.config()
    people = dict(config.people)
    people["maya"] = replace(people["maya"], left=date(2020, 1, 31), successor="ben")
    asked = Answers(replace(config, people=people), town.store, clock=town.clock)

    assert ("ben", "tom") == asked.deciders(waiting(town))
    with pytest.raises(AnswerRefused, match="maya has left"):
        asked.approve(waiting(town).id, "maya")
    assert "producer" == asked.approve(waiting(town).id, "ben").role


def test_an_answer_is_about_the_version_that_was_read(town: Town) -> None:
    """A proposal that was changed since is not decided by accident."""
    town.edit("two", "Build", "anna", due="2026-12-25")
    town.run()

    with pytest.raises(AnswerRefused, match="it is at version 2, not 1; look at it again"):
        answers(town).approve(waiting(town).id, "maya", version=1)
    answers(town).approve(waiting(town).id, "maya", version=2)


def test_an_answer_is_given_once(town: Town) -> None:
    """A proposal that has ended says how."""
    proposal = waiting(town)
    answers(town).decline(proposal.id, "maya")

    with pytest.raises(AnswerRefused, match=r"has ended: it was declined by maya"):
        answers(town).approve(proposal.id, "tom")
    with pytest.raises(AnswerRefused, match="there is no proposal p_none"):
        answers(town).approve("p_none", "tom")


def test_no_answer_while_a_run_works_on_the_client(town: Town) -> None:
    """A cycle must not overwrite what was answered meanwhile."""
    with town.store.lock("acme"), pytest.raises(LockHeld):
        answers(town).approve(waiting(town).id, "maya")


def test_an_answer_is_journalled_with_who_typed_it(town: Town) -> None:
    """The journal names the person, the user of the machine, the values and the rule."""
    proposal = waiting(town)
    answers(town).approve(proposal.id, "maya")

    lines = town.store.journal("acme", proposal.record, "deadline")
    (command,) = [line for line in lines if line.kind == "command"]
    (ended,) = [line for line in lines if line.kind == "proposal" and line.outcome == "accepted"]
    assert ("maya", "producer", "approve") == (command.editor, command.role, command.outcome)
    assert f"proposals approve {proposal.id} --as maya, typed by ops" == command.text
    assert ("2026-11-30", "2026-12-24") == (command.old, command.new)
    assert str(ownership().rules["task", "deadline"].source) == ended.rule
