"""What every adapter that tells how its credentials stand promises of it."""

import re

import pytest

from syncer.adapterkit.standing import Lack, Quota, Standing, Teller, Wants
from tests.contract.driving import catalogue, objects
from tests.contract.harness import Harness

FEW = 3
"""Requests for the credentials themselves."""


def teller(h: Harness) -> Teller:
    """The adapter as one that tells it."""
    if not isinstance(h.adapter, Teller):
        assert h.running is None, "an adapter to a vendor tells how its credentials stand"
        pytest.skip(f"{h.name} has no vendor")
    return h.adapter


def test_the_service_s_own_credentials_lack_nothing(h: Harness) -> None:
    """The harness may read and write: that is told, and no secret with it."""
    told, known = teller(h), catalogue(h)
    wants = Wants(objects(h), objects(h), objects(h))
    standing = told.standing(wants)
    lacks = told.lacks(h.scope, known, wants)

    assert [] == [lack for lack in (*standing.lacks, *lacks) if lack.fault]
    assert not [secret for secret in h.secrets if secret in f"{standing}{lacks}"]
    assert all(sound(one) for one in (standing, *standing.lacks, *standing.quotas, *lacks))


def sound(told: Standing | Lack | Quota) -> bool:
    """Whether it says what it is to say."""
    if isinstance(told, Quota):
        return bool(told.what) and 0 <= told.left <= told.of
    if isinstance(told, Lack):
        return bool(told.what and told.cause and told.fix)
    return isinstance(told.account, str) and all(told.rights)


def test_it_costs_little_and_writes_nothing(h: Harness) -> None:
    """A few requests for the account, one for each container, and every one of them reads."""
    told, known = teller(h), catalogue(h)
    wants = Wants(objects(h), objects(h), objects(h))
    assert h.running is not None
    before = len(h.running.requests)
    told.standing(wants)
    account = len(h.running.requests) - before
    told.lacks(h.scope, known, wants)

    assert account <= FEW
    assert len(h.running.requests) - before - account <= len(known.containers) + 2
    assert {"GET"} == {one["method"] for one in h.running.requests[before:]}


def test_no_secret_is_in_a_log(h: Harness, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the vendor wants the token in a path."""
    told = teller(h)
    capsys.readouterr()
    told.standing(Wants(objects(h), objects(h)))
    said = capsys.readouterr()

    assert re.search(r"http\.request", said.out + said.err)
    assert not [secret for secret in h.secrets if secret in said.out + said.err]


def test_a_template_that_is_not_there_is_told(h: Harness) -> None:
    """Why, in words; never an error for a single name."""
    assert teller(h).template(h.item_object, "No Such Template", catalogue(h))
