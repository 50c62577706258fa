"""What a connection to a world in memory can be told."""

from typing import Final, Literal

from pydantic import Field, SecretStr

from syncer.adapterkit.contract import Strict

DAY: Final = "day"
INSTANT: Final = "instant"


class Quirks(Strict):
    """How this vendor differs from the perfect one; a vendor's nature, not a person's choice.

    Args:
        finest: ``day``: dates only; ``instant``: instants only; ``either``: keeps which.
        max_text: characters of the longest text taken.
        single_person: an item has one person, not a set.
        trim: texts lose white space at both ends.
        no_history: fields whose author and old value are not told.
        capitals: texts come back in capitals.
        seconds: instants keep their seconds; else they are dropped.
        decimals: numbers are rounded to so many digits after the point.
        newest_first: listings begin with what was made last.
        lists: the status of an item is a list of its project, and people add lists.
        comments: the objects that take comments.
        to_dos: mentions notify nobody, and tasks can be assigned to people instead.
    """

    finest: Literal["day", "instant", "either"] = "either"
    max_text: int | None = Field(default=None, gt=0)
    single_person: bool = False
    trim: bool = False
    no_history: frozenset[str] = frozenset()
    capitals: bool = False
    seconds: bool = True
    decimals: int | None = Field(default=None, ge=0)
    newest_first: bool = False
    lists: bool = True
    comments: frozenset[Literal["project", "item"]] = frozenset({"item"})
    to_dos: bool = False


class Options(Quirks):
    """A connection's options.

    Args:
        world: the name of the world in this process.
        user: who the credentials stand for.
        token: what the world asks this user for, if it asks.
        read_only: refuse every write.
        page: records on a page.
        batch: writes in one request.
        in_flight: requests under way at once.
    """

    world: str
    user: str = "syncer"
    token: SecretStr | None = None
    read_only: bool = False
    page: int = Field(default=100, gt=0)
    batch: int = Field(default=1, gt=0)
    in_flight: int = Field(default=4, gt=0)

    def quirks(self) -> Quirks:
        """The quirks alone."""
        return Quirks(**self.model_dump(include=set(Quirks.model_fields)))


class ScopeOptions(Strict):
    """A client's place: the projects of one team."""

    team: str = "main"
