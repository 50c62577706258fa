"""Reading the body of an answer: never more than was allowed, however it is packed."""

import zlib
from collections.abc import Callable, Iterable
from typing import Final

ACCEPTED: Final = "gzip"
_PLAIN: Final = ("", "identity")
_PACKED: Final = ("gzip", "x-gzip", "deflate")
_EITHER: Final = zlib.MAX_WBITS | 32


class UnusableBody(Exception):
    """A body that is packed in a way that is not read."""


def read(pieces: Iterable[bytes], coding: str, most: int) -> bytes | None:
    """The body, unpacked; ``None`` if it is larger than ``most`` bytes.

    A few bytes can unpack to gigabytes, so unpacking stops at the limit as well.

    Args:
        pieces: what arrives, as it arrives.
        coding: the header Content-Encoding.
        most: bytes.

    Raises:
        UnusableBody: it is packed in another way than asked for.
    """
    body = bytearray()
    unpack = _unpacker(coding.strip().lower())
    for piece in pieces:
        try:
            body += unpack(piece, most + 1 - len(body))
        except zlib.error as error:
            raise UnusableBody(f"the answer cannot be unpacked: {error}") from None
        if len(body) > most:
            return None
    return bytes(body)


def _unpacker(coding: str) -> Callable[[bytes, int], bytes]:
    if coding in _PLAIN:
        return lambda piece, _: piece
    if coding not in _PACKED:
        # Packed twice, a few bytes fill any memory; nobody was asked to do that.
        raise UnusableBody("the answer is packed in a way that was not asked for")
    return zlib.decompressobj(_EITHER).decompress
