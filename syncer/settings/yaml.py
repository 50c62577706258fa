"""Reading YAML 1.2 with the line and column of everything, and refusing what is dangerous.

Values are built here from the parser's nodes and not by its constructors: so no tag makes an
object, all duplicate keys are found at once, and an alias is counted each time it is unfolded.
"""

import re
from pathlib import Path as FilePath
from stat import S_ISREG
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from syncer.settings.places import Document, Mark
from syncer.settings.problems import Path, Problem

MAX_BYTES: Final = 512 * 1024
MAX_VALUES: Final = 50_000
MAX_DEPTH: Final = 40

_BRACKET: Final = re.compile(r"[][{}]")
_BRACKETS: Final = 500
"""Brackets open at once, wherever they stand; even text and comments have fewer."""

_PLAIN: Final = "tag:yaml.org,2002:"
_SCALARS: Final = frozenset({"str", "int", "float", "bool", "null", "timestamp"})
_ADVICE: Final = {
    "mapping values are not allowed": 'check the indentation, or quote text that holds ": "',
    "cannot start any token": "put the text in quotes",
    "found another document": 'remove the line "---"',
    "found undefined alias": "put text that begins with * in quotes",
    "unexpected end of stream": "close the quotes",
    "but got '<stream end>'": "close the bracket",
    "<block end>": "check the indentation",
}


class _Refused(Exception):
    """The rest of the file is not looked at."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Nothing(_Refused):
    """There is no file, or nothing in it."""


def read(
    path: FilePath, shown: str, *, optional: bool = False
) -> tuple[Document | None, list[Problem]]:
    """Read a file.

    Args:
        path: where it is.
        shown: how to call it in messages.
        optional: it may be missing, or hold nothing but comments.

    Returns the document, or None if it cannot be used at all, and what is wrong with it.
    """
    try:
        root = _compose(_text(path, shown), shown)
        unfolder = _Unfolder(shown)
        data = unfolder.value(root, ())
    except _Refused as refused:
        fine = optional and isinstance(refused, _Nothing)
        return None, [] if fine else [refused.problem]
    document = Document(shown, data, unfolder.keys, unfolder.values, unfolder.texts)
    return document, unfolder.problems


def _text(path: FilePath, shown: str) -> str:
    try:
        if not path.is_dir() and not S_ISREG(path.stat().st_mode):
            # A pipe would be waited for, and a device has no end.
            raise _Refused(Problem(shown, 1, 1, "this is not an ordinary file", "name another"))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            text = f"the file is larger than {MAX_BYTES // 1024} KiB"
            raise _Refused(Problem(shown, 1, 1, text, "split or shorten it"))
    except FileNotFoundError:
        problem = Problem(
            shown, 1, 1, "the file is missing", "docs/reference.md shows what it holds"
        )
        raise _Nothing(problem) from None
    except OSError as error:
        problem = Problem(shown, 1, 1, f"the file cannot be read ({error.strerror})")
        raise _Refused(problem) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused(_not_utf8(raw, error, shown)) from None


def _not_utf8(raw: bytes, error: UnicodeDecodeError, shown: str) -> Problem:
    before = raw[: error.start].decode("utf-8", "replace")
    line, column = _line_and_column(before)
    text = f"not UTF-8 (byte 0x{raw[error.start]:02x})"
    return Problem(shown, line, column, text, "save the file as UTF-8")


def _line_and_column(before: str) -> Mark:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _compose(text: str, shown: str) -> Node:
    _not_bottomless(text, shown)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise _Refused(_too_deep(shown, (1, 1))) from None
    except ReaderError as error:
        line, column = _line_and_column(text[: error.position])
        problem = Problem(shown, line, column, "a control character", "remove it")
        raise _Refused(problem) from None
    except MarkedYAMLError as error:
        raise _Refused(_syntax(error, text, shown)) from None
    except YAMLError:
        raise _Refused(Problem(shown, 1, 1, "the file is not YAML")) from None
    if root is None:
        fix = "docs/reference.md shows what it holds"
        raise _Nothing(Problem(shown, 1, 1, "the file is empty", fix))
    assert isinstance(root, Node)
    return root


def _not_bottomless(text: str, shown: str) -> None:
    """Refuse endless opening brackets, which the parser takes minutes over."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _BRACKETS:
            raise _Refused(_too_deep(shown, _line_and_column(text[: bracket.start()])))


