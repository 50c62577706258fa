"""People are told where they work, once, and answer there."""

from datetime import UTC, timedelta
from itertools import count
from pathlib import Path

import pytest

from syncer.adapterkit.errors import SkipRecord
from syncer.engine.answers import Answers
from syncer.model.report import CycleResult
from syncer.model.rules import Expiry
from tests.engine.talking import TalkingTown, expiring, told


@pytest.fixture
def town(tmp_path: Path) -> TalkingTown:
    """Two systems in step: maya and tom work in the first, anna and ben in the second."""
    return told(tmp_path)


def asks(town: TalkingTown, day: str = "2026-12-05") -> None:
    """Anna, who owns no deadline, sets one in her tool; the service runs."""
    town.edit("two", "Build", "anna", due=day)
    town.run()
    town.later(minutes=5)


def test_the_owner_and_the_editor_are_told_where_they_work(town: TalkingTown) -> None:
    """The owners read of it under their twin, the editor under hers, each mentioned, once."""
    before = town.every_comment()

    asks(town)

    [ask] = town.comments("one", "Build")
    [note] = town.comments("two", "Build")
    assert town.worlds["one"].talk.notified(town.find("one", "Build").id) == ["maya", "tom"]
    assert town.worlds["two"].talk.notified(town.find("two", "Build").id) == ["anna"]
    assert "2026-12-05" in ask
    assert "2026-12-05" in note
    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert town.every_comment() == {name: count + 1 for name, count in before.items()}
    assert town.waiting()[0].delivered == 1


def test_what_was_told_is_not_told_again(town: TalkingTown) -> None:
    """Further cycles say nothing more."""
    asks(town)
    before = town.every_comment()

    for _ in range(3):
        town.later(minutes=5)
        town.run()

    assert town.every_comment() == before


def test_a_reply_approves(town: TalkingTown) -> None:
    """An owner's word under the heads-up makes the value count everywhere; who asked is told."""
    asks(town)

    town.say("one", "Build", "maya", "Approve")
    report = town.run()

    assert report.result is CycleResult.DONE, report
    assert town.shown("Build", "due") == {"one": "2026-12-05", "two": "2026-12-05"}
    assert town.ended() == [("accepted", "maya")]
    assert "approved" in town.comments("two", "Build")[-1]
    assert len(town.comments("one", "Build")) == 2, "the heads-up and her answer"


def test_an_answer_may_begin_with_whom_it_is_for(town: TalkingTown) -> None:
    """A mention that shows a whole name stands before the word, and the answer counts."""
    town.more = {"anna": {"name": "Anna Brandt"}}
    asks(town)

    town.say("one", "Build", "maya", "@Anna Brandt approve")
    town.run()

    assert town.ended() == [("accepted", "maya")]


def test_a_reply_declines_with_its_reason(town: TalkingTown) -> None:
    """What an owner declines stays as it was, and who asked reads why."""
    asks(town)

    town.say("one", "Build", "tom", "decline: the print shop is closed")
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert town.ended() == [("declined", "tom")]
    assert "the print shop is closed" in town.comments("two", "Build")[-1]


def test_an_answer_of_somebody_else_is_met_once(town: TalkingTown) -> None:
    """Who may not decide is told who may, once, and nothing is decided."""
    asks(town)

    for _ in range(2):
        town.say("one", "Build", "ben", "approve")
        town.run()
        town.later(minutes=5)

    assert len(town.waiting()) == 1
    ours = [text for text in town.comments("one", "Build") if "decide" in text]
    assert len(ours) == 1


def test_a_remark_is_no_answer(town: TalkingTown) -> None:
    """People may talk under a heads-up: only an answer's word at the beginning decides."""
    asks(town)

    town.say("one", "Build", "maya", "I would approve this if I knew why")
    town.run()

    assert len(town.waiting()) == 1
    assert len(town.comments("one", "Build")) == 2


def test_an_edit_goes_before_a_reply(town: TalkingTown) -> None:
    """An owner who sets another day and says approve in one cycle meant the day."""
    asks(town)

    town.say("one", "Build", "maya", "approve")
    town.edit("one", "Build", "maya", due="2026-12-08")
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-08", "two": "2026-12-08"}
    assert town.ended() == [("countered", "maya")]


def test_another_value_is_a_new_version_in_the_same_comment(town: TalkingTown) -> None:
    """Who edits again asks anew under the same number; nobody gets a second comment."""
    asks(town)
    number, before = town.waiting()[0].number, town.every_comment()

    asks(town, "2026-12-07")

    [proposal] = town.waiting()
    assert (proposal.number, proposal.version, proposal.delivered) == (number, 2, 2)
    assert town.every_comment() == before
    assert "2026-12-07" in town.comments("one", "Build")[0]
    assert "2026-12-07" in town.comments("two", "Build")[0]
    assert "2026-12-05" not in town.comments("one", "Build")[0]


