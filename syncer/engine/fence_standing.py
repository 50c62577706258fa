"""A fence around what an adapter tells of its credentials, as the one around the rest of it."""

from collections.abc import Sequence

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.standing import Lack, Standing, Teller, Wants
from syncer.engine.fence import Fenced
from syncer.model.remote import Catalogue


def teller_of(adapter: Fenced) -> Teller | None:
    """Who tells how the credentials of an adapter stand; None where it cannot.

    Raises the error that opening the adapter ended with.
    """
    inner = adapter.inner
    return FencedTeller(adapter, inner) if isinstance(inner, Teller) else None


class FencedTeller:
    """A teller of which every failure is an :class:`AdapterError`."""

    def __init__(self, outer: Fenced, inner: Teller) -> None:
        self._fence = outer.fence
        self._inner = inner

    def standing(self, wants: Wants) -> Standing:
        """Account, permissions, quota."""
        with self._fence("standing"):
            return self._inner.standing(wants)

    def lacks(self, scope: Scope, catalogue: Catalogue, wants: Wants) -> Sequence[Lack]:
        """What it may not do in a client's place."""
        with self._fence("lacks"):
            return self._inner.lacks(scope, catalogue, wants)

    def template(self, object: str, name: str, catalogue: Catalogue) -> str:
        """Why a template cannot be copied."""
        with self._fence("template"):
            return self._inner.template(object, name, catalogue)
