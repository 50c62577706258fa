"""Keep secrets out of errors, logs and reprs.

A vendor may echo a credential in any encoding it likes: as sent, percent-encoded, inside
JSON. A signed URL is a secret too, so the query of every URL is dropped.
"""

import html
import json
import re
import threading
from base64 import b64encode
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final

MASK: Final = "[secret]"
QUERY_MASK: Final = "?[query]"

_LOOK: Final = 20_000
_EDGE: Final = 4_000

_URL_QUERY: Final = re.compile(r"(?P<url>\bhttps?://[^\s?\"'<>]*)\?[^\s\"'<>]*", re.IGNORECASE)
_PAIR: Final = re.compile(
    r"(?P<name>\b(?:access_token|refresh_token|token|api_key|apikey|client_secret|secret|"
    r"signature|sig|password|assertion)=)[^\s&\"'<>]+",
    re.IGNORECASE,
)
_JWT: Final = re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?")
"""A signed token (RFC 7519), whole or cut off: each begins with an object in base64."""

_BEARER: Final = re.compile(r"(?P<name>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/:=-]{8,}")


def _pattern(secret: str) -> str:
    """A pattern for a secret in which each character may be encoded, or not, on its own."""
    return "".join(_either(_forms(char)) for char in secret)


def _either(forms: list[str]) -> str:
    # Without a group where there is nothing to choose: of a long key that compiles far faster.
    return forms[0] if len(forms) == 1 else f"(?:{'|'.join(map(re.escape, forms))})"


def _basic(secret: str) -> str:
    """A pattern for a secret on its own in base64."""
    return re.escape(b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("="))


def _forms(char: str) -> list[str]:
    """A character as it is, percent-encoded once and twice, in JSON, in HTML, as bytes."""
    if char.isascii() and char.isalnum():
        return [char]
    raw = char.encode("utf-8", "surrogatepass")
    encoded = "".join(f"%{byte:02x}" for byte in raw)
    forms = {char, encoded, encoded.replace("%", "%25"), html.escape(char), repr(raw)[2:-1]}
    forms |= {json.dumps(char)[1:-1], repr(char)[1:-1], f"\\{char}"}
    forms |= {"+"} if char == " " else set()
    return sorted(forms, key=len, reverse=True)


class Redactor:
    """Replaces every given secret in a text, and the query of every URL.

    Args:
        secrets: plain values; empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first, so that no secret is left half covered by a shorter one.
        ordered = sorted({secret for secret in secrets if secret}, key=lambda s: (-len(s), s))
        # Percent-encoding is valid in either case, so all is matched without case.
        either = "|".join([*map(_pattern, ordered), *map(_basic, ordered)])
        self._pattern = re.compile(either, re.IGNORECASE) if ordered else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        # Most texts hold nothing like it: that is found out far faster than by a pattern.
        if "?" in text:
            text = _URL_QUERY.sub(lambda match: match["url"] + QUERY_MASK, text)
        if "=" in text:
            text = _PAIR.sub(lambda match: match["name"] + MASK, text)
        if "Bearer" in text or "Basic" in text:
            text = _BEARER.sub(lambda match: match["name"] + MASK, text)
        return _JWT.sub(MASK, text) if "eyJ" in text else text

    def short(self, text: str, length: int = 80) -> str:
        """The text without secrets, on one line, cut to ``length`` characters."""
        # Redacted before it is cut: half a secret would no longer be recognised. Of a whole page
        # the beginning will do, without its own end, where a secret may be cut in two.
        start = self(text[:_LOOK])[:-_EDGE] if len(text) > _LOOK else self(text)
        line = " ".join(start.split())
        return line if len(line) <= length else line[: length - 1] + "…"

    def __repr__(self) -> str:
        return "Redactor()"


class _Known:
    """Every secret that this process has been given."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self.hide = Redactor()

    def change(self, secrets: Iterable[str], past: Iterable[str]) -> None:
        with self._lock:
            known = (self._secrets - set(past)) | {secret for secret in secrets if secret}
            if known != self._secrets:
                self._secrets = known
                self.hide = Redactor(known)


_known: Final = _Known()


def know(secrets: Iterable[str], past: Iterable[str] = ()) -> None:
    """Remember secrets for :func:`censor`, for as long as the process lives.

    ``past`` are those that are good for nothing any more, like a token that has run out.
    """
    _known.change(secrets, past)


def clean(value: Any) -> Any:
    """A value without any known secret, through lists and mappings."""
    if isinstance(value, str):
        return _known.hide(value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(clean(item) for item in value)
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    safe = _known.hide(text)
    return value if safe == text else safe


def censor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor that takes every known secret out of an event.

    Put it after processors that render exceptions and before the renderer.
    """
    return {key: clean(value) for key, value in event.items()}
