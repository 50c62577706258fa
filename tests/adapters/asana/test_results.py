"""Results in a project's custom fields: of every kind that they need, made and then written."""

from syncer.adapterkit.contract import FieldNeed
from syncer.model.goals import Pace
from syncer.model.remote import Op, Raw, Result
from tests.adapters.asana.bench import Bench

PACES = tuple(str(pace) for pace in Pace)
NEEDS = (
    FieldNeed("project", "Measured so far", "number"),
    FieldNeed("project", "Measured pace", "enumeration", PACES),
    FieldNeed("project", "Measured as of", "date"),
    FieldNeed("project", "Measured in words", "rich_text"),
    FieldNeed("project", "Measured how surely", "text"),
)


def test_custom_fields_for_results_are_made_and_hold_them(bench: Bench) -> None:
    """Numbers, a date, words, the choice of paces: what is written is shown, and can be changed."""
    assert len(bench.service.provision(bench.scope, NEEDS, dry_run=False)) == 2 * len(NEEDS)
    assert bench.service.provision(bench.scope, NEEDS, dry_run=False) == []
    infos = {i.name: i for i in bench.catalogue().objects["project"].fields if i.custom}
    paces = {option.name: option.id for option in infos["Measured pace"].options}
    assert tuple(paces) == PACES
    for fields in (
        ("40312.5", paces["ahead"], "2026-11-21", "Key events: 320 of 500", "sampled"),
        ("0.25", paces["on track"], "2026-11-22", "All met\n\n- and more", None),
    ):
        values: dict[str, Raw] = {
            infos[need.name].id: raw for need, raw in zip(NEEDS, fields, strict=True)
        }
        done = bench.push(Op.UPDATE, "project", id=bench.project(), fields=values)
        assert (done.result, done.refused, dict(done.got)) == (Result.DONE, {}, values)
