"""A plan that was saved: what a later run carries out exactly, or not at all."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec import field as factory

from syncer.model.values import Json


class SavedItem(Struct, frozen=True):
    """One thing that a run would do, or that what it does rests on.

    Args:
        kind: ``action``, ``write``, ``agreed``, ``verdict``, ``proposal``, ``link``, ``hold``,
            ``remap``, ``refusal`` or ``down``.
        key: what it is about; the same whenever it is thought again. A record that is new is
            named by the thing it was found as, not by the id it would get.
        title, connection, field: the same for people, as far as it has them.
        said: what is compared, as JSON.
    """

    kind: str
    key: tuple[str, ...]
    title: str = ""
    connection: str = ""
    field: str = ""
    said: Mapping[str, Json] = factory(default_factory=dict)


class SavedClient(Struct, frozen=True):
    """The saved plan of one client.

    Args:
        cycle: the id of the cycle that planned it: no two plans are the same one.
        configuration: the fingerprint of what decided.
        full: everything was compared; ``compared`` are connections that were left out of that.
    """

    client: str
    cycle: str
    configuration: str
    full: bool = False
    compared: tuple[str, ...] = ()
    items: tuple[SavedItem, ...] = ()


class SavedPlan(Struct, frozen=True):
    """What one file holds: plans of one client or several, made with one state.

    Args:
        state: the identity of that state.
        made_at: when, as ISO 8601; ``version`` is of the program.
    """

    state: str
    made_at: str
    version: str
    clients: tuple[SavedClient, ...] = ()

    def of(self, client: str) -> SavedClient | None:
        """The plan of one client."""
        return next((each for each in self.clients if each.client == client), None)


class Moved(Struct, frozen=True):
    """One thing that is not as it was planned: gone (nothing now), new, or different."""

    planned: SavedItem | None = None
    now: SavedItem | None = None

    @property
    def item(self) -> SavedItem:
        """The one of the two that there is."""
        found = self.now or self.planned
        assert found is not None
        return found
