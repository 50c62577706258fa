"""What a cycle tells when it ends, for people and machines."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from syncer.model.contact import Tally
from syncer.model.decisions import Action, Plan, Verdict
from syncer.model.notices import Notice
from syncer.model.results import CycleResult
from syncer.model.saved import Moved, SavedClient
from syncer.model.undoing import Undone

__all__ = ["CycleReport", "CycleResult", "Judgement"]


class Judgement(Struct, frozen=True):
    """A verdict together with the record it is about."""

    record: str
    entity: str
    title: str
    verdict: Verdict


class CycleReport(Struct, frozen=True):
    """One cycle of one client.

    Args:
        planned_only: nothing was written; this is what ``run`` would do.
        observed: its client is only observed: that is what a run would have done; ``news`` are
            writes that no cycle before it would have made.
        pulled: records told of, per connection.
        created: new canonical records.
        written: writes that were answered well.
        down: connections that could not be used, with the reason.
        healed: what a full compare found that the feeds had not told.
        failed: per record id, why something about it did not go through.
        problems: what else a person should know.
        tally: a first contact in figures; None where this cycle is none.
        notices: what this cycle makes people hear; ``told`` comments were written in it, and
            ``untold`` says by the id of a notice why it could not be told.
        undone: what becomes of each thing that was to be taken back.
        saved: the plan in the form in which it can be saved; only where nothing else was asked.
        moved: what is not as it was in the saved plan that was to be carried out.
    """

    client: str
    result: CycleResult
    cycle: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    planned_only: bool = False
    observed: bool = False
    news: tuple[Action, ...] = ()
    full: bool = False
    plan: Plan | None = None
    judgements: tuple[Judgement, ...] = ()
    pulled: Mapping[str, int] = field(default_factory=dict)
    created: int = 0
    written: int = 0
    recovered: int = 0
    healed: int = 0
    down: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    tally: Tally | None = None
    notices: tuple[Notice, ...] = ()
    told: int = 0
    untold: Mapping[str, str] = field(default_factory=dict)
    undone: tuple[Undone, ...] = ()
    saved: SavedClient | None = None
    moved: tuple[Moved, ...] = ()
