"""Drift: what the tools show right now, held against what is agreed, by the stages of a cycle."""

from collections.abc import Iterator, Mapping

from syncer.adapterkit.contract import Adapter
from syncer.engine.cases import Case, Gathered, Twin, gather
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.cycle import open_sites
from syncer.engine.drift_facts import Known, Shown, of_existence, of_field
from syncer.engine.drift_reasons import explained
from syncer.engine.heads_up.readers import Readers
from syncer.engine.matching import Matcher
from syncer.engine.pull import Pulled, pull_all
from syncer.engine.sites import Site, why_down
from syncer.engine.unlooked import claim
from syncer.engine.views import translate_all
from syncer.model.comments import Thread
from syncer.model.drift import Drift, DriftReport, Standing
from syncer.model.entities import EXISTENCE
from syncer.reconcile.drifting import classify


def drift(ctx: Context, adapters: Mapping[str, Adapter]) -> DriftReport:
    """How one client's tools differ right now: everything is listed, and nothing is decided.

    ``ctx`` must be a full one over a state of which nothing that is written stays.
    """
    sites, down = open_sites(ctx, adapters)
    pulls = pull_all(ctx, sites)
    down |= {name: why_down(ctx, name, p.error) for name, p in pulls.items() if p.error}
    up = {name: site for name, site in sites.items() if pulls[name].error is None}
    told = {name: pulls[name] for name in up}
    gathered, matcher = _understood(ctx, up, told)
    known = Known(ctx, up, gathered, matcher)
    shown = [one for case in gathered.cases.values() for one in _of_case(known, case)]
    found = list(_classified(known, shown))
    differs = [one for one in found if one.standing is not Standing.ALIKE]
    differs += known.unread()
    ordered = sorted(differs, key=lambda d: (d.connection, d.entity, d.title, d.record, d.field))
    return DriftReport(ctx.client.key, tuple(ordered), len(found) - len(differs), down)


def _understood(
    ctx: Context, up: Mapping[str, Site], told: Mapping[str, Pulled]
) -> tuple[Gathered, Matcher]:
    """Which record each thing is, and what it shows; as a cycle does it before it decides."""
    gathered = gather(ctx, up, told, {}, {})
    matcher = Matcher(ctx, dict(up), dict(told), gathered, Contacts(ctx))
    matcher.run()
    claim(ctx, up, gathered)
    translate_all(ctx, gathered)
    matcher.contacts.look_again(gathered.cases.values())
    return gathered, matcher


def _of_case(known: Known, case: Case) -> Iterator[Shown]:
    """Every field of every twin of a record, and the twins that it lacks."""
    if case.record.id in known.gathered.failed:
        return
    for twin in case.twins.values():
        if twin.site is not None and twin.view is not None:
            yield from _of_twin(known, case, twin)
        elif twin.site is not None:
            yield of_existence(known, case, twin)
    yield from known.lacking(case)


def _of_twin(known: Known, case: Case, twin: Twin) -> Iterator[Shown]:
    assert twin.view is not None
    yield of_existence(known, case, twin)
    if case.new or twin.ended or not twin.live:
        return
    names = {*case.record.agreed, *twin.view.fields} - {EXISTENCE}
    for name in sorted(names & known.spec(case).fields.keys()):
        yield of_field(known, case, twin, name)


def _classified(known: Known, shown: list[Shown]) -> Iterator[Drift]:
    """Each with its standing; who can read a confidential field is asked for all at once."""
    secret = known.ctx.config.ownership.confidential
    readers = Readers(known.sites)
    asked = [one for one in shown if one.field in secret and one.facts.differs and one.twin]
    readers.look((one.connection, _thread(one)) for one in asked)
    for one in shown:
        if one in asked:
            one.withhold(readers.why_closed(one.connection, _thread(one)))
        standing, cause = classify(one.facts)
        yield explained(known, one, standing, cause)


def _thread(one: Shown) -> Thread:
    assert one.twin is not None
    link = one.twin.link
    return Thread(link.object, link.remote_id, link.container)
