"""Results in properties: of every kind that they need, made by provision and then written."""

import pytest
from msgspec.structs import replace

from syncer.adapterkit.contract import FieldNeed
from syncer.model.entities import BUILTIN
from syncer.model.goals import RESULTS, Pace
from syncer.model.remote import Raw, Result
from syncer.model.values import Kind
from tests.adapters.hubspot.bench import Bench

PACES = tuple(str(pace) for pace in Pace)
VALUES: dict[Kind, tuple[Raw, Raw]] = {
    Kind.NUMBER: ("40312.5", "40.25"),
    Kind.DATE: ("2026-11-21", "2026-11-22"),
    Kind.TEXT: ("sampled", "sampled, truncated"),
    Kind.RICH_TEXT: ("Key events: **320** of 500\n\n- on track", "All *met*"),
}
FORMS = {
    Kind.NUMBER: ("number", "number"),
    Kind.DATE: ("date", "date"),
    Kind.TEXT: ("string", "text"),
    Kind.RICH_TEXT: ("string", "textarea"),
    Kind.ENUMERATION: ("enumeration", "select"),
}


def kinds() -> dict[str, Kind]:
    """The fields of results that a record has, as the model names them."""
    fields = BUILTIN["project"].fields.items()
    return {name: spec.type.kind for name, spec in fields if name.startswith(RESULTS)}


def needs(object: str) -> list[FieldNeed]:
    """What a mapping of all results asks ``provision`` for."""
    return [
        FieldNeed(object, name, kind, PACES if kind is Kind.ENUMERATION else (), custom=False)
        for name, kind in kinds().items()
    ]


@pytest.mark.parametrize(("object", "type"), [("deal", "deals"), ("company", "companies")])
def test_properties_for_results_are_made_and_hold_them(b: Bench, object: str, type: str) -> None:
    """Numbers, a date, words, the choice of paces: what is written is shown, and can be changed."""
    assert len(b.adapter.provision(b.scope, needs(object), dry_run=False)) == len(kinds())
    assert b.adapter.provision(b.scope, needs(object), dry_run=False) == []
    b.look()
    made = b.sandbox.account.store.definitions[type]
    assert {(made[name]["type"], made[name]["fieldType"]) for name in kinds()} == set(
        FORMS.values()
    )
    for name, kind in kinds().items():
        assert (made[name]["type"], made[name]["fieldType"]) == FORMS[kind]
    infos = {info.id: info for info in b.catalogue.objects[object].fields}
    for turn in (0, 1):
        fields: dict[str, Raw] = {}
        for name, kind in kinds().items():
            options = {option.name: option.id for option in infos[name].options}
            fields[name] = VALUES[kind][turn] if kind in VALUES else options[PACES[turn]]
        id = b.company if object == "company" else b.deal("Website relaunch")
        [done] = b.push(replace(b.update(id, **fields), object=object))
        assert (done.result, done.refused, dict(done.got)) == (Result.DONE, {}, fields)
