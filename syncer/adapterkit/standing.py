"""The part of the contract that tells how an adapter's credentials stand with the vendor.

``syncer check --live`` asks for it. It is optional: of an adapter that lacks these methods only
its definitions are looked at. They write nothing and raise the errors of
:mod:`syncer.adapterkit.errors` and nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct, field

from syncer.adapterkit.contract import Scope
from syncer.model.remote import Catalogue


class Wants(Struct, frozen=True):
    """What a connection is used for.

    Args:
        reads, writes: the objects that are read, and those that are written.
        customs: those of which custom fields are mapped.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    customs: frozenset[str] = frozenset()


class Lack(Struct, frozen=True):
    """Something that the account, its token or its plan does not allow.

    Args:
        what: what it is about, in a word or two: ``permissions``, ``seat``, ``plan``.
        cause, fix: why, and what to click or to write.
        fault: it cannot work like this; else it is only good to know.
    """

    what: str
    cause: str
    fix: str
    fault: bool = True


class Quota(Struct, frozen=True):
    """What is left of a limit, as the vendor tells it.

    Args:
        what: the limit in words: ``requests a day``.
        left, of: requests, or whatever the vendor counts.
        until: when it begins anew, where that is told.
    """

    what: str
    left: int
    of: int
    until: datetime | None = None


class Standing(Struct, frozen=True):
    """How the credentials stand.

    Args:
        account: the kind of account, in words, where the vendor tells.
        rights: what the token may do, in the vendor's words.
    """

    account: str = ""
    rights: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()
    quotas: tuple[Quota, ...] = field(default=())


@runtime_checkable
class Teller(Protocol):
    """An adapter that can tell how its credentials stand."""

    def standing(self, wants: Wants) -> Standing:
        """Kind of account, permissions of the token and what is left of its quota.

        At most three requests.
        """
        ...

    def lacks(self, scope: Scope, catalogue: Catalogue, wants: Wants) -> Sequence[Lack]:
        """What the account may not do in a client's place: seats that only read, missing plans.

        A request for each container at most, and two beside them.
        """
        ...

    def template(self, object: str, name: str, catalogue: Catalogue) -> str:
        """Why a new one cannot be a copy of the thing of this name; empty if it can."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A source whose vendor tells what is left of a property's quota."""

    def quotas(self, property: str) -> Sequence[Quota]:
        """What is left now; one request, which may cost a little of it itself.

        Raises:
            WaitAndRetry: what is left is kept in reserve.
        """
        ...
