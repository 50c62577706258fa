"""Mail and chat beside the tools: the same words, and the only ones where no tool can tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.receiver import TOKEN, Receiver, receiving
from tests.engine.talking import TalkingTown, told


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture
def town(tmp_path: Path, receiver: Receiver) -> TalkingTown:
    """A town in step, in which maya has an address."""
    town = told(tmp_path)
    town.more = {"maya": {"addresses": (receiver.address,)}}
    return town


def asks(town: TalkingTown) -> None:
    """Anna, who owns no deadline, sets one."""
    town.edit("two", "Build", "anna", due="2026-12-05")
    town.run()
    town.later(minutes=5)


def test_what_is_told_in_a_tool_is_sent_too(town: TalkingTown, receiver: Receiver) -> None:
    """Who has an address gets the same words there, once."""
    asks(town)
    town.run()

    [text] = receiver.texts()
    assert "2026-12-05" in text
    assert "Build" in text
    assert len(town.comments("one", "Build")) == 1


def test_where_no_tool_can_tell_the_address_does(town: TalkingTown, receiver: Receiver) -> None:
    """With guests everywhere a mail is what tells the owner, and their time runs from it."""
    for system in town.systems:
        town.worlds[system].talk.invite(town.find(system, "Relaunch").id)

    asks(town)
    town.run()

    assert len(receiver.texts()) == 1
    assert town.waiting()[0].delivered == 1
    assert town.comments("one", "Build") == []


def test_a_mail_that_does_not_go_out_is_tried_again(town: TalkingTown, receiver: Receiver) -> None:
    """What nothing else can tell waits until it went out."""
    for system in town.systems:
        town.worlds[system].talk.invite(town.find(system, "Relaunch").id)
    receiver.status = 500
    asks(town)
    assert town.waiting()[0].delivered == 0

    receiver.status = 200
    town.run()

    assert len(receiver.texts()) == 1
    assert town.waiting()[0].delivered == 1


def test_no_address_is_kept(town: TalkingTown, receiver: Receiver) -> None:
    """An address is a secret: no byte of it is in the state."""
    asks(town)
    assert receiver.texts()
    town.store.close()

    held = b"".join(file.read_bytes() for file in town.folder.glob("state.db*"))
    assert TOKEN.encode() not in held