@pytest.mark.parametrize("to_dos", [False, True], ids=["comments", "to-dos"])
def test_a_new_version_is_told_anew_where_the_old_comment_is_gone(
    tmp_path: Path, to_dos: bool
) -> None:
    """Somebody removed what we said: who must answer hears of the next version all the same."""
    from adapters.memory.options import Quirks

    town = told(tmp_path, quirks={"one": Quirks(to_dos=to_dos)})
    asks(town)
    talk = town.worlds["one"].talk
    for said in talk.under(town.find("one", "Build").id):
        talk.unsay(said.id)

    for _ in range(2):
        asks(town, "2026-12-07")

    assert [(p.version, p.delivered) for p in town.waiting()] == [(2, 2)]
    every = [said for world in town.worlds.values() for said in world.talk.told]
    asked = [s.markup for s in every if "<@u-maya>" in s.markup and not (s.deleted or s.to_do)]
    assert sum("2026-12-07" in text for text in asked) == 1, "once, where it is not refused"
    before = town.every_comment()
    town.run()
    assert town.every_comment() == before


def test_an_answer_counts_for_the_version_it_was_given_to(town: TalkingTown) -> None:
    """An owner who approved before they could read the newer value is asked again."""
    asks(town)
    town.say("one", "Build", "maya", "approve")
    town.later(minutes=1)
    town.edit("two", "Build", "anna", due="2026-12-20")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert [p.version for p in town.waiting()] == [2]
    town.later(minutes=5)
    town.say("one", "Build", "maya", "approve")
    town.run()
    assert town.shown("Build", "due") == {"one": "2026-12-20", "two": "2026-12-20"}


def test_who_asked_can_take_it_back(town: TalkingTown) -> None:
    """`withdraw` by the proposer ends it; by anybody else it does not."""
    asks(town)
    town.say("one", "Build", "maya", "withdraw")
    town.run()
    assert len(town.waiting()) == 1

    town.later(minutes=5)
    town.say("two", "Build", "anna", "withdraw")
    town.run()

    assert town.ended() == [("withdrawn", "anna")]
    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}


def test_a_hundred_edits_are_one_comment(town: TalkingTown) -> None:
    """However often one person changes a field, its owner gets one comment."""
    before = town.every_comment()
    for day in range(1, 29):
        town.edit("two", "Build", "anna", due=f"2027-01-{day:02}")
        town.later(seconds=10)

    town.run()

    assert [p.version for p in town.waiting()] == [1]
    assert town.every_comment() == {name: count + 1 for name, count in before.items()}


def test_several_matters_of_one_record_are_one_comment(town: TalkingTown) -> None:
    """What is asked about one thing in one cycle stands in one comment."""
    town.edit("two", "Build", "anna", due="2026-12-05", estimate="12")
    town.run()

    assert len(town.waiting()) == 2
    assert len(town.comments("one", "Build")) == 1
    assert len(town.comments("two", "Build")) == 1


def test_with_several_questions_an_answer_names_one(town: TalkingTown) -> None:
    """Where two things wait, a bare word is met with the question which; a number decides."""
    town.edit("two", "Build", "anna", due="2026-12-05", estimate="12")
    town.run()
    town.later(minutes=5)
    town.say("one", "Build", "maya", "approve")
    town.run()
    assert len(town.waiting()) == 2
    number = next(p.number for p in town.waiting() if p.field == "deadline")

    town.later(minutes=5)
    town.say("one", "Build", "maya", f"approve {number}")
    town.run()

    assert [p.field for p in town.waiting()] == ["estimate"]
    assert town.shown("Build", "due") == {"one": "2026-12-05", "two": "2026-12-05"}


def closed(town: TalkingTown) -> None:
    """Guests come into the project, in every tool."""
    for system in town.systems:
        town.worlds[system].talk.invite(town.find(system, "Relaunch").id)


def test_where_guests_can_read_another_tool_is_taken(town: TalkingTown) -> None:
    """A guest in the project closes it: the owner hears in a tool where only the agency reads."""
    town.worlds["one"].talk.invite(town.find("one", "Relaunch").id)

    asks(town)

    assert town.comments("one", "Build") == []
    [note] = town.comments("two", "Build")
    assert all(f"<@u-{name}>" in note for name in ("maya", "tom", "anna"))
    assert town.waiting()[0].delivered == 1


