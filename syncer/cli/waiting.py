"""Held edits with all that is needed to judge them, from the state."""

from typing import TYPE_CHECKING

from syncer.cli.work import title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syncer.engine.answers import Answers
    from syncer.model.configuration import Configuration
    from syncer.model.notices import Notice
    from syncer.model.records import Proposal
    from syncer.report.proposals import Waiting
    from syncer.report.told import Tale
    from syncer.state import Store


def waiting(
    config: "Configuration", store: "Store", answers: "Answers", proposal: "Proposal"
) -> "Waiting":
    """A held edit, who may answer, which tools show the old value, and who was told."""
    from syncer.model.notices import NoticeStatus
    from syncer.report.proposals import Waiting

    record = store.records([proposal.record]).get(proposal.record)
    still = proposal.closed_at is None
    every = tuple(NoticeStatus)
    notices = store.notices(proposal.client, every, proposal=proposal.id)
    return Waiting(
        proposal,
        title_of(config, store, proposal.record),
        record.value(proposal.field) if record else None,
        answers.deciders(proposal) if still else (),
        tuple(_blocked(config, store, proposal)) if still else (),
        tale_of(store, notices),
    )


def tale_of(store: "Store", notices: "Sequence[Notice]") -> "Tale":
    """Notices with the comments that told them."""
    from syncer.report.told import Tale

    told = store.postings_by_ref(notice.ref for notice in notices if notice.ref)
    return Tale(tuple(notices), told)


def _blocked(config: "Configuration", store: "Store", proposal: "Proposal") -> "Iterator[str]":
    """The connections that show the agreed value in place of the proposed one."""
    from syncer.model.configuration import HeadsUp
    from syncer.model.entities import EXISTENCE
    from syncer.model.records import LinkStatus
    from syncer.model.rules import Waiting as Meanwhile

    client = config.clients.get(proposal.client)
    rule = config.ownership.rules.get((proposal.entity, proposal.field))
    kept = config.heads_up is HeadsUp.KEEP or (rule and rule.waiting is Meanwhile.KEEP_HERE)
    for link in store.links_of([proposal.record]).get(proposal.record, ()):
        mapping = client.mappings.get(link.connection) if client else None
        entity = mapping.entities.get(proposal.entity) if mapping else None
        shown = entity is not None and (
            proposal.field in entity.fields or proposal.field == EXISTENCE
        )
        here = link.connection == proposal.connection
        if shown and link.status is LinkStatus.LINKED and not (here and kept):
            yield link.connection
