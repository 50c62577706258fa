"""Answers of a vendor that was taken over, or of somebody in between, on real sockets."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.adapterkit.answer import Answer, by_status, parse_json
from syncer.adapterkit.errors import (
    AdapterError,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.adapterkit.http import Http
from syncer.adapterkit.limits import Budget, Limit
from tests.adapterkit.rough import http, rough_server

TOKEN = "tok-0123456789"
SMALL = 100_000


@pytest.fixture
def opened() -> Iterator[Callable[..., Http]]:
    """Makes clients whose limit is small."""
    made: list[Http] = []

    def make(url: str, **more: Any) -> Http:
        options: dict[str, Any] = {
            "headers": lambda: {"authorization": f"Bearer {TOKEN}"},
            "classify": by_status,
            "budget": Budget([Limit(1000, 1)]),
            "secrets": [TOKEN],
            "timeout": 5,
            "attempts": 1,
            "max_body": SMALL,
            "sleep": lambda _seconds: None,
        }
        made.append(Http(url, **options | more))
        return made[-1]

    yield make
    for client in made:
        client.close()


def packed(body: bytes, coding: str) -> bytes:
    """The bytes of an answer with a body that is packed."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(b'{"a": 1}', mtime=0), "gzip"),
        (gzip.compress(b'{"a": 1}', mtime=0), "x-gzip"),
        (zlib.compress(b'{"a": 1}'), "deflate"),
        (b'{"a": 1}', "identity"),
    ],
)
def test_a_packed_answer_is_read(opened: Any, body: bytes, coding: str) -> None:
    """What was asked for is unpacked."""
    with rough_server(packed(body, coding)) as server:
        assert opened(server.url).get("/x").json() == {"a": 1}
    assert "accept-encoding: gzip" in server.seen[0].lower()


def test_a_few_bytes_that_unpack_to_gigabytes(
    opened: Any, record_property: Callable[[str, object], None]
) -> None:
    """Unpacking stops at the limit, in the middle of a piece, and the record is skipped."""
    bomb = gzip.compress(bytes(50_000_000))
    with rough_server(packed(bomb, "gzip")) as server, pytest.raises(SkipRecord, match="larger"):
        opened(server.url).get("/x")
    record_property("figure", f"a bomb of {len(bomb)} bytes for 50000000 stopped at {SMALL}")


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "compress", "gzip\x0b"])
def test_an_answer_packed_in_another_way(opened: Any, coding: str) -> None:
    """Packed twice, or in a way nobody asked for, it is no answer."""
    body = gzip.compress(gzip.compress(bytes(1_000_000)))
    with (
        rough_server(packed(body, coding)) as server,
        pytest.raises(WaitAndRetry, match="no answer"),
    ):
        opened(server.url).get("/x")
    with rough_server(packed(body, coding)) as server, pytest.raises(LookFirst):
        opened(server.url).post("/x", json={})


def test_an_answer_that_cannot_be_unpacked(opened: Any) -> None:
    """It says gzip and is none."""
    with rough_server(packed(b"not gzip", "gzip")) as server, pytest.raises(WaitAndRetry):
        opened(server.url).get("/x")


@pytest.mark.parametrize("kind", ["chunks", "head"])
def test_what_has_no_end(opened: Any, kind: str) -> None:
    """Neither chunks nor header lines are read for ever."""

    def endless(connection: socket.socket) -> None:
        start = b"HTTP/1.1 200 OK\r\n"
        chunked = b"Transfer-Encoding: chunked\r\n\r\n"
        connection.sendall(start + (chunked if kind == "chunks" else b""))
        piece = b"1000\r\n" + b"x" * 4096 + b"\r\n" if kind == "chunks" else b"X-A: b\r\n" * 100
        with suppress(OSError):
            while True:
                connection.sendall(piece)

    with rough_server(endless) as server, pytest.raises((SkipRecord, WaitAndRetry)):
        opened(server.url).get("/x")


@pytest.mark.parametrize(
    "piece", [b"HTTP/1.1 102 Wait\r\n\r\n", b"H", b""], ids=["1xx", "head", "body"]
)
def test_what_comes_drop_by_drop(opened: Any, piece: bytes) -> None:
    """Each drop comes in time, and the whole never: it is given up, in the head as in the body."""
    stopped: list[int] = []

    def drip(connection: socket.socket) -> None:
        start = b"HTTP/1.1 200 OK\r\n" + (b"X: " if piece == b"H" else b"\r\n")
        connection.sendall(b"" if b"102" in piece else start)
        with suppress(OSError):
            for number in range(10_000):
                connection.sendall(piece or b" ")
                time.sleep(0.005)
                stopped[:] = [number]

    with (
        rough_server(drip) as server,
        pytest.raises(WaitAndRetry, match="no answer: TooLate the answer takes too long"),
    ):
        opened(server.url, timeout=0.1).get("/x")
    assert stopped[0] < 9_999


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_credential_never_follows_a_redirect(opened: Any, status: int, method: str) -> None:
    """Whatever the redirect, the other host hears nothing at all."""
    with rough_server() as other:
        away = http(status, "", f"Location: http://localhost:{other.port}/x")
        with rough_server(away) as server, pytest.raises(AdapterError, match="is not followed"):
            opened(server.url).request(method, "/x", json={} if method == "POST" else None)
        assert TOKEN in server.seen[0]
    assert other.seen == []


