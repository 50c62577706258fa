"""Clients that have no cycle: retired, paused, or with a configuration that is wrong."""

from syncer.model.configuration import Configuration
from syncer.model.report import CycleReport, CycleResult
from syncer.state import Store
from syncer.state.standstill import paused, retired


def halted(
    config: Configuration, store: Store, key: str, *, pausing: bool = True
) -> CycleReport | None:
    """Why a client has no cycle, with the way out; None if it has one.

    Args:
        pausing: a pause counts, as it does for whatever writes by itself.
    """
    if still := retired(store, key):
        text = f"{still}; `syncer client retire {key} --undo` takes that back"
        return CycleReport(key, CycleResult.RETIRED, problems=(text,))
    if key in config.broken:
        return CycleReport(key, CycleResult.BROKEN, problems=tuple(config.broken[key]))
    pause = paused(store, key) if pausing else None
    if pause is None:
        return None
    resume = "syncer resume" if pause.every else f"syncer resume {key}"
    return CycleReport(key, CycleResult.PAUSED, problems=(f"{pause}; `{resume}` lets it run",))