def _syntax(error: MarkedYAMLError, text: str, shown: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = _mark(mark) if mark else (1, 1)
    what = str(error.problem or "the file is not YAML").strip()
    lines = text.splitlines()
    before = lines[line - 1][:column] if line <= len(lines) else ""
    if "\t" in before and not before.strip():
        return Problem(shown, line, column, "indented with a tab", "use spaces")
    fix = next((advice for part, advice in _ADVICE.items() if part in what), "")
    return Problem(shown, line, column, f"not YAML: {what}", fix)


def _too_deep(shown: str, mark: Mark) -> Problem:
    return Problem(shown, *mark, f"nested deeper than {MAX_DEPTH} levels", "flatten it")


def _mark(mark: Any) -> Mark:
    return mark.line + 1, mark.column + 1


class _Unfolder:
    """Turns nodes into plain values and notes where each of them stands."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.keys: dict[Path, Mark] = {(): (1, 1)}
        self.values: dict[Path, Mark] = {}
        self.texts: dict[Path, str] = {}
        self.problems: list[Problem] = []

    def value(self, node: Node, path: Path) -> Any:
        """The plain value of a node."""
        mark = _mark(node.start_mark)
        self.values[path] = mark
        if len(path) > MAX_DEPTH:
            raise _Refused(_too_deep(self.shown, mark))
        if len(self.values) > MAX_VALUES:
            text = f"the file unfolds to more than {MAX_VALUES} values"
            here = self.keys[path[:1]]
            raise _Refused(Problem(self.shown, *here, text, "write less of it with aliases (*)"))
        if isinstance(node, MappingNode):
            self._untagged(node, path, "map")
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            self._untagged(node, path, "seq")
            return [self._item(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _item(self, node: Node, path: Path) -> Any:
        self.keys[path] = _mark(node.start_mark)
        return self.value(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.value:
            mark = _mark(key.start_mark)
            if not isinstance(key, ScalarNode) or key.tag == f"{_PLAIN}merge":
                text, fix = "a key must be plain text", "write the keys out; << is not known here"
                self.problems.append(Problem(self.shown, *mark, text, fix, path))
            elif key.value in found:
                self._duplicate(key.value, mark, (*path, key.value))
            else:
                name = str(key.value)
                self.keys[(*path, name)] = mark
                found[name] = self.value(child, (*path, name))
                if found[name] is None and not child.value:
                    self.values[(*path, name)] = mark  # the parser is on the next line already
        return found

    def _duplicate(self, key: str, mark: Mark, path: Path) -> None:
        first = ":".join(str(part) for part in self.keys[path])
        text = f'duplicate key "{key}"'
        fix = f"it stands already at {self.shown}:{first}; keep one of them"
        self.problems.append(Problem(self.shown, *mark, text, fix, path))

    def _scalar(self, node: Node, path: Path) -> Any:
        self._untagged(node, path, *_SCALARS)
        return self._typed(str(node.value), str(node.tag).removeprefix(_PLAIN), path)

    def _untagged(self, node: Node, path: Path, *usual: str) -> None:
        tag = str(node.tag)
        if tag.removeprefix(_PLAIN) not in usual:
            text = f'the tag "{tag}" means nothing here'
            mark = _mark(node.start_mark)
            self.problems.append(Problem(self.shown, *mark, text, "remove it", path))

    def _typed(self, text: str, kind: str, path: Path) -> Any:
        if kind == "null" and text in ("", "~", "null", "Null", "NULL"):
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        try:
            if kind in ("int", "float"):
                number = int(text, 0 if text.startswith("0o") else 10) if kind == "int" else None
                value: int | float = float(text) if number is None else number
                self.texts[path] = text
                return value
        except ValueError:
            return text
        return text
