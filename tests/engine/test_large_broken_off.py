"""A large cycle that is broken off while it stores what it decided: the next one goes on."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.engine import record
from tests.engine.portions import in_portions
from tests.engine.test_cost import ALLOWED
from tests.engine.town import Town, line, mapping

PLACES, TOGETHER = 4, 3


class Killed(BaseException):
    """The process ends here."""


def _town(folder: Path) -> Town:
    """Each of some projects has a task of which something cannot be read, so that it is held."""
    known = mapping()
    task = known.entities["task"]
    few = line("priority", "priority", values={"low": ("Low",)})
    task = replace(task, fields={**task.fields, "priority": few})
    known = replace(known, entities={**known.entities, "task": task})
    town = Town(folder, mappings={"one": known, "two": known}, whole=0)
    for n in range(PLACES):
        place = town.worlds["one"].create("maya", "project", {"name": f"Project {n}"}).id
        fields = {"title": f"Task {n}", "project": place, "priority": "high"}
        town.worlds["one"].create("maya", "item", fields, place)
    return town


@pytest.mark.parametrize("commits", [1, 2])
def test_what_is_stored_names_nothing_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    """What others are in is stored first: killed after any commit, all arrives in its place."""
    in_portions(monkeypatch, 2)
    monkeypatch.setattr(record, "CHUNK", TOGETHER)
    real, left = record._record_chunk, [commits]

    def stored(*told: Any) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        real(*told)

    town = _town(tmp_path)
    monkeypatch.setattr(record, "_record_chunk", stored)
    with pytest.raises(Killed):
        town.run(allowed=ALLOWED)
    monkeypatch.setattr(record, "_record_chunk", real)

    report = town.run(allowed=ALLOWED)

    assert report.failed == {}
    assert [line.text for line in town.store.journal("acme") if line.kind == "remap"] == []
    for n in range(PLACES):
        place = town.worlds["two"].things[town.find("two", f"Task {n}").fields["project"]]
        assert place.fields["name"] == f"Project {n}"