def test_nothing_is_said_where_guests_can_read(tmp_path: Path) -> None:
    """Where guests read everywhere nobody is told, the reason is listed, the clock stands still."""
    town = told(tmp_path, rules=expiring(1))
    closed(town)

    asks(town)
    town.later(days=9)
    report = town.run()

    assert (town.comments("one", "Build"), town.comments("two", "Build")) == ([], [])
    [proposal] = town.waiting()
    assert (proposal.delivered, proposal.expires_at) == (0, None)
    waiting = [n for n in town.store.notices("acme") if n.to == "maya"]
    assert [notice.why for notice in waiting] == ["guests can read there: Guest"]
    assert report.untold


def test_what_has_waited_is_told_when_the_guests_are_gone(town: TalkingTown) -> None:
    """Once only the agency can read there, the owner hears of it."""
    closed(town)
    asks(town)

    for world in town.worlds.values():
        world.talk.guests.clear()
    town.later(hours=1)
    town.run()

    assert len(town.comments("one", "Build")) == 1
    assert town.waiting()[0].delivered == 1


def test_a_project_has_one_kept_item(town: TalkingTown) -> None:
    """What concerns a thing that takes no comments stands under one item, which is no task."""
    town.edit("two", "Relaunch", "anna", deadline="2026-12-20")
    town.run()
    town.later(minutes=5)
    town.edit("two", "Relaunch", "anna", status={"name": "Done"})
    town.run()

    kept = town.worlds["one"].talk.kept
    assert len(kept) == 1
    [item] = kept.values()
    assert len(town.worlds["one"].talk.under(item.id)) >= 2
    assert len(town.store.record_ids("acme", "task")) == 2


def test_time_runs_out(tmp_path: Path) -> None:
    """Nobody answers: it lapses after its working days, and who asked is told."""
    town = told(tmp_path, rules=expiring(2))
    asks(town)

    town.later(days=1, hours=1)
    town.run()
    reminded = town.comments("one", "Build")
    town.later(days=1)
    town.run()

    assert len(reminded) == 2, "one reminder halfway"
    assert town.ended() == [("lapsed", None)]
    assert len(town.comments("two", "Build")) == 2


def test_time_runs_out_and_it_applies(tmp_path: Path) -> None:
    """Where the rule says so, silence is consent."""
    town = told(tmp_path, rules=expiring(2, on_expiry=Expiry.APPLY))
    asks(town)

    town.later(days=2, hours=1)
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-05", "two": "2026-12-05"}


def test_an_answer_by_the_command_line_is_told_too(town: TalkingTown) -> None:
    """Who asked hears of it in their tool, wherever the answer was given."""
    asks(town)
    answers = Answers(town.config(), town.store, clock=town.clock)

    answers.decline(town.waiting()[0].id, "maya", reason="not this year")
    town.later(minutes=5)
    town.run()

    assert "not this year" in town.comments("two", "Build")[-1]


def test_proposals_from_before_are_told_together(tmp_path: Path) -> None:
    """What was held while nobody was told is told in one comment for each who owns it."""
    from syncer.model.configuration import HeadsUp

    town = told(tmp_path, heads_up=HeadsUp.CLI_ONLY)
    for title in ("Build", "Sketch"):
        town.edit("two", title, "anna", due="2026-12-05")
    town.run()
    assert town.every_comment() == {"one": 0, "two": 0}

    town.heads_up = HeadsUp.IN_TOOLS
    town.later(minutes=5)
    town.run()

    assert len(town.waiting()) == 2
    assert all(proposal.delivered for proposal in town.waiting())
    assert town.every_comment()["one"] == 1, "one for both of them and both tasks"


def test_confidential_fields_stay_away_from_guests(tmp_path: Path) -> None:
    """What is confidential is not written into a project that guests can read."""
    town = told(tmp_path, secret=frozenset({"strategy"}))
    town.worlds["one"].talk.invite(town.find("one", "Relaunch").id)

    town.edit("two", "Relaunch", "anna", strategy="Undercut everybody")
    report = town.run()

    assert town.shown("Relaunch", "strategy")["one"] is None
    assert report.plan is not None
    assert [(u.connection, u.field) for u in report.plan.inexpressible] == [("one", "strategy")]


def test_first_contact_is_one_summary(tmp_path: Path) -> None:
    """However much differs when a client is met first, people get one summary and no more."""
    town = TalkingTown(tmp_path)
    for name, day in (("one", "2026-12-01"), ("two", "2026-12-09")):
        project = town.worlds[name].create("tom", "project", {"name": "Relaunch"})
        for number in range(5):
            fields = {"title": f"Task {number}", "due": day}
            town.worlds[name].create("anna", "item", fields, project.id)
    town.later(minutes=5)

    town.run()

    assert all(count <= 1 for count in town.every_comment().values())
    town.later(minutes=5)
    town.run()
    assert all(count <= 1 for count in town.every_comment().values())


