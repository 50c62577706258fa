"""A change whose answer was lost, and then the look at it fails too, while listings come through."""

from pathlib import Path

import pytest

from syncer.model.remote import Raw
from tests.system.corner import Corner, hurried
from tests.system.lost import ATTEMPTS, settled, struck

LOST = (
    ("trello", "task", "Wireframes", ("PUT", r"^/1/cards/{id}$"), ("GET", r"^/1/batch"),
     "asana", {"notes": "Four page types"}, {"desc": "Four page types"}),
    ("asana", "task", "Wireframes", ("PUT", r"/tasks/{id}$"), ("GET", r"/tasks/{id}$"),
     "trello", {"desc": "Four page types"}, {"notes": "Four page types"}),
    ("hubspot", "project", "Website relaunch", ("POST", r"/deals/batch/update$"),
     ("POST", r"/deals/batch/read$"),
     "asana", {"due": "2026-11-20"}, {"project_deadline": "2026-11-20"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("system", "entity", "title", "write", "look", "source", "edits", "shows"),
    LOST,
    ids=[one[0] for one in LOST],
)
def test_our_own_write_is_nobodys_edit_though_it_cannot_be_looked_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    entity: str,
    title: str,
    write: tuple[str, str],
    look: tuple[str, str],
    source: str,
    edits: dict[str, Raw],
    shows: dict[str, Raw],
) -> None:
    """What shows as we asked for is ours; it is written once, and then all is quiet."""
    hurried(monkeypatch)
    with Corner(tmp_path) as corner:
        corner.in_step()
        link = corner.record("bakery", title, entity)[1][system]
        corner.change(source, "maya", entity, title, edits)
        running = corner.running[system]

        def fail(fault: dict[str, object], request: tuple[str, str]) -> None:
            method, path = request[0], request[1].replace("{id}", link.remote_id)
            running.fault(fault, times=ATTEMPTS, method=method, path=path, user="syncer")

        fail({"drop": "after"}, write)
        corner.cycle()
        struck(corner)
        assert corner.open_intents() != []
        fail({"status": 503}, look)
        corner.forget()
        corner.cycle()
        struck(corner)
        assert corner.writes()[system] == []
        corner.cycle()

        settled(corner)
        assert corner.said(system, entity, title, *shows) == shows
        assert {connection for _, connection, _, _ in corner.edits()} == {source}
