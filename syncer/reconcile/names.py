"""Names as people mean them: alike after NFKC, letter case and white space."""

import re
import unicodedata


def fold(value: object) -> object:
    """Text after NFKC, case folding and white space; anything else as it is."""
    return folded(value) if isinstance(value, str) else value


def folded(text: str) -> str:
    """Text after NFKC, case folding and white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def fits(pattern: str, name: str) -> bool:
    """Whether a name is what a pattern means; ``*`` stands for any text, nothing else is special."""
    parts = (re.escape(part) for part in re.split(r"\*+", folded(pattern)))
    return re.fullmatch(".*".join(parts), folded(name), re.DOTALL) is not None


def is_plain(pattern: str) -> bool:
    """Whether a pattern is a name that can be written."""
    return "*" not in pattern
