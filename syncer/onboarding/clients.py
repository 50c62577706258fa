"""Clients as they will be written: what is sure, what was answered, and what is still to ask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.model.surveys import Spot
from syncer.model.values import Json
from syncer.onboarding.asking import SKIP, Choice, Path, Question, percent
from syncer.onboarding.kept import mark
from syncer.onboarding.yamltext import remark
from syncer.settings.shapes_answers import AnswersFile, ClientAnswer
from syncer.suggest.clients import ClientIdea, Fit, Known, clients, joined
from syncer.suggest.names import alike

_CLOSE: Final = 0.8
"""A key that somebody types is often only the beginning of a name."""

WHICH: Final = "Only one tool has these. Which of them are clients of yours?"


class Scope(Struct, frozen=True):
    """Where a client lives in a connection, and a word about it for whoever reads the file."""

    options: Mapping[str, Json]
    about: str = ""


class NewClient(Struct):
    """A client to write, or new places of one that stands there already.

    ``hints`` are lines of comment: places that it may have.
    """

    key: str
    name: str
    zone: str
    mode: str
    scopes: dict[str, Scope] = field(default_factory=dict)
    hints: list[tuple[str, Scope]] = field(default_factory=list)
    known: bool = False


class ClientDraft(Struct):
    """All of them; ``done`` marks what nobody need be asked about again."""

    clients: list[NewClient] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    wrong: list[tuple[Path, str]] = field(default_factory=list)


def draft(
    spots: Mapping[str, Sequence[Spot]],
    known: Sequence[Known],
    answers: AnswersFile,
    zone: str,
    *,
    every: Mapping[str, Sequence[Spot]],
    only: tuple[str, str] | None = None,
) -> ClientDraft:
    """Clients from what was found and answered.

    Args:
        spots: by connection, places that no client has and that nobody has left out.
        known: clients that there are.
        answers: what was said.
        zone: of the agency.
        every: with those that were left out once: an answer may name any of them.
        only: key and name of the one client that is wanted; the others are left alone.
    """
    return _Drafting(spots, every, known, answers, zone).made(only)


class _Drafting:
    def __init__(
        self,
        spots: Mapping[str, Sequence[Spot]],
        every: Mapping[str, Sequence[Spot]],
        known: Sequence[Known],
        answers: AnswersFile,
        zone: str,
    ) -> None:
        self._spots, self._every, self._known = spots, every, known
        self._answers, self._zone = answers, zone
        self._draft = ClientDraft()
        self._claims = {mark(name, spot): key for key, name, spot in self._named()}

    def made(self, only: tuple[str, str] | None) -> ClientDraft:
        """Ideas in their order; then clients that only the answers know."""
        ideas = clients(self._free(), self._known)
        if only is not None:
            ideas = _wanted(ideas, *only)
        for idea in ideas:
            self._of_idea(idea, wanted=only is not None)
        known = {idea.key for idea in ideas} | {client.key for client in self._known}
        for key, said in self._answers.clients.items():
            new = key not in known and (only is None or key == only[0])
            if new and isinstance(said, ClientAnswer):
                self._of_idea(ClientIdea(key, said.name or key, {}, {}), wanted=True)
        return self._draft

    def _free(self) -> dict[str, list[Spot]]:
        """Without what an answer gives to a client of another key."""
        keys = {idea.key for idea in clients(self._spots, self._known)}
        gone = {each for each, key in self._claims.items() if key not in keys}
        return {n: [s for s in each if mark(n, s) not in gone] for n, each in self._spots.items()}

    def _named(self) -> Iterator[tuple[str, str, Spot]]:
        """Client, connection and place that answers name."""
        for key, said in self._answers.clients.items():
            for name, where in said.scopes.items() if isinstance(said, ClientAnswer) else ():
                hits = self._called(name, where) if isinstance(where, str) else []
                if len(hits) == 1:
                    yield key, name, hits[0]

    def _called(self, name: str, where: str) -> list[Spot]:
        """The places that an id, else an exact name, means."""
        here = self._every.get(name, ())
        by_id = [spot for spot in here if where in (spot.id, *spot.aliases)]
        return by_id or [spot for spot in here if spot.name == where]

    def _of_idea(self, idea: ClientIdea, *, wanted: bool) -> None:
        said = self._answers.clients.get(idea.key)
        if said == SKIP and not wanted:
            self._settle(idea.scopes)
            return
        if said is None and not idea.sure and not wanted:
            self._ask_for_all(idea)
            return
        told = said if isinstance(said, ClientAnswer) else ClientAnswer()
        made = NewClient(
            key=idea.key,
            name=told.name or idea.name,
            zone=told.zone or self._zone,
            mode=str(told.mode or self._answers.mode),
            known=idea.known,
        )
        for name in dict.fromkeys([*idea.scopes, *idea.unsure, *told.scopes]):
            self._scope(made, idea, name, told.scopes.get(name))
        if made.scopes:
            self._draft.clients.append(made)

    def _scope(self, made: NewClient, idea: ClientIdea, name: str, said: Any) -> None:
        fits, unsure = idea.scopes.get(name, ()), idea.unsure.get(name, ())
        if said == SKIP:
            self._settle({name: (*fits, *unsure)})
        elif isinstance(said, Mapping):
            made.scopes[name] = Scope(said)
        elif isinstance(said, str):
            hits = self._called(name, said)
            if len(hits) == 1:
                self._take(made, name, (Fit(hits[0], 1.0),))
            else:
                self._draft.wrong.append((("clients", made.key, "scopes", name), _many(said, hits)))
        elif fits:
            self._take(made, name, fits)
        elif unsure:
            made.hints += [(name, Scope(fit.spot.scope, about([fit]))) for fit in unsure]
            self._ask_for_place(made, name, unsure)

    def _take(self, made: NewClient, name: str, fits: Sequence[Fit]) -> None:
        options = joined(fits)
        if options is not None:
            made.scopes[name] = Scope(options, about(fits))
            self._settle({name: fits})

    def _settle(self, scopes: Mapping[str, Sequence[Fit]]) -> None:
        self._draft.done |= {mark(n, fit.spot) for n, fits in scopes.items() for fit in fits}

    def _ask_for_all(self, idea: ClientIdea) -> None:
        [(name, fits)] = idea.scopes.items()
        if mark(name, fits[0].spot) in self._claims:
            return
        text = f"{name}: {about(fits[:1], scored=False)}"
        yes = Choice({}, f"a client, {idea.key}")
        path = ("clients", idea.key)
        self._draft.questions.append(Question(path, text, (yes,), group=WHICH))

    def _ask_for_place(self, made: NewClient, name: str, unsure: Sequence[Fit]) -> None:
        free = [fit for fit in unsure if mark(name, fit.spot) not in self._claims]
        choices = tuple(Choice(fit.spot.id, about([fit], scored=False), fit.score) for fit in free)
        if choices:
            text = f"Where in {name} does {made.name} live?"
            path = ("clients", made.key, "scopes", name)
            self._draft.questions.append(Question(path, text, choices))


def _wanted(ideas: Sequence[ClientIdea], key: str, name: str) -> list[ClientIdea]:
    """The one idea that is called so, under the key that was asked for."""
    scored = [(alike(name, idea.name), idea) for idea in ideas if not idea.known]
    scored.sort(key=lambda pair: -pair[0])
    close = [idea for score, idea in scored if score >= max(_CLOSE, scored[0][0])]
    return [replace(close[0], key=key)] if len(close) == 1 else []


def about(fits: Sequence[Fit], *, scored: bool = True) -> str:
    """A place in words: ``"Tarn Outdoor", 2 projects, last active 2026-11-20, 96 %``."""
    words = [", ".join(f'"{remark(fit.spot.name)}"' for fit in fits)]
    for spot in [fits[0].spot] if len(fits) == 1 else []:
        words += [_counted(spot.size, spot.unit)] if spot.size is not None else []
        words += [f"last active {spot.active:%Y-%m-%d}"] if spot.active else []
    least = min(fit.score for fit in fits)
    return ", ".join(words + ([percent(least)] if scored else []))


def _counted(size: int, unit: str) -> str:
    return f"{size} {unit.removesuffix('s') if size == 1 else unit}"


def _many(said: str, hits: Sequence[Spot]) -> str:
    if hits:
        return f'{len(hits)} places are called "{said}"; write the id of one of them'
    return f'there is no place "{said}" that is not some client\'s already'
