"""Where the configuration and the mappings that come with syncer lie."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped() -> Path:
    """The folder that holds the shipped ``config/`` and ``mappings/``.

    In an installed wheel they lie inside the package, in a source tree beside it.
    """
    packed = _HERE / "_shipped"
    return packed if packed.is_dir() else _HERE.parent
