"""Small pieces of YAML as people would write them, and putting them into a file of somebody's."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z_]*(?:[ -][A-Za-z_]+)*")
_WORDS: Final = frozenset("true false null yes no on off y n".split())
_KEY: Final = re.compile(r"([A-Za-z0-9_.-]+):")


class NoRoom(ValueError):
    """A file is written in a way that leaves no line to add something; the text says where."""


def inline(value: Any) -> str:
    """A value on one line, with quotes only where they are needed."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{inline(str(key))}: {inline(item)}" for key, item in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, str) and not _is_plain(value):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value)


def scalar(text: str) -> str:
    """A text as the value of a key: names may hold more without quotes there."""
    fine = re.fullmatch(r"[A-Za-z][\w &.,()/'+-]*", text) and not text.endswith(("'", " "))
    return text if fine and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def remark(text: str) -> str:
    """A vendor's text as part of a comment: it never goes on in a line of its own."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _WORDS


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """The top-level keys of a file, each with its lines and the comments that stand before it.

    The comment that begins the file comes first, under an empty key.
    """
    key, kept, waiting = "", list[str](), list[str]()
    for line in text.splitlines():
        found = _KEY.match(line)
        if found:
            yield key, kept
            key, kept, waiting = found[1], [*waiting, line], []
        elif line.startswith("#") or not line.strip():
            waiting.append(line)
        else:
            kept += [*waiting, line]
            waiting = []
        if not key:
            kept, waiting = [*kept, *_ended(waiting)], _begun(waiting)
    yield key, [*kept, *waiting]


def _ended(lines: Sequence[str]) -> list[str]:
    """Comment up to its last blank line."""
    at = max((n for n, line in enumerate(lines) if not line.strip()), default=-1)
    return list(lines[: at + 1])


def _begun(lines: Sequence[str]) -> list[str]:
    return list(lines[len(_ended(lines)) :])


def added(
    text: str, path: Sequence[str], lines: Sequence[str], check: Callable[[Any], bool]
) -> str:
    """A file with lines added at the end of what stands under some keys; all else stays.

    Args:
        text: YAML that is right.
        path: the keys that lead to a mapping in block style; none for the whole file.
        lines: without indentation.
        check: whether the data of the new file is what it should be.

    Raises :class:`NoRoom` if that cannot be done: the mapping is not in block style.
    """
    every = text.splitlines()
    at, indent = _end(every, path)
    made = [f"{' ' * indent}{line}" if line else line for line in lines]
    new = "\n".join([*every[:at], *made, *every[at:]]) + "\n"
    if not check(YAML(typ="safe").load(new)):
        raise NoRoom(f"nothing can be added to {'.'.join(path)}")
    return new


def _end(every: Sequence[str], path: Sequence[str]) -> tuple[int, int]:
    """After which line a mapping ends, and how far its keys are indented."""
    here = YAML().load("\n".join(every))
    start, indent = 0, 0
    for key in path:
        start = here.lc.key(key)[0] + 1
        here = here[key]
        if not isinstance(here, CommentedMap):
            raise NoRoom(f"{'.'.join(path)} holds no keys")
        indent = here.lc.col
    if here.fa.flow_style():
        raise NoRoom(f"{'.'.join(path)} is written on one line")
    stop = next(
        (n for n in range(start, len(every)) if _outside(every[n], indent)) if path else iter(()),
        len(every),
    )
    while stop > start and (not every[stop - 1].strip() or _outside(every[stop - 1], indent)):
        stop -= 1
    return stop, indent


def _outside(line: str, indent: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip()) < indent
