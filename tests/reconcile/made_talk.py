"""Small parts for tests of what people are told: a scene, the shipped texts, notices."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace
from ruamel.yaml import YAML

import syncer.settings
from syncer.model.decisions import Verdict
from syncer.model.notices import Notice
from syncer.model.people import Person
from syncer.model.records import Proposal
from syncer.model.texts import Balance, Texts
from syncer.model.values import readable
from syncer.reconcile.names import folded
from syncer.reconcile.notices import Scene, notices_of
from tests.reconcile.made import NOON, OWNERSHIP, PEOPLE, PLACE, record

NAMES = {
    "maya": "Maya Okafor",
    "tom": "Tom Lindqvist",
    "anna": "Anna Brandt",
    "ben": "Ben Carvalho",
    "zoe": "Zoe",
}
SHIPPED = YAML(typ="safe").load(Path(syncer.settings.__file__).with_name("texts.yaml"))
TEXTS = Texts(
    {name: tuple(lines) for name, lines in SHIPPED["texts"].items()},
    answers={v: frozenset(folded(w) for w in words) for v, words in SHIPPED["answers"].items()},
)


def person(key: str, **more: Any) -> Person:
    """Somebody of the agency."""
    return Person(key, NAMES[key], **more)


def scene(**more: Any) -> Scene:
    """A task of the bakery that is decided about at noon of a Monday."""
    usual: dict[str, Any] = {
        "client": "bakery",
        "cycle": "c_1",
        "record": record(),
        "title": "Relaunch",
        "place": PLACE,
        "ownership": OWNERSHIP,
        "people": {key: person(key) for key in PEOPLE},
        "now": NOON,
        "balance": Balance(),
        "show": lambda _, value: readable(value),
    }
    return Scene(**(usual | more))


def told(
    verdict: Verdict,
    around: Scene,
    opened: tuple[Proposal, ...] = (),
    ended: tuple[Proposal, ...] = (),
) -> set[tuple[str, str | None, str | None]]:
    """Kind, person and place of everything that is told; nothing twice."""
    found = notices_of(around, verdict, opened, ended)
    assert len({notice.id for notice in found}) == len(found)
    return {(str(notice.kind), notice.to, notice.at) for notice in found}


def opened(verdict: Verdict, **more: Any) -> tuple[Proposal, ...]:
    """The proposals that the drafts of a verdict make."""
    return tuple(
        Proposal(
            **{
                "id": f"p-{draft.proposer}",
                "client": "bakery",
                "record": "r_1",
                "entity": verdict.rule.entity,
                "field": verdict.field,
                "proposer": draft.proposer,
                "connection": draft.connection,
                "value": draft.value,
                "base": None,
                "rule": str(verdict.rule.source),
                "opened_at": draft.at or NOON,
                "updated_at": draft.at or NOON,
                **more,
            }
        )
        for draft in verdict.drafts
    )


def ended(verdict: Verdict) -> tuple[Proposal, ...]:
    """The proposals that end with a verdict, as they are then."""
    return tuple(
        replace(each.proposal, status=each.status, closed_by=each.by, closed_at=NOON)
        for each in verdict.closings
    )


def one(found: tuple[Notice, ...], kind: str) -> Notice:
    """The only notice of this kind."""
    [notice] = [each for each in found if each.kind == kind]
    return notice
