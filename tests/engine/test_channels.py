"""Mail and chat: messages arrive, and no address is ever told."""

import sys
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from syncer.adapterkit.redact import clean
from syncer.engine import channels
from syncer.engine.channels import MISSING, ChannelError, amiss, installed, kind, secrets_of, send
from tests.engine.receiver import TOKEN, Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


def test_a_message_arrives(receiver: Receiver) -> None:
    """Title and text, word for word, over a real connection."""
    text = "anna asks for 2026-06-30\n<b>bold</b> & 100 %\n\nReply: approve"
    send([receiver.address], "Honey & Rye: 1 heads-up", text)

    assert [("Honey & Rye: 1 heads-up", text)] == list(
        zip(receiver.titles(), receiver.texts(), strict=True)
    )


@pytest.mark.parametrize("call", ["@channel", "@anna", "<!here>", "<@U0123>", "<#C0123>"])
def test_a_value_calls_nobody(receiver: Receiver, call: str) -> None:
    """What somebody typed into a field notifies nobody else in a chat, and reads the same."""
    send([receiver.address], "title", f"the name is now {call}")
    (text,) = receiver.texts()

    assert call not in text
    assert f"the name is now {call}" == text.replace("\u200b", "")


def test_what_nobody_takes_is_an_error_without_the_address(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """One clear error; neither it, nor its causes, nor any log, holds a part of the address."""
    receiver.status = 500
    closed = f"json://127.0.0.1:1/{TOKEN}"

    with capture_logs() as logs, pytest.raises(ChannelError) as refused:
        send([receiver.address, closed, f"nonsense {TOKEN}"], "title", "text")

    assert "not one of 3 addresses took the message (json, of no kind)" == str(refused.value)
    assert (None, None) == (refused.value.__cause__, refused.value.__context__)
    told = [*map(str, logs), caplog.text, *capfd.readouterr()]
    assert not [text for text in told if TOKEN in text]


def test_one_address_that_takes_it_is_enough(receiver: Receiver) -> None:
    """Who has two addresses was told if one of them took it; that the other did not is logged."""
    with capture_logs() as logs:
        send([f"json://127.0.0.1:1/{TOKEN}", receiver.address], "title", "text")

    assert ["text"] == receiver.texts()
    assert [("channel.refused", 1, 2, "json")] == [
        (each["event"], each["refused"], each["of"], each["kinds"]) for each in logs
    ]


def test_what_was_sent_to_is_never_logged_again(receiver: Receiver) -> None:
    """The address and each token in it are masked wherever they stand from then on."""
    send([receiver.address], "title", "text")

    assert "post to [secret] failed" == clean(f"post to {TOKEN} failed")
    assert TOKEN not in clean(f"GET /{TOKEN}?x=1 pass-{TOKEN} {receiver.address}")


@pytest.mark.parametrize(
    ("address", "secret", "plain"),
    [
        ("slack://T0AAAAAA1/B0BBBBBB2/c0ffee99Coffee/#general", "c0ffee99Coffee", "#general"),
        ("tgram://123456789:AAbb-ccDDee/987654321", "AAbb-ccDDee", "tgram"),
        ("mailtos://maya:hush@mail.example?to=tom@mail.example", "hush", "mail.example"),
        ("json://h.example/a?token=Abcdefgh1", "Abcdefgh1", "h.example"),
    ],
    ids=["slack", "telegram", "mail", "query"],
)
def test_tokens_are_told_from_words(address: str, secret: str, plain: str) -> None:
    """Every token and password of an address is a secret; hosts and channels are not."""
    found = secrets_of(address)

    assert {address, secret} <= found
    assert plain not in found


def test_an_address_that_is_none_is_found_before_it_is_used() -> None:
    """`check` can say that an address means nothing, by its kind alone."""
    assert () == amiss([])
    assert () == amiss(["json://127.0.0.1/x", "mailto://a:b@mail.example"])
    assert ("an address (nosuch) is none that apprise can use",) == amiss([f"nosuch://{TOKEN}"])
    assert ("mailtos", "of no kind") == (kind("MAILTOS://x"), kind("somebody"))


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but this part needs the library; where it lacks, one sentence says what to do."""
    monkeypatch.setitem(sys.modules, "apprise", None)

    assert (MISSING,) == amiss(["json://127.0.0.1/x"])
    with pytest.raises(ChannelError, match=r"pip install 'agency-syncer\[notify\]'"):
        send(["json://127.0.0.1/x"], "title", "text")


def test_the_library_is_imported_only_to_send() -> None:
    """A service without addresses never loads it."""
    assert installed()
    assert "apprise" not in vars(channels)
