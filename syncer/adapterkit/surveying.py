"""The part of the contract that tells what an account holds, before any scope is known.

``syncer init`` asks for it to propose clients and people. It is optional: an adapter, or a source,
that lacks these methods works like any other, and its part of the configuration is written by
hand. They raise the errors of :mod:`syncer.adapterkit.errors` and nothing else.
"""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from syncer.model.remote import RemotePerson
from syncer.model.surveys import Spot


@runtime_checkable
class Surveyor(Protocol):
    """An adapter or a source that can look around in its account. Nothing is written."""

    def spots(self) -> Iterator[Spot]:
        """Every place that can be a client's scope, as soon as it is known, in fewest requests.

        The ``scope`` of each is accepted by the adapter's model of scopes. A spot that is in
        another comes after it. What the credentials do not show is not told.

        Raises:
            WaitAndRetry: the listing broke off; what was told so far is true and not all.
        """
        ...

    def everybody(self) -> Iterator[RemotePerson]:
        """The people of the account, each once: who has left is not ``active``.

        None where nobody edits anything: a system that only counts.
        """
        ...
