"""What a run of ``syncer init`` or ``syncer client add`` knows, and what it begins with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from syncer.cli import ask
from syncer.cli.exits import Exit, Fault
from syncer.cli.output import Output

if TYPE_CHECKING:
    from syncer.onboarding.existing import Existing
    from syncer.onboarding.kept import Kept
    from syncer.onboarding.tools import Line
    from syncer.settings.connections import Opened
    from syncer.settings.places import Place
    from syncer.settings.shapes_answers import AnswersFile


class Work(Struct):
    """One run.

    Args:
        root: the folder of the configuration.
        environ: with what its ``.env`` adds.
        file: the file of answers, if one is named.
        asks: whether somebody can be asked.
        dry: nothing is written.
        only: key and name of the one client that is wanted.
        account: a time zone that an account has, and the name of its connection.
    """

    root: Path
    environ: dict[str, str]
    output: Output
    existing: "Existing"
    kept: "Kept"
    file: "Place | None" = None
    asks: bool = False
    dry: bool = False
    only: tuple[str, str] | None = None
    opened: "dict[str, Opened]" = field(default_factory=dict)
    lines: "dict[str, Line]" = field(default_factory=dict)
    account: tuple[str, str] = ("", "")

    @property
    def answers(self) -> "AnswersFile":
        """What was said, now and before."""
        from syncer.settings.shapes_answers import AnswersFile

        return AnswersFile.model_validate(self.kept.answers)

    @property
    def zone(self) -> str:
        """Of the agency: as answered, else as a tool's account has it, else this machine's."""
        return self.answers.zone or self._told_zone()[0] or machine_zone()

    @property
    def zone_from(self) -> str:
        """Who says so, where nobody answered."""
        name = self._told_zone()[1]
        return f"as {name} has it" if name else "this machine's zone"

    def _told_zone(self) -> tuple[str, str]:
        """A zone that an account has, and the name of its connection."""
        from syncer.settings.shapes import zone

        for name, seen in sorted(self.kept.seen.items()):
            with suppress(ValueError):
                # What was seen is forgotten once it is written: this is told after that.
                self.account = zone(seen.account.zone), name
                break
        return self.account

    def remember(self) -> None:
        """Keep what is known by now, so that a run that breaks off can go on."""
        from syncer.onboarding.files import keep

        if not self.dry:
            with writing(self.root):
                keep(self.root, self.kept)


def begin(
    root: Path, environ: Mapping[str, str], output: Output, answers: Path | None, *, dry: bool
) -> Work:
    """Read what is there. Raises ``ConfigurationError`` where it cannot be read."""
    from syncer.onboarding.asking import merged
    from syncer.onboarding.existing import existing
    from syncer.onboarding.kept import load
    from syncer.settings.answers import answers as read
    from syncer.settings.environment import merged as environment

    if root.exists() and not root.is_dir():
        raise Fault(f"{root} is not a folder", Exit.CONFIGURATION)
    kept, file = load(root), None
    if answers is not None:
        file, said = read(answers)
        # Where a key may hold one form or another, the library warns of the one it is not.
        told = said.model_dump(mode="json", exclude_unset=True, warnings=False)
        kept.answers = merged(kept.answers, told)
    asks = file is None and not output.json and ask.can_ask()
    work = Work(
        root, environment(root, environ), output, existing(root, kept), kept, file, asks, dry
    )
    if asks and not (work.answers.zone or work.existing.sync):
        kept.answers["zone"] = _zone()
    return work


def machine_zone() -> str:
    """The time zone of this machine by its name; UTC where it has none."""
    from syncer.settings.shapes import zone

    named = os.environ.get("TZ", "").lstrip(":")
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    for name in (named, linked):
        try:
            return zone(name)
        except ValueError:
            continue
    return "UTC"


def _zone() -> str:
    from syncer.settings.shapes import zone

    while True:
        said = ask.words("Time zone of the agency, like Europe/London", machine_zone())
        try:
            return zone(said)
        except ValueError as error:
            ask.say(str(error))


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turns what goes wrong with files into a clear message."""
    try:
        yield
    except OSError as error:
        text = f"{error.filename or root} cannot be written: {error.strerror}"
        raise Fault(text, Exit.CONFIGURATION) from None
