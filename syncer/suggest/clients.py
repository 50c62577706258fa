"""Which places in several tools are one client's, by their names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from syncer.model.surveys import Spot
from syncer.model.values import Json
from syncer.suggest.names import MAYBE, SURE, alike, begins, key_of, of_domain

_MARGIN: Final = 0.05
"""By so much the best must be better than the next, or it may be either."""

_PART: Final = 0.95
"""A board or project that begins with the client's name."""

_SHOWN: Final = 3


class Fit(Struct, frozen=True):
    """A place that may be a client's, and how well it fits."""

    spot: Spot
    score: float


class Known(Struct, frozen=True):
    """A client that there is already.

    Args:
        places: connections in which it has a place of its own.
        parts: connections in which it lives in single boards or projects, so more may come.
    """

    key: str
    name: str
    places: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


class ClientIdea(Struct, frozen=True):
    """A client that there may be.

    Args:
        key: for ``sync.yaml``; ``name`` as it stands in the tool that begins.
        scopes: by connection the places that are sure; several are parts of one scope.
        unsure: by connection the places that it may be, the best first; none is chosen.
        known: it is there already, and the places are new.
    """

    key: str
    name: str
    scopes: Mapping[str, tuple[Fit, ...]] = field(default_factory=dict)
    unsure: Mapping[str, tuple[Fit, ...]] = field(default_factory=dict)
    known: bool = False

    @property
    def sure(self) -> bool:
        """Whether two tools know it by the same name: of one alone nobody can tell."""
        return self.known or len(self.scopes) > 1


def joined(fits: Sequence[Fit]) -> dict[str, Json] | None:
    """The scope that means all of these places; None if there is no such one."""
    made: dict[str, Json] = {}
    for fit in fits:
        for key, value in fit.spot.scope.items():
            before = made.get(key)
            if isinstance(before, list) and isinstance(value, list):
                made[key] = [*before, *(item for item in value if item not in before)]
            elif before not in (None, value):
                return None
            else:
                made[key] = value
    return made


def clients(found: Mapping[str, Sequence[Spot]], known: Sequence[Known] = ()) -> list[ClientIdea]:
    """Every client that the places suggest, those that are sure first, then by name.

    Args:
        found: connection to its places that nobody has said anything of yet.
        known: clients that there are already; of them only new places are told.
    """
    matching = _Matching(found, {client.key for client in known})
    ideas = [*matching.of_known(known), *matching.of_places()]
    return sorted(ideas, key=lambda idea: (not idea.sure, idea.name.casefold()))


