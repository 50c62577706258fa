"""The contract between the engine and a source: an adapter to a system that only counts.

It has no records and takes no writes, so nothing of the other contract applies to it. It knows
the vendor's reports and nothing of goals, entities or roles; like an adapter it is safe to call
from several threads and raises the errors of :mod:`syncer.adapterkit.errors` and nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from syncer.adapterkit.addresses import Reads, nowhere
from syncer.adapterkit.contract import AdapterSpec, Opening, Scope, Strict
from syncer.adapterkit.errors import AdapterError
from syncer.model.measures import Answer, Ask, Property, Slice
from syncer.model.remote import RemotePerson


class Unanswered(Struct, frozen=True):
    """A report that cannot be had as it is asked; the others of the same call can."""

    ask: Ask
    error: AdapterError


@runtime_checkable
class Measurer(Protocol):
    """One system of figures, opened with one set of credentials. Read-only by its kind."""

    def whoami(self) -> RemotePerson:
        """The account the credentials belong to."""
        ...

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it. No request of its own."""
        ...

    def slices(self, scope: Scope) -> list[Slice]:
        """The parts of properties that are a client's and its projects'. No request."""
        ...

    def properties(self) -> list[Property]:
        """Every property that the account may see."""
        ...

    def describe(self, property: str) -> Property:
        """A property as it is now: its zone and its currency. One request.

        Raises:
            AskPerson: there is none of this id, or the account may not see it.
        """
        ...

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer | Unanswered]:
        """Reports of one property, whole, in as few calls as the vendor allows; in any order.

        Raises:
            WaitAndRetry: what is left of the quota is kept in reserve, or the vendor is down.
                ``seconds`` says for how long.
            StopConnection: the credential is refused.
            AskPerson: the property cannot be read.
        """
        ...

    def misfits(self, ask: Ask) -> list[str]:
        """Why the vendor would refuse a report: metrics and dimensions that do not go together."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


class SourceSpec(Struct, frozen=True):
    """What the folder of a system that only counts exports as ``ADAPTER``.

    Args:
        name: the folder's name and the value of ``adapter:`` in ``sync.yaml``.
        open: opens it; the arguments are those of an :class:`AdapterSpec`.
        options: pydantic model of a connection's options. Secret fields are ``SecretStr``.
        scope: pydantic model of a client's scope in such a connection.
        addresses: which property of it an address from a browser shows.
    """

    name: str
    open: Callable[[Opening], Measurer]
    options: type[Strict]
    scope: type[Strict]
    addresses: Reads = nowhere


Spec = AdapterSpec | SourceSpec
"""What an adapter folder may export."""
