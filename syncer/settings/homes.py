"""Where people can be told something."""

from collections.abc import Collection, Iterator

from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion, unknown


def no_home(
    place: Place, home: str, known: Collection[str] | None, counters: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with the connection or system in which somebody is to be told."""
    if home in counters:
        text = f"{home} only counts: nobody can be told anything there"
        yield place.problem(text, "name a tool that takes comments", value=True)
    elif unknown(home, known):
        fix = suggestion(home, known or (), "systems and connections")
        yield place.problem(f'there is no system "{home}"', fix, value=True)
