"""A request put together without the library's care is one that the library would have made."""

from typing import Any

import httpcore
import pytest

from syncer.adapterkit.connections import Errand, Place

HEADERS = [(b"host", b"example.org"), (b"content-length", b"2")]
TIMEOUTS = {"timeout": {"connect": 1.0, "read": 1.0, "write": 1.0}}


@pytest.mark.parametrize("port", [None, 8443])
@pytest.mark.parametrize("scheme", [b"https", b"http"])
def test_a_place_is_the_librarys_address(scheme: bytes, port: int | None) -> None:
    """Whatever is asked of it, it tells the same."""
    theirs = httpcore.URL(scheme=scheme, host=b"example.org", port=port, target=b"/a?b=c")
    ours = Place(theirs.origin, port, b"/a?b=c")

    assert vars(theirs).items() <= vars(ours).items()
    assert (theirs, bytes(theirs), theirs.origin) == (ours, bytes(ours), ours.origin)


@pytest.mark.parametrize("body", [None, b"", b"{}"])
def test_an_errand_is_the_librarys_request(body: bytes | None) -> None:
    """Each part that the library gives a request is there, and holds the same."""
    url = httpcore.URL(scheme=b"https", host=b"example.org", port=None, target=b"/a")
    theirs = httpcore.Request("POST", url, headers=HEADERS, content=body, extensions=TIMEOUTS)
    ours = Errand(b"POST", Place(url.origin, None, b"/a"), HEADERS, body, TIMEOUTS)

    assert vars(theirs).keys() == vars(ours).keys()
    told = [(r.method, r.url, r.headers, r.extensions) for r in (theirs, ours)]
    assert told[0] == told[1]
    sent: list[Any] = [theirs.stream, ours.stream]
    assert b"".join(sent[0]) == b"".join(sent[1])
