"""What a cycle holds: little at a time, and of no record longer than somebody asks for it."""

import re
from pathlib import Path
from typing import Any

import pytest

from syncer.engine import cases, cycle, echoes, pulled
from syncer.model.records import Link
from tests.engine.portions import in_portions
from tests.engine.test_cost import ALLOWED, filled, items
from tests.engine.town import Town

ITEMS, PORTION = 23, 5


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems after a first sync, with the echo of it still to be heard."""
    return _synced(tmp_path)


def _synced(folder: Path) -> Town:
    folder.mkdir(exist_ok=True)
    town = filled(folder, ITEMS)
    _run(town)
    return town


def _run(town: Town) -> None:
    town.later(minutes=20)
    town.run(allowed=ALLOWED)


def _state(town: Town) -> list[Any]:
    """All that is known of records and links, but for times, which no two towns share."""
    ids = [id for entity in ("project", "task") for id in town.store.record_ids("acme", entity)]
    records = town.store.records(ids).values()
    values = [(r.id, r.pending, {n: a.value for n, a in r.agreed.items()}) for r in records]
    return [
        *values,
        *(_known(link) for links in town.store.links_of(ids).values() for link in links),
    ]


def _by_name(town: Town) -> list[str]:
    """The same whatever the ids of records are: these are given in another order."""
    known = _state(town)
    ids = {one[0]: str(one[2].get("title") or one[2].get("name")) for one in known if len(one) == 3}
    return sorted(re.sub(r"r_\d+", lambda id: ids[id[0]], repr(one)) for one in known)


def _known(link: Link) -> tuple[Any, ...]:
    fields = {name: (f.seen, f.read, f.asked, f.got, f.shown) for name, f in link.fields.items()}
    return (link.key, link.record, link.status, link.existence, link.mark is None, fields)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records are loaded together, each time any are."""
    found: list[int] = []
    real = cases.load_cases

    def noted(ctx: Any, ids: Any, *more: Any) -> Any:
        wanted = list(ids)
        found.extend([len(wanted)] if wanted else [])
        return real(ctx, wanted, *more)

    monkeypatch.setattr(cases, "load_cases", noted)
    monkeypatch.setattr(echoes, "load_cases", noted)
    monkeypatch.setattr(echoes, "PORTION", PORTION)
    return found


def test_an_echo_is_looked_at_in_portions(town: Town, loaded: list[int]) -> None:
    """However much was written, no more than a portion of it is loaded at once when it is heard."""
    town.later(minutes=20)
    report = town.run()

    assert sum(report.pulled.values()) == ITEMS + 2
    assert sum(loaded) == ITEMS + 2
    assert max(loaded) == PORTION


def test_what_an_echo_showed_is_remembered(town: Town, loaded: list[int]) -> None:
    """What was settled in portions is seen: listed again as it is, nothing of it is loaded."""
    _run(town)
    loaded.clear()

    report = town.run(full=True)

    assert sum(report.pulled.values()) == 2 * (ITEMS + 2)
    assert loaded == []


def test_edits_among_echoes_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided and remembered does not depend on how much is looked at together."""
    found = []
    for portion, together in ((ITEMS * 2, 1000), (PORTION, 1000), (1, 1000), (1, 3), (PORTION, 7)):
        town = _synced(tmp_path / f"{portion} of {together}")
        monkeypatch.setattr(echoes, "PORTION", portion)
        monkeypatch.setattr(pulled, "TOGETHER", together)
        for item in items(town)[::4]:
            town.worlds["one"].change("maya", item.id, {"notes": "Otherwise"})
            town.worlds["one"].change("anna", item.id, {"due": "2027-01-01"})
        _run(town)
        _run(town)
        found.append(_state(town))
        town.store.close()

    assert all(one == found[0] for one in found)


def test_an_echo_is_settled_however_little_is_looked_up_together(
    town: Town, loaded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each record is looked at once, also where both its twins are told of, one here, one there."""
    monkeypatch.setattr(pulled, "TOGETHER", PORTION + 1)
    monkeypatch.setattr(echoes, "PORTION", PORTION - 1)
    for item in items(town):
        town.worlds["one"].change("syncer", item.id, {"notes": item.fields["notes"]})
    town.later(minutes=20)

    report = town.run()

    assert report.written == 0
    assert sum(loaded) == ITEMS + 2


