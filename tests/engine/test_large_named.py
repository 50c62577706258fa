"""What a large cycle put on disk is still known to whoever names it."""

from pathlib import Path

import pytest

from syncer.model.contact import FirstContact
from syncer.model.remote import Op
from syncer.model.report import CycleReport
from tests.engine.portions import in_portions
from tests.engine.test_cost import ALLOWED
from tests.engine.town import Town, contact

SYSTEMS = ("one", "two", "three")


def _met_again(folder: Path, whole: int) -> tuple[Town, CycleReport]:
    """Two projects of one name keep a third one waiting, until one of them is renamed."""
    rules = contact(FirstContact.MATCH_ONLY)
    town = Town(folder, systems=SYSTEMS, contact=rules, whole=whole)
    names = {"name": "Relaunch"}
    first, _ = (town.worlds["one"].create("maya", "project", names).id for _ in range(2))
    place = town.worlds["three"].create("maya", "project", names).id
    town.run(allowed=ALLOWED)
    town.later(hours=1)
    town.worlds["one"].change("maya", first, {"name": "Another"})
    fields = {"title": "Build", "project": place}
    town.worlds["three"].create("maya", "item", fields, place)
    return town, town.run(allowed=ALLOWED)


@pytest.mark.parametrize("whole", [1000, 0])
def test_nothing_is_made_in_what_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    """Where a project is not made, for it was there before us, its tasks are not made either."""
    in_portions(monkeypatch, 1)

    town, report = _met_again(tmp_path, whole)

    assert report.failed == {}
    assert report.plan is not None
    assert report.plan.counts() == {("one", Op.CREATE): 1}
    assert town.find("one", "Build").existence == "present"
    assert not town.worlds["two"].things
