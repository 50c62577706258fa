"""What others edit of a thing before the first cycle sees it is theirs, not its maker's."""

from pathlib import Path

import pytest

from syncer.engine.spool import WHOLE
from tests.engine.talking import TalkingTown, told

MADE, EDITED = "2026-12-24", "2026-12-27"


def newborn(town: TalkingTown, maker: str, editor: str) -> None:
    """A task that somebody makes with a deadline, which another moves before any cycle."""
    two = town.worlds["two"]
    project = town.find("two", "Relaunch")
    two.create(maker, "item", {"title": "New", "due": MADE}, project.id)
    town.later(minutes=3)
    town.edit("two", "New", editor, due=EDITED)


def deadline(town: TalkingTown) -> tuple[str | None, str | None]:
    """Who gave the new task its deadline, and as what."""
    found = town.store.records(town.store.record_ids("acme", "task")).values()
    (agreed,) = [r.agreed["deadline"] for r in found if r.value("title") == "New"]
    return agreed.by, agreed.role


@pytest.mark.parametrize("whole", [WHOLE, 0], ids=["in memory", "on disk"])
class TestEditedBeforeItIsSeen:
    """One makes a task with a deadline, and another moves that right away."""

    def test_an_owners_value_stands_against_who_does_not_own_it(
        self, tmp_path: Path, whole: int
    ) -> None:
        """The producer's deadline is agreed, and the other's waits as a proposal."""
        town = told(tmp_path, whole=whole)
        newborn(town, "tom", "anna")
        town.run()

        assert town.shown("New", "due") == {"one": MADE, "two": MADE}
        assert deadline(town) == ("tom", "producer")
        [proposal] = town.waiting()
        assert (proposal.proposer, str(proposal.value)) == ("anna", EDITED)

    def test_an_owner_decides_what_another_made(self, tmp_path: Path, whole: int) -> None:
        """The producer's edit is the producer's, and no first value of somebody else's."""
        town = told(tmp_path, whole=whole)
        newborn(town, "anna", "tom")
        town.run()

        assert town.shown("New", "due") == {"one": EDITED, "two": EDITED}
        assert deadline(town) == ("tom", "producer")
        assert town.waiting() == []

    def test_a_first_value_is_its_last_editors(self, tmp_path: Path, whole: int) -> None:
        """Of two who do not own it the later counts, and the owner is to confirm it."""
        town = told(tmp_path, whole=whole)
        newborn(town, "anna", "ben")
        town.run()

        assert town.shown("New", "due") == {"one": EDITED, "two": EDITED}
        assert deadline(town)[0] == "ben"
        [text] = [text for text in town.comments("one", "New") if "deadline" in text]
        assert "Ben was the first to fill in the deadline of New: 2026-12-27" in text

    def test_a_person_whose_account_the_service_uses(self, tmp_path: Path, whole: int) -> None:
        """What they made is theirs as anybody's: never ours by the account alone."""
        town = told(tmp_path, whole=whole, users={"two": "tom"})
        newborn(town, "tom", "anna")
        town.run()

        assert town.shown("New", "due") == {"one": MADE, "two": MADE}
        assert deadline(town) == ("tom", "producer")
        assert [proposal.proposer for proposal in town.waiting()] == ["anna"]

    def test_an_edit_that_was_told_before_it_came(self, tmp_path: Path, whole: int) -> None:
        """What was edited where we do not look is no value of its maker's, whoever edits it next."""
        town = told(tmp_path, whole=whole)
        newborn(town, "tom", "anna")
        thing = town.find("two", "New")
        team, thing.team = thing.team, "elsewhere"
        town.later(minutes=30)
        town.run()
        town.later(minutes=30)
        thing.team = team
        town.edit("two", "New", "ben", due="2026-12-29")
        town.run()

        assert town.shown("New", "due") == {"one": MADE, "two": MADE}
        assert deadline(town) == ("tom", "producer")

    def test_it_is_judged_once(self, tmp_path: Path, whole: int) -> None:
        """Cycles that follow have nothing to write or say."""
        town = told(tmp_path, whole=whole)
        newborn(town, "tom", "anna")
        town.run()
        town.later(minutes=5)
        town.run()
        before, comments = town.writes(), town.every_comment()
        for _ in range(2):
            town.later(minutes=5)
            town.run()

        assert (town.writes(), town.every_comment()) == (before, comments)
        assert len(town.waiting()) == 1