def test_few_portions_tell_whether_there_are_echoes(
    town: Town, loaded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much people did, and however little is looked up together, few are loaded twice."""
    monkeypatch.setattr(pulled, "TOGETHER", 4)
    monkeypatch.setattr(echoes, "PORTION", 1)
    for item in items(town):
        town.worlds["one"].change("maya", item.id, {"notes": "Otherwise"})
    town.later(minutes=20)

    town.run(allowed=ALLOWED)

    assert sum(one == 1 for one in loaded) == echoes.ENOUGH
    assert all(thing.fields["notes"] == "Otherwise" for thing in _in_two(town))


def test_where_much_was_edited_no_portion_more_is_loaded_twice(
    town: Town, loaded: list[int]
) -> None:
    """Once a portion shows that people did something, the rest is loaded once, for deciding."""
    for item in items(town):
        town.worlds["one"].change("maya", item.id, {"notes": "Otherwise"})

    town.later(minutes=20)
    town.run(allowed=ALLOWED)

    assert loaded[0] == PORTION
    assert sum(loaded[1:]) <= ITEMS + 2
    assert all(thing.fields["notes"] == "Otherwise" for thing in _in_two(town))


def _in_two(town: Town) -> list[Any]:
    return [thing for thing in town.worlds["two"].things.values() if thing.object == "item"]


def test_a_plan_remembers_nothing_of_an_echo(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan shows what a run would do and leaves the state as it was."""
    monkeypatch.setattr(echoes, "PORTION", PORTION)
    town.later(minutes=20)
    before = _state(town)

    report = town.plan()

    assert report.plan is not None
    assert report.plan.actions == ()
    assert _state(town) == before


def test_what_is_planned_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When verdicts are stored, nothing pulled and no view is held of what they are about."""
    held: list[Any] = []
    real = cycle.record_verdicts

    def noted(ctx: Any, planned: Any, matcher: Any, down: Any) -> None:
        twins = [t for case in matcher.gathered.cases.values() for t in case.twins.values()]
        held.extend(t for t in twins if t.record is not None or t.view is not None)
        held.extend(key for pulled in matcher.pulls.values() for key in pulled.records)
        real(ctx, planned, matcher, down)

    monkeypatch.setattr(cycle, "record_verdicts", noted)

    town = _synced(tmp_path)

    assert held == []
    assert len(_in_two(town)) == ITEMS


def test_what_is_stored_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writes are sent, no agreed value of what was stored is held, and no line about it."""
    held: list[Any] = []
    real = cycle.Pusher

    def noted(ctx: Any, sites: Any, gathered: Any, planned: Any) -> Any:
        for work in planned.work.whole.values():
            held.extend([*work.decided.record.agreed, *work.decided.journal])
            known = gathered.index.known(work.decided.record.id)
            held.extend(known.agreed if known else ())
        return real(ctx, sites, gathered, planned)

    monkeypatch.setattr(cycle, "Pusher", noted)

    town = _synced(tmp_path)

    assert held == []
    assert len(_in_two(town)) == ITEMS


def test_a_large_cycle_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits on disk is decided, stored, written and told just as what is held in memory."""
    in_portions(monkeypatch, PORTION)
    found = []
    for whole in (ITEMS * 2, 0):
        folder = tmp_path / str(whole)
        folder.mkdir()
        town = filled(folder, ITEMS)
        town.whole = whole
        report = town.run(allowed=ALLOWED)
        assert report.plan is not None
        told = [(a.connection, a.op, a.title, len(a.writes)) for a in report.plan.actions]
        writes = {key: one.fields for key, one in town.worlds["two"].things.items()}
        counts = (report.created, report.written, report.failed, report.plan.counts())
        _run(town)
        said = [(j.kind, j.field, j.outcome, j.old, j.text) for j in town.store.journal("acme")]
        agreed = [(a.entity, a.field, a.value, a.by) for a in town.store.agreements("acme")]
        past = sorted(map(repr, said)), sorted(map(repr, agreed))
        found.append((told, writes, counts, _by_name(town), past))
        town.store.close()

    assert len(found[0][0]) == ITEMS + 2
    assert all(found[0][4])
    assert found[0] == found[1]


def test_a_large_first_sync_is_looked_at_in_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is decided on, no more than two portions of new records are in sight."""
    seen: list[int] = []
    real = cycle.decide_case

    def noted(ctx: Any, case: Any, telling: Any, gathered: Any, met: Any) -> Any:
        twins = [twin for each in gathered.cases.values() for twin in each.twins.values()]
        seen.append(sum(twin.view is not None for twin in twins))
        return real(ctx, case, telling, gathered, met)

    monkeypatch.setattr(cycle, "decide_case", noted)
    in_portions(monkeypatch, PORTION)
    town = filled(tmp_path, ITEMS)
    town.whole = 0

    town.run(allowed=ALLOWED)

    assert len(seen) == ITEMS + 2
    assert max(seen) <= 2 * PORTION
    assert len(_in_two(town)) == ITEMS


def test_a_large_first_sync_holds_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When verdicts are stored, nothing that was decided of new records is in memory."""
    held: list[Any] = []
    real = cycle.record_verdicts

    def noted(ctx: Any, planned: Any, matcher: Any, down: Any) -> None:
        held.extend(planned.work.whole)
        real(ctx, planned, matcher, down)

    monkeypatch.setattr(cycle, "record_verdicts", noted)
    town = filled(tmp_path, ITEMS)
    town.whole = 0

    town.run(allowed=ALLOWED)

    assert held == []
    assert len(_in_two(town)) == ITEMS
