"""An onlooker: the live systems and the state as a cycle would see them, and no trace of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.context import Context, Progress
from syncer.engine.givens import fresh_id, utc_now
from syncer.engine.pool import Pool, Specs
from syncer.model.configuration import Configuration
from syncer.state import Rehearsal, Store


class Onlooker:
    """Opens what looking needs. Use as a context manager.

    Nothing it does is written to a system, and nothing stays in the state.

    Args:
        config: the checked configuration.
        store: the open state.
        clock: tells the time (UTC).
        progress: told of long work.
        specs: gives an adapter's description by name.
    """

    def __init__(
        self,
        config: Configuration,
        store: Store,
        *,
        clock: Callable[[], datetime] = utc_now,
        progress: Progress | None = None,
        specs: Specs = adapter_spec,
    ) -> None:
        self.config = config
        self.store = Rehearsal(store)
        self.clock = clock
        self.progress = progress
        self.specs = specs
        self.pool = Pool(config, specs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pool.close()

    def context(self, client: str, *, full: bool) -> Context:
        """As a cycle of this client would have it now; ``full`` has everything listed."""
        given = {"progress": self.progress} if self.progress else {}
        return Context(
            config=self.config,
            client=self.config.clients[client],
            store=self.store,
            cycle=fresh_id("c"),
            now=self.clock(),
            clock=self.clock,
            new_id=fresh_id,
            full=full,
            **given,  # type: ignore[arg-type]
        )

    def adapters(self, client: str) -> Mapping[str, Adapter]:
        """The client's adapters by connection name."""
        return self.pool.of(self.config.clients[client])