@pytest.mark.parametrize("place", ["//evil.example", "http://[", "\x00", "javascript:1", ""])
def test_a_redirect_to_nowhere(opened: Any, place: str) -> None:
    """An address that is none is still a named error."""
    with rough_server(http(302, "", f"Location: {place}")) as server, pytest.raises(AdapterError):
        opened(server.url).get("/x")


TRICKS = [
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1@evil.example",
    "http://127.0.0.1:80@evil.example",
    "http://evil.example#@127.0.0.1",
    "http://evil.example?@127.0.0.1",
    "http://evil.example\\@127.0.0.1",
    "http://127.0.0.1\\.evil.example",
    "http://127.0.0.1\t.evil.example",
    "http://127.0.0.1\n.evil.example",
    "http://127.0.0.1%2eevil.example",
    "http://127.0.0.1 .evil.example",
    "http://\uff11\uff12\uff17.0.0.1",
    "http://localhost\u3002evil.example",
    "http://[::ffff:10.0.0.1]",
    "http://0.0.0.0",
    "http://2130706433",
    "http://0x7f.1",
    "https://api.example/\r\nX-Evil: 1",
    "https://api.example/\x00",
    "javascript:alert(1)",
    "//127.0.0.1",
    "http:/127.0.0.1",
    "http://",
    "https://api.example:99999",
]


@pytest.mark.parametrize("base", TRICKS)
def test_a_base_url_that_tricks_parsers(opened: Any, base: str) -> None:
    """Only this very machine is spoken to in the clear, by whatever spelling."""
    with pytest.raises(StopConnection, match="base URL"):
        opened(base)


@pytest.mark.parametrize("base", ["http://[::1]:9", "http://127.3.2.1:9", "HTTP://LOCALHOST:9"])
def test_this_machine_by_other_names(opened: Any, base: str) -> None:
    """IPv6, all of 127/8, and capitals."""
    assert opened(base)


WRONG = {
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "half a character": b'{"a": "\xed\xa0\x80"}',
    "too long a form": b'{"a": "\xc0\xaf"}',
    "nesting": b"[" * 10_000 + b"]" * 10_000,
    "nesting of objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "two values": b'{"a": 1} {"a": 2}',
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_json_in_utf8(name: str) -> None:
    """Other charsets, other forms and depths without end are no JSON; nothing is half read."""
    answer = Answer(200, {"content-type": "application/json"}, WRONG[name], datetime.now(UTC))
    assert not answer.is_sound
    with pytest.raises(WaitAndRetry, match="not JSON"):
        answer.json()


def test_a_page_that_its_reader_decodes_is_cut_short(opened: Callable[..., Http]) -> None:
    """Also where nobody asks for the whole of it, half a page is no answer and is asked again."""
    with rough_server(http(200, '{"rows": [1, 2'), http(200, "[1]")) as rough:
        answer = opened(rough.url, attempts=2).get("/", raw=True)
    assert b"[1]" == answer.body


_PIECES = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    '"',
    "\\",
    "1",
    "-",
    "e",
    ".",
    "u",
    "ud800",
    "tru",
    "é",
    " ",
]


@given(st.lists(st.sampled_from([*_PIECES, "null", '"a"', "1e400"]), max_size=12).map("".join))
def test_what_is_sound_is_json(text: str) -> None:
    """To look a body through, without making anything of it, finds what reading it finds."""
    answer = Answer(200, {}, text.encode(), datetime.now(UTC))
    assert answer.is_sound == answer.is_json


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf[1]", b'["\\ud800"]'])
def test_what_only_care_reads_is_plain_for_any_decoder(body: bytes) -> None:
    """A byte order mark, half a character: a decoder that is stricter than we reads the page."""
    answer = Answer(200, {}, body, datetime.now(UTC))
    assert answer.is_sound
    assert msgspec.json.decode(answer.plain) == answer.json()


def test_what_is_json_all_the_same() -> None:
    """A mark before it is skipped; of two equal keys the last counts."""
    assert parse_json(b'\xef\xbb\xbf{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5000, "-" + "9" * 401])
def test_a_number_that_nobody_can_hold(number: str) -> None:
    """It stays the text it is, so that it is that record's trouble and not the page's."""
    assert parse_json(f'{{"a": {number}, "b": 1.5}}'.encode()) == {"a": number, "b": 1.5}


@pytest.mark.parametrize("before", range(40))
def test_such_a_number_anywhere_in_a_page(before: int) -> None:
    """It is found wherever it stands, also where the text around it is full of digits."""
    number = "7" * 401
    page = f'{{"{"1a" * before}": ["2026-11-22", {number}, 12345678901234567890]}}'
    [found] = parse_json(page.encode()).values()
    assert found == ["2026-11-22", number, 12345678901234567890]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_json_or_are_not(body: bytes) -> None:
    """No bytes make anything but a value that can be stored and sent, or ``ValueError``."""
    with suppress(ValueError):
        str(parse_json(body)).encode()
