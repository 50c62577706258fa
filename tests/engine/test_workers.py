"""Threads of the engine: what they do, they do for the client that the work is for."""

import pytest

from syncer.adapterkit.limits import spender, spending_for
from syncer.engine.workers import Flight, in_order


@pytest.mark.parametrize("most", [1, 3], ids=["alone", "side by side"])
def test_requests_of_a_client_wait_in_its_own_line(most: int) -> None:
    """Also what other threads send for a client takes turns with the other clients' requests."""
    expected = dict.fromkeys((1, 2, 3), "bakery")
    with spending_for("bakery"):
        flight = Flight([1, 2, 3], lambda _: spender())
        assert dict(in_order([1, 2, 3], lambda _: spender(), most)) == expected
    assert {piece: who for landed in flight.landing(most) for piece, who in landed} == expected
    assert spender() == ""
