"""Errands: what belongs together for one person, and where it might be told."""

from msgspec import Struct

from syncer.engine.heads_up.spots import Spot
from syncer.model.notices import Notice


class Errand(Struct, frozen=True):
    """Notices for one person that belong together, and where they might be told, the best first.

    ``in_one``: they are put into words as one, which counts them and names a few.
    """

    notices: tuple[Notice, ...]
    spots: tuple[Spot, ...]
    digest: bool = False
    in_one: bool = False

    @property
    def to(self) -> str | None:
        """For whom it is."""
        return self.notices[0].to
