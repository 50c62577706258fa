"""What the names of the program's own variables begin with."""

from typing import Final

PREFIX: Final = "SYNCER_"
