"""New containers get the custom fields that the mapping needs; until then it is owed to them."""

from collections.abc import Iterable

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.newplaces import needs_of
from syncer.engine.sites import Site
from syncer.state.writing import Transaction

log = structlog.get_logger()


def owe(ctx: Context, tx: Transaction, site: Site, object_name: str, made: Iterable[str]) -> None:
    """Remember, in the commit that records them, containers that were made just now."""
    containers = set(made)
    if containers and any(i.inside == object_name for i in site.catalogue.objects.values()):
        tx.put_meta(_key(ctx, site), sorted({*_owed(ctx, site), *containers}))


def furnish(ctx: Context, site: Site) -> None:
    """Make what is owed to this site's new containers, then look at them.

    What cannot be made now stays owed: the next cycle tries again.
    """
    containers = _owed(ctx, site)
    if not containers:
        return
    try:
        site.refreshed(ctx)
        needs = [need for container in containers for need in needs_of(ctx, site, container)]
        if needs:
            ctx.store.begun()
            for line in site.adapter.provision(site.scope, needs, dry_run=False):
                log.info("provision.made", connection=site.connection, what=line)
            site.refreshed(ctx)
    except AdapterError as error:
        # What is to go into the new container fails one by one, and is planned again.
        log.warning("provision.failed", connection=site.connection, reason=str(error))
        return
    with ctx.store.transaction() as tx:
        tx.put_meta(_key(ctx, site), [])


def _owed(ctx: Context, site: Site) -> list[str]:
    return list(ctx.store.meta(_key(ctx, site)) or ())


def _key(ctx: Context, site: Site) -> str:
    return f"unfurnished:{ctx.client.key}:{site.connection}"