class _Matching:
    """Begins with tools that know domains: there a client has its full name."""

    def __init__(self, found: Mapping[str, Sequence[Spot]], taken: set[str]) -> None:
        names = sorted(found, key=lambda name: not any(spot.domain for spot in found[name]))
        self._wholes = {n: [s for s in found[n] if s.whole and s.name] for n in names}
        self._parts = {n: [s for s in found[n] if not s.whole and s.name] for n in names}
        self._taken = taken
        self._used: set[tuple[str, str, str]] = set()
        self._settled: set[tuple[str, str, str]] = set()

    def of_known(self, known: Sequence[Known]) -> Iterator[ClientIdea]:
        """New places of clients that there are."""
        for client in known:
            anchor = Spot("client", client.key, client.name)
            scopes: dict[str, tuple[Fit, ...]] = {}
            unsure: dict[str, tuple[Fit, ...]] = {}
            for name in [n for n in self._wholes if n not in client.places]:
                if name in client.parts:
                    scopes[name] = self._taken_up(name, self._parts_of(name, anchor))
                else:
                    self._matched(("", name), anchor, scopes, unsure)
            scopes = {name: fits for name, fits in scopes.items() if fits}
            if scopes or unsure:
                yield ClientIdea(client.key, client.name, scopes, unsure, known=True)

    def of_places(self) -> Iterator[ClientIdea]:
        """Clients that nobody has named yet."""
        for name, spots in self._wholes.items():
            for spot in spots:
                if (name, spot.kind, spot.id) not in self._used:
                    yield self._idea(name, spot)

    def _idea(self, own: str, anchor: Spot) -> ClientIdea:
        scopes = {own: self._taken_up(own, (Fit(anchor, 1.0),))}
        unsure: dict[str, tuple[Fit, ...]] = {}
        for name in [name for name in self._wholes if name != own]:
            self._matched((own, name), anchor, scopes, unsure)
        key = key_of(anchor.name, self._taken, "client")
        self._taken.add(key)
        return ClientIdea(key, anchor.name, scopes, unsure)

    def _matched(
        self,
        tools: tuple[str, str],
        anchor: Spot,
        scopes: dict[str, tuple[Fit, ...]],
        unsure: dict[str, tuple[Fit, ...]],
    ) -> None:
        own, name = tools
        fits = self._ranked(name, anchor)
        sure = self._chosen(tools, anchor, fits)
        if not sure and not any(fit.score >= SURE for fit in fits):
            sure = self._parts_of(name, anchor)
        if sure:
            self._settled.add((own, anchor.id, name))
            scopes[name] = self._taken_up(name, sure)
        elif fits:
            unsure[name] = tuple(fits[:_SHOWN])

    def _taken_up(self, name: str, fits: tuple[Fit, ...]) -> tuple[Fit, ...]:
        for fit in fits:
            self._use(name, fit.spot)
        return fits

    def _use(self, name: str, spot: Spot) -> None:
        self._used.add((name, spot.kind, spot.id))

    def _free(self, name: str, spots: Sequence[Spot]) -> list[Spot]:
        return [s for s in spots if (name, s.kind, s.id) not in self._used]

    def _ranked(self, name: str, anchor: Spot) -> list[Fit]:
        fits = [Fit(spot, score(anchor, spot)) for spot in self._free(name, self._wholes[name])]
        return sorted((f for f in fits if f.score >= MAYBE), key=_order)

    def _chosen(self, tools: tuple[str, str], anchor: Spot, fits: list[Fit]) -> tuple[Fit, ...]:
        """The best, if it is sure, alone, and nobody else's rather."""
        if not fits or fits[0].score < SURE:
            return ()
        (best, *others), (own, name) = fits, tools
        # What is empty does not compete with what is used.
        others = [fit for fit in others if fit.spot.size != 0 or best.spot.size == 0]
        if others and others[0].score > best.score - _MARGIN:
            return ()
        rivals = (
            spot
            for spot in self._wholes.get(own, ())
            if spot is not anchor and (own, spot.id, name) not in self._settled
        )
        if any(score(rival, best.spot) > best.score - _MARGIN for rival in rivals):
            return ()
        return (best,)

    def _parts_of(self, name: str, anchor: Spot) -> tuple[Fit, ...]:
        """Boards or projects called after the client, and after none with a longer name."""
        longer = [s.name for s in self._everywhere() if begins(anchor.name, s.name)]
        fits = tuple(
            Fit(spot, _PART if begins(anchor.name, spot.name) else 1.0)
            for spot in self._free(name, self._parts[name])
            if (begins(anchor.name, spot.name) or alike(anchor.name, spot.name) == 1.0)
            and not any(begins(other, spot.name) or other == spot.name for other in longer)
        )
        return fits if joined(fits) is not None else ()

    def _everywhere(self) -> Iterator[Spot]:
        return (spot for spots in self._wholes.values() for spot in spots)


def _order(fit: Fit) -> tuple[float, bool, str]:
    """The best first; of equals one in which there is something."""
    return (-fit.score, fit.spot.size == 0, fit.spot.id)


def score(one: Spot, other: Spot) -> float:
    """How likely two places in different tools are one client's."""
    by_domain = max(of_domain(one.domain, other.name), of_domain(other.domain, one.name))
    return max(alike(one.name, other.name), by_domain)