def test_evenings_are_quiet(tmp_path: Path) -> None:
    """At night nobody is told; in the morning all of it comes in one comment."""
    from syncer.model.texts import Balance

    town = told(tmp_path)
    town.balance = Balance(urgent=0)
    here = town.now().astimezone(UTC).replace(hour=22, minute=0)
    while here.weekday() != 1:
        here += timedelta(days=1)
    town.later(seconds=(here - town.now()).total_seconds())
    for title in ("Build", "Sketch"):
        town.edit("two", title, "anna", due="2027-03-05")
    before = town.every_comment()["one"]
    town.run()
    assert town.every_comment()["one"] == before

    town.later(hours=13)
    town.run()

    assert town.every_comment()["one"] == before + 1, "one for both of them and both tasks"
    assert all(proposal.delivered for proposal in town.waiting())


def test_a_tool_without_mentions_gets_a_to_do(tmp_path: Path) -> None:
    """Where comments reach nobody, who must answer is assigned a task, which ends with it."""
    from adapters.memory.options import Quirks

    town = told(tmp_path, quirks={"one": Quirks(to_dos=True)})
    asks(town)
    place, talk = town.find("one", "Build").id, town.worlds["one"].talk
    assert talk.assigned(place) == ["maya", "tom"]
    number = town.waiting()[0].number

    town.say("one", "Build", "maya", f"approve {number}")
    town.run()
    town.later(minutes=5)
    town.run()

    assert town.ended() == [("accepted", "maya")]
    assert talk.assigned(place) == []


def test_somebody_who_is_away_is_not_waited_for(tmp_path: Path) -> None:
    """While the owner is away their deputy is told, and may answer."""
    town = told(tmp_path)
    today = town.now().date()
    days = ((today, today + timedelta(days=9)),)
    town.more = {name: {"away": days, "deputy": "ben"} for name in ("maya", "tom")}
    asks(town)

    assert [p.delivered for p in town.waiting()] == [1]
    town.say("two", "Build", "ben", "approve")
    town.run()

    assert town.ended() == [("accepted", "ben")]


def test_what_is_confidential_follows_once_a_new_place_was_looked_at(tmp_path: Path) -> None:
    """A project that is made gets it in the same cycle, in a write of its own."""
    town = told(tmp_path, secret=frozenset({"strategy"}))
    town.worlds["two"].create("anna", "project", {"name": "Film", "strategy": "Be quiet"})

    town.run()

    assert town.shown("Film", "strategy") == {"one": "Be quiet", "two": "Be quiet"}
    before = town.writes()
    town.later(minutes=5)
    town.run()
    assert town.writes() == before


def test_a_place_that_refuses_is_left_for_a_while(town: TalkingTown) -> None:
    """Where a tool takes no comment the next place is taken; the reason is listed meanwhile."""
    calls = count()

    def refuse(moment: str, call: str) -> None:
        if (moment, call) == ("before", "comment") and next(calls) == 0:
            raise SkipRecord("comments are switched off")

    town.worlds["one"].fault = refuse
    asks(town)
    assert town.waiting()[0].delivered == 0
    assert {n.why for n in town.store.notices("acme")} == {"comments are switched off"}

    town.run()

    assert town.waiting()[0].delivered == 1
    assert town.comments("one", "Build") == []
    [item] = town.worlds["one"].talk.kept.values()
    assert any("2026-12-05" in said.markup for said in town.worlds["one"].talk.under(item.id))


def test_a_newer_version_is_not_written_where_guests_read_by_now(town: TalkingTown) -> None:
    """A comment that guests came to is left as it is; the newer value is told elsewhere."""
    asks(town)
    town.worlds["one"].talk.invite(town.find("one", "Relaunch").id)

    asks(town, "2026-12-07")

    assert "2026-12-07" not in town.comments("one", "Build")[0]
    assert any("2026-12-07" in text for text in town.comments("two", "Build"))
    assert town.waiting()[0].delivered == 2


def test_who_goes_away_after_being_asked_is_not_waited_for(town: TalkingTown) -> None:
    """Once nobody who was asked is there any more, their deputy is asked too, once."""
    asks(town)
    today = town.now().date()
    days = ((today, today + timedelta(days=9)),)
    town.more = {name: {"away": days, "deputy": "ben"} for name in ("maya", "tom")}

    for _ in range(2):
        town.run()
        town.later(minutes=5)

    assert len([text for text in town.comments("one", "Build") if "<@u-ben>" in text]) == 1
    town.say("one", "Build", "ben", "approve")
    town.run()
    assert town.ended() == [("accepted", "ben")]
