"""What every adapter and source promises of looking around in an account."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import WaitAndRetry
from syncer.adapterkit.measuring import Measurer
from syncer.adapterkit.registry import adapter_spec, built_in_names
from syncer.adapterkit.sandbox import Running
from syncer.adapterkit.surveying import Surveyor
from syncer.model.surveys import Spot
from tests.contract.conftest import HARNESSES
from tests.contract.harness import Harness
from tests.contract.source import Source

SOURCES = sorted(
    path.stem.removeprefix("source_") for path in Path(__file__).parent.glob("source_*")
)
FEW = 3
"""Requests beside one for each place that a client has to itself."""


@dataclass(frozen=True)
class Account:
    """An account to look around in; ``place`` is a client's scope in it, as options."""

    name: str
    surveyor: Surveyor
    opened: Adapter | Measurer
    place: Any
    running: Running | None
    harness: Harness | None = None

    def requests(self) -> int:
        """How many there have been so far."""
        if self.harness is not None:
            return self.harness.requests()
        return len(self.running.requests) if self.running else 0


@pytest.fixture(params=[*HARNESSES, *SOURCES])
def a(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Account]:
    name = request.param
    if name in HARNESSES:
        with import_module(f"tests.contract.harness_{name}").harness(tmp_path) as h:
            assert isinstance(h.adapter, Surveyor)
            yield Account(name, h.adapter, h.adapter, h.scope.options, h.running, h)
        return
    with import_module(f"tests.contract.source_{name}").source() as s:
        yield from _source(s)


def _source(s: Source) -> Iterator[Account]:
    measurer = s.opened["user"]()
    assert isinstance(measurer, Surveyor)
    yield Account(s.name, measurer, measurer, s.scope.options, s.running)
    measurer.close()


def test_every_shipped_adapter_is_a_subject() -> None:
    """No folder of ours leaves its part of the configuration to be written by hand."""
    assert sorted([*HARNESSES, *SOURCES]) == built_in_names()


def test_a_client_s_place_is_found(a: Account) -> None:
    """What stands under ``scopes:`` of a client is one of the places that are told."""
    model, said = adapter_spec(a.name).scope, a.place.model_dump()
    found = [model.model_validate(dict(spot.scope)).model_dump() for spot in a.surveyor.spots()]
    # A client may say more about its place than where it is: which part of it counts.
    more = {key: said[key] for key in ("filters", "projects") if a.name in SOURCES}

    assert said in [{**one, **more} for one in found]


def test_each_place_is_told_once_and_can_be_written(a: Account) -> None:
    """Ids are unique in a kind, scopes are taken by the adapter, what holds a place comes first."""
    model, seen = adapter_spec(a.name).scope, set[str]()
    spots = list(a.surveyor.spots())
    for spot in spots:
        assert spot.id
        assert spot.kind
        assert spot.inside in ("", *seen)
        assert model.model_validate(dict(spot.scope))
        assert spot.size is None or (spot.size >= 0 and spot.unit)
        assert spot.active is None or spot.active.utcoffset() == timedelta(0)
        seen.add(spot.id)

    assert max(Counter((spot.kind, spot.id) for spot in spots).values()) == 1
    assert any(spot.whole and spot.name for spot in spots)


def test_what_is_inside_is_counted(a: Account) -> None:
    """A place that holds others says how many."""
    spots = list(a.surveyor.spots())
    inside = Counter(spot.inside for spot in spots if spot.inside)

    assert {spot.id: spot.size for spot in spots if spot.id in inside} == dict(inside)


def test_it_costs_little(a: Account) -> None:
    """A request for each place that a client has to itself, and few beside them."""
    before = a.requests()
    spots = list(a.surveyor.spots())

    assert a.requests() - before <= FEW + sum(spot.whole for spot in spots)


def test_people_are_those_whom_records_name(a: Account) -> None:
    """Somebody's id is the one that person fields hold; everybody is told once."""
    found = list(a.surveyor.everybody())
    if a.harness is None:
        assert found == []  # figures have no editors
        return
    known = a.harness.person("maya")
    [maya] = [person for person in found if known in (person.id, *person.aliases)]

    assert maya.name == "Maya Okafor"
    assert maya.active
    assert len({person.id for person in found}) == len(found)


def test_a_listing_that_breaks_off_says_so(a: Account) -> None:
    """A vendor that is down is never taken for an empty account; a bad moment is waited out."""
    if a.running is None:
        pytest.skip(f"{a.name} has no wire")
    whole: list[Spot] = list(a.surveyor.spots())
    a.running.fault({"status": 503}, path=_LISTING)
    assert list(a.surveyor.spots()) == whole
    a.running.fault({"status": 503}, times=20, path=_LISTING)
    with pytest.raises(WaitAndRetry):
        list(a.surveyor.spots())


_LISTING = "boards|projects|search|accountSummaries"
