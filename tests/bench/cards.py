"""vdirsyncer beside us: two local folders of cards that hold what our records hold.

Nothing is asked over a network there, and nobody owns a field: it compares files.
"""

import filecmp
from pathlib import Path
from typing import Final

from tests.bench.environments import Failed, program
from tests.bench.records import item
from tests.bench.running import Cost, run

_CONFIG: Final = """
[general]
status_path = "{root}/status/"

[pair p]
a = "a"
b = "b"
collections = ["c"]

[storage a]
type = "filesystem"
path = "{root}/a/"
fileext = ".vcf"

[storage b]
type = "filesystem"
path = "{root}/b/"
fileext = ".vcf"
"""


class Cards:
    """Two folders and the program that keeps them the same."""

    def __init__(self, root: Path, count: int) -> None:
        self.root, self.count = root, count
        for side in "ab":
            (root / side / "c").mkdir(parents=True)
        (root / "config").write_text(_CONFIG.format(root=root))
        for number in range(count):
            self._file(number).write_text(_card(number, 0))
        self._run("discover")
        self.sync()

    def sync(self) -> Cost:
        """One run; the two folders hold the same after it."""
        cost = self._run("sync")
        self._same()
        return cost

    def change(self, count: int, again: int) -> None:
        """Edit so many cards on one side, spread over all."""
        for number in range(count):
            which = number * self.count // count
            self._file(which).write_text(_card(which, again))

    def _run(self, word: str) -> Cost:
        # It prints a line an item; that is not to be paid for twice.
        words: list[str | Path] = [
            program("vdirsyncer"),
            "-v",
            "WARNING",
            "-c",
            self.root / "config",
            word,
        ]
        return run(words, self.root, silent=True)

    def _file(self, number: int) -> Path:
        return self.root / "a" / "c" / f"u{number:07}.vcf"

    def _same(self) -> None:
        names = [file.name for file in (self.root / "a" / "c").iterdir()]
        there = {file.name for file in (self.root / "b" / "c").iterdir()}
        if len(names) != self.count or set(names) != there:
            raise Failed(f"vdirsyncer: {len(names)} and {len(there)} cards, not {self.count}")
        folders = self.root / "a" / "c", self.root / "b" / "c"
        _, unequal, unread = filecmp.cmpfiles(*folders, names, shallow=False)
        if unequal or unread:
            raise Failed(f"vdirsyncer: {len(unequal) + len(unread)} cards are not equal")


def _card(number: int, again: int) -> str:
    """The values of an item as the lines of a card, about 1 KB."""
    values = item(number, f"p{number % 20}") | {"again": again}
    lines = "".join(f"X-{name.upper()}:{value}\r\n" for name, value in values.items())
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u{number:07}\r\nFN:{values['name']}\r\n"
        f"N:{values['code']};{number};;;\r\n{lines}END:VCARD\r\n"
    )
