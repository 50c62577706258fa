"""Provision: the fields that mappings need and systems lack, said or made."""

from collections.abc import Mapping

from syncer.adapterkit.contract import Adapter
from syncer.engine.context import Context
from syncer.engine.newplaces import needs_of
from syncer.engine.sites import open_site


def provision(ctx: Context, adapters: Mapping[str, Adapter], *, dry_run: bool) -> list[str]:
    """A line for each field of one client that is missing, or was made just now.

    Raises the adapters' errors.
    """
    lines: list[str] = []
    for name, adapter in adapters.items():
        site = open_site(ctx, name, adapter)
        needs = needs_of(ctx, site)
        found = site.adapter.provision(site.scope, needs, dry_run=dry_run) if needs else []
        if found and not dry_run:
            site.refreshed(ctx)
        lines += [f"{ctx.client.key}: {name}: {text}" for text in found]
    return lines
