"""How every client stands, from the configuration and the state."""

from typing import TYPE_CHECKING

from syncer.cli.work import goals_amiss, observed

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.report.status import Standing
    from syncer.state import Store


def _keys(config: "Configuration", client: str | None) -> list[str]:
    return [client] if client else sorted({*config.clients, *config.broken})


def never_ran(config: "Configuration", client: str | None = None) -> "list[Standing]":
    """The clients of an installation without a state."""
    from syncer.report.status import Standing

    return [
        Standing(key, broken=config.broken.get(key, ()), observes=observed(config, key))
        for key in _keys(config, client)
    ]


def standings(
    config: "Configuration", store: "Store", client: str | None = None
) -> "list[Standing]":
    """One client or all, those too that never ran or whose configuration is wrong."""
    from syncer.report.status import Standing
    from syncer.report.talk import talk_of
    from syncer.state.health import health
    from syncer.state.standstill import observed_since, retired

    known = {one.client: one for one in health(store)}
    return [
        Standing(
            client=key,
            health=known.get(key),
            linked=_linked(store, key),
            broken=config.broken.get(key, ()),
            observes=observed(config, key),
            observes_since=observed_since(store, key),
            retired_since=still.since if (still := retired(store, key)) else None,
            holds=tuple(store.holds(key)),
            parked=tuple(store.parked(key)),
            full_every=config.intervals.full_compare,
            goals=tuple(goals_amiss(config, store, key)),
            talk=talk_of(store.proposals(key, open_only=False), store.notices(key)),
        )
        for key in _keys(config, client)
    ]


def _linked(store: "Store", key: str) -> dict[str, int]:
    linked: dict[str, int] = {}
    for (connection, _), count in store.link_counts(key).items():
        linked[connection] = linked.get(connection, 0) + count
    return linked
