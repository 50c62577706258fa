"""The same fence around a system that only counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.measuring import Measurer, Unanswered
from syncer.adapterkit.standing import Metered, Quota
from syncer.engine.fence import Fence
from syncer.model.measures import Answer, Ask, Property, Slice
from syncer.model.remote import RemotePerson


class FencedSource(Fence[Measurer]):
    """A source behind a fence."""

    def whoami(self) -> RemotePerson:
        """The account the credentials belong to."""
        with self.fence("whoami"):
            return self.inner.whoami()

    def now(self) -> datetime:
        """The vendor's clock."""
        with self.fence("now"):
            return self.inner.now()

    def slices(self, scope: Scope) -> list[Slice]:
        """The parts of properties that are a client's."""
        with self.fence("slices"):
            return self.inner.slices(scope)

    def properties(self) -> list[Property]:
        """Every property that the account may see."""
        with self.fence("properties"):
            return self.inner.properties()

    def describe(self, property: str) -> Property:
        """A property as it is now."""
        with self.fence("describe"):
            return self.inner.describe(property)

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer | Unanswered]:
        """Reports of one property."""
        with self.fence("ask"):
            yield from self.inner.ask(asks)

    def quotas(self, property: str) -> Sequence[Quota]:
        """What is left of a property's quota; nothing where the vendor does not tell."""
        with self.fence("quotas"):
            inner = self.inner
            return inner.quotas(property) if isinstance(inner, Metered) else ()

    def misfits(self, ask: Ask) -> list[str]:
        """Why the vendor would refuse a report."""
        with self.fence("misfits"):
            return self.inner.misfits(ask)
