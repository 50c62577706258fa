"""An answer is lost, and before anybody asks again a person edits what had just been written.

What may be repeated unasked is repeated at once; where the vendor keeps what the person wrote,
that is judged like any edit. Where it does not keep it, nothing may run over it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.corner import Corner, Hand, hurried
from tests.system.lost import settled

TASK, PROJECT = ("task", "Wireframes"), ("project", "Website relaunch")
OURS, THEIRS = "Four page types", "Six page types"
DAY, OTHER_DAY = "2026-11-10", "2026-11-20"

REPEATS = (
    ("asana", "notes", ("PUT", r"/tasks/{id}$"), TASK, ("trello", "desc", "tom"), OURS, THEIRS),
    ("asana", "due", ("PUT", r"/tasks/{id}$"), TASK, ("trello", "due", "maya"),
     f"{DAY}T17:00:00.000Z", OTHER_DAY),
    ("asana", "notes", ("PUT", r"/projects/{id}$"), PROJECT, ("hubspot", "project_brief", "anna"),
     OURS, THEIRS),
    ("asana", "Goals", ("PUT", r"/projects/{id}$"), PROJECT, ("hubspot", "project_goals", "anna"),
     OURS, THEIRS),
    ("trello", "desc", ("PUT", r"^/1/cards/{id}$"), TASK, ("asana", "notes", "tom"), OURS, THEIRS),
    ("trello", "desc", ("PUT", r"^/1/boards/{id}$"), PROJECT, ("hubspot", "project_brief", "anna"),
     OURS, THEIRS),
    ("hubspot", "project_goals", ("POST", r"/deals/batch/update$"), PROJECT,
     ("asana", "Goals", "anna"), OURS, THEIRS),
)  # fmt: skip
EDITORS = {"task": "maya", "project": "ben"}
"""Owners of what they edit, so that their word stands."""


@pytest.mark.parametrize(
    "number", range(len(REPEATS)), ids=[f"{r[0]} {r[3][0]} {r[1]}" for r in REPEATS]
)
def test_a_lost_answer_never_costs_a_persons_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    record_property: Callable[[str, object], None],
) -> None:
    """The edit made right after our lost write stands in both tools and in the journal."""
    system, name, (method, path), (entity, title), source, ours, theirs = REPEATS[number]
    hurried(monkeypatch)
    with Corner(tmp_path) as corner:
        corner.in_step()
        id, links = (
            corner.record("bakery", title, entity)[0].id,
            corner.record("bakery", title, entity)[1],
        )
        hand, place = Hand(corner), path.replace("{id}", links[system].remote_id)
        hand.edit(source[0], source[2], links[source[0]], source[1], ours)

        def meanwhile() -> None:
            hand.edit(system, EDITORS[entity], links[system], name, theirs)

        running = corner.running[system]
        running.fault({"drop": "after"}, method=method, path=place, user="syncer")
        running.at("after", meanwhile, method=method, path=place, user="syncer")
        for _ in range(4):
            corner.cycle()
        hand.close()

        assert running.desk.moments.waiting == []
        assert corner.said(system, entity, title, name) == {name: theirs}
        shown = str(corner.said(source[0], entity, title, source[1])[source[1]])
        assert shown.startswith(theirs)
        entries = corner.store.journal("bakery", limit=None)
        told = [(e.record, e.new) for e in entries if e.kind == "edit" and e.connection == system]
        assert (id, theirs) in told
        settled(corner)
    record_property("figure", f"repeat after a lost answer, a person in between: {system} {name}")
