"""Many writes: what is kept before and after them, and what a kill or a refusal in between costs."""

import threading
from pathlib import Path

import pytest

from syncer.adapterkit.errors import StopConnection
from syncer.engine import push
from syncer.engine.workers import Flight
from syncer.model.records import IntentStatus
from syncer.model.report import CycleResult
from tests.engine.test_kill import boundaries
from tests.engine.town import Town

MANY = 250


def busy(folder: Path, many: int = MANY) -> Town:
    """A town in step, with many new tasks in one of its tools."""
    folder.mkdir(exist_ok=True)
    town = Town(folder)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    town.run()
    town.later(minutes=7)
    for number in range(many):
        one.create("maya", "item", {"title": f"Part {number}"}, project.id)
    town.later(minutes=1)
    return town


def titles(town: Town, system: str) -> list[str]:
    """The tasks of a system by name."""
    things = town.worlds[system].things.values()
    return sorted(str(t.fields["title"]) for t in things if t.object == "item")


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: as if all answers came at once."""
    monkeypatch.setattr(push, "SOON", 600.0)


@pytest.mark.usefixtures("unhurried")
def test_single_writes_are_kept_by_the_hundred(tmp_path: Path) -> None:
    """Where a request takes one write, a commit holds a hundred of them all the same."""
    town = busy(tmp_path)

    names = boundaries(town, None)

    writes = [number for number, name in enumerate(names) if name.startswith("write.")]
    assert len(writes) == 2 * MANY
    assert names[writes[0] - 1] == "commit.after", "of the first intents"
    # Two more of intents, and two of what came back; the last comes after them all.
    assert names[writes[0] : writes[-1]].count("commit.after") == 4
    assert titles(town, "two") == titles(town, "one")
    assert town.store.intents("acme", {IntentStatus.SENT}) == []


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("died_at", [3, 50, 51, 52], ids=["soon", "before", "after", "later"])
def test_what_was_answered_and_not_kept_is_looked_up(tmp_path: Path, died_at: int) -> None:
    """Killed among many writes, each of them is there once in the end."""
    town = busy(tmp_path / "whole", 40)
    names = boundaries(town, None)
    first = names.index("write.before")

    town = busy(tmp_path / "killed", 40)
    boundaries(town, first + died_at)
    left = town.store.intents("acme", {IntentStatus.SENT})
    calls = len(town.worlds["two"].calls)
    assert town.run().result is CycleResult.DONE

    assert len(left) == 40, "all are intended before the first is sent"
    assert town.worlds["two"].calls[calls:].count("find") == 40
    assert titles(town, "two") == titles(town, "one")
    assert town.store.intents("acme", {IntentStatus.SENT}) == []


def test_what_was_not_sent_is_not_looked_up(tmp_path: Path) -> None:
    """A system that refuses the credential among many writes is asked after the tried ones only."""
    town = busy(tmp_path, 40)
    world = town.worlds["two"]
    made: list[str] = []

    def revoked(moment: str, call: str) -> None:
        if (moment, call) == ("before", "create"):
            made.append(call)
            if len(made) > 9:
                raise StopConnection("revoked", status=401)

    world.fault = revoked
    report = town.run()
    world.fault = lambda _moment, _call: None
    tried = len(made)
    calls = len(world.calls)
    town.later(minutes=7)

    assert report.down["two"].startswith("revoked")
    assert tried <= 9 + 4, "what was under way, and no more"
    assert len(report.failed) == 40 - 9
    assert len(town.store.intents("acme", {IntentStatus.SENT})) == tried - 9
    assert town.run().result is CycleResult.DONE
    assert world.calls[calls:].count("find") == tried - 9
    assert titles(town, "two") == titles(town, "one")


def landed(flight: Flight[int, int], most: int) -> list[tuple[int, int | Exception]]:
    return sorted((one for some in flight.landing(most) for one in some), key=lambda one: one[0])


@pytest.mark.parametrize("most", [1, 3, 50])
def test_every_piece_lands_once(most: int) -> None:
    """With few under way or many, each piece is done once; an error is a result."""

    def do(piece: int) -> int:
        if piece == 7:
            raise ValueError("seven")
        return piece * piece

    found = dict(landed(Flight(range(20), do), most))

    assert list(found) == list(range(20))
    assert isinstance(found.pop(7), ValueError)
    assert found == {piece: piece * piece for piece in range(20) if piece != 7}


def test_no_more_are_under_way_than_allowed() -> None:
    """Several at once, as many as were allowed, and never more."""
    together, lock, under_way, most = threading.Barrier(3), threading.Lock(), 0, 0

    def do(_piece: int) -> int:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        together.wait(60)
        with lock:
            under_way -= 1
        return 0

    assert len(landed(Flight(range(12), do), 3)) == 12
    assert most == 3


def test_each_result_is_heeded_before_the_next_piece() -> None:
    """One that stops all the others stops them at once, also if nobody has listened yet."""
    heeded: list[int | Exception] = []
    begun: list[int] = []

    def do(piece: int) -> int:
        begun.append(len(heeded))
        return piece

    landed(Flight(range(5), do, heeded.append), 1)

    assert begun == [0, 1, 2, 3, 4]
    assert heeded == [0, 1, 2, 3, 4]


def test_nothing_is_begun_for_nobody() -> None:
    """Where the one who listens fails, what waits is not done behind its back."""
    begun: list[int] = []
    second = threading.Event()

    def do(piece: int) -> int:
        begun.append(piece)
        if piece:
            second.wait(1)
        return piece

    landing = Flight(range(100), do).landing(1)
    assert next(landing) == [(0, 0)]
    landing.close()

    assert begun in ([0], [0, 1])


def test_results_come_together() -> None:
    """What lands soon after one another comes at once, up to so many."""
    flight = Flight(range(10), lambda piece: piece)

    assert [len(some) for some in flight.landing(2, together=4, within=600)] == [4, 4, 2]


def test_a_kill_is_no_result() -> None:
    """What ends the process ends it in the thread of the one who listens."""

    def do(_piece: int) -> int:
        raise KeyboardInterrupt

    for most in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            landed(Flight(range(4), do), most)
