"""A project that was put away stays put away, and so does everything in it."""

from pathlib import Path

from syncer.model.remote import Op, Result, Write
from syncer.model.report import CycleResult
from tests.system.agency import Agency

SPRING = "Spring campaign"


def test_a_full_compare_misses_nothing_that_was_put_away(tmp_path: Path) -> None:
    """A listing of what is live lacks archived projects and their tasks; that is no deletion."""
    with Agency(tmp_path) as agency:
        agency.run()
        _, links = agency.record("bakery", SPRING, "project")
        project = links["asana"]
        anna = agency.as_person("asana", "anna")
        away = Write(
            "away", Op.ARCHIVE, project.object, project.remote_id, archive={"archive": "closed"}
        )
        (outcome,) = anna.push([away], agency.catalogue("asana", "bakery", project.object))
        anna.close()
        assert outcome.result is Result.DONE, outcome
        (refused,) = agency.run("bakery")
        assert refused.result is CycleResult.REFUSED
        agency.run("bakery", allowed=frozenset({"archives"}))
        _, links = agency.record("bakery", SPRING, "project")
        assert {"asana": "archived", "trello": "archived"} == {
            name: links[name].existence for name in ("asana", "trello")
        }

        for _ in range(2):
            (report,) = agency.run("bakery", full=True)
            assert report.result is CycleResult.DONE, report
            assert report.plan is not None
            assert () == report.plan.actions
            assert () == report.plan.refusals
            assert [] == [p for p in agency.store.proposals() if p.client == "bakery"]
