"""One link of a record, with what its system said of it in this cycle."""

from msgspec import Struct, field

from syncer.engine.sites import Site
from syncer.model.decisions import View
from syncer.model.records import Link, LinkStatus
from syncer.model.remote import Change, Gone, RemoteRecord
from syncer.model.values import MISSING


class Twin(Struct):
    """One link of a record, with what its system said of it in this cycle.

    ``site`` is None where the system is down or no longer mapped; ``fresh`` says that the
    record was told in this cycle, so that ``view`` is not made from memory; ``joined`` that it
    became a twin in this cycle; ``returned`` that it had left the scope and is back in it.
    ``was`` is the remote id that it had until it was merged; ``mark`` the fingerprint of ``record``.
    """

    link: Link
    site: Site | None = None
    record: RemoteRecord | None = None
    fresh: bool = False
    joined: bool = False
    returned: bool = False
    gone: Gone | None = None
    absent: bool = False
    changes: list[Change] = field(default_factory=list)
    view: View | None = None
    was: str | None = None
    kept: Link | None = None
    mark: int | None = None
    _rests: bool | None = None

    @property
    def rests(self) -> bool:
        """Whether something that was told of it is not decided on yet, when it was loaded."""
        if self._rests is None:
            known = self.link.fields.values()
            self._rests = any(each.shown is not MISSING or each.told for each in known)
        return self._rests

    @property
    def live(self) -> bool:
        """Whether this twin can be read and written now."""
        return self.view is not None and self.link.status is LinkStatus.LINKED

    @property
    def ended(self) -> bool:
        """Whether it was deleted in this cycle: there is nothing to write to any more."""
        return self.gone is not None or self.absent
