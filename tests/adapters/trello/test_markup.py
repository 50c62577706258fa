"""What is said in Trello's Markdown: it reads as it is, and does nothing that it should not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.trello import markup, reading
from adapters.trello.sandbox.notices import calls, links
from syncer.model.comments import Anchor, Mention, Message, Paragraph, Part, Quoted, Words

J = reading.JOINER

ESCAPED = [
    ("mention", "@maya", f"@{J}maya"),
    ("whole board", "@board now", f"@{J}board now"),
    ("mail", "maya@bakery.example", f"maya@{J}bakery{J}.example"),
    ("address", "https://x.example/a", f"https:{J}//x{J}.example/a"),
    ("other scheme", "slack://open", f"slack:{J}//open"),
    ("bare host", "www.bakery.example", f"www{J}.bakery{J}.example"),
    ("mail address", "mailto:maya", f"mailto:{J}maya"),
    ("link", "[here](javascript:x)", rf"\[here\](javascript:{J}x)"),
    ("image", "![x](y)", r"!\[x\](y)"),
    ("bold", "**a** __b__", r"\*\*a\*\* \_\_b\_\_"),
    ("struck out", "~~a~~", r"\~\~a\~\~"),
    ("code", "`a`", r"\`a\`"),
    ("backslash", r"a\*b", r"a\\\*b"),
    ("tag", "<b>a</b>", r"\<b\>a\</b\>"),
    ("entity", "a &lt; b", r"a \&lt; b"),
    ("emoji", ":tada: 10:30:15", f":{J}tada: 10:{J}30:15"),
    ("heading", "# a", r"\# a"),
    ("list", "- a", r"\- a"),
    ("numbered", "1. a", r"1\. a"),
    ("quote", "> a", r"\> a"),
    ("rule", "---", r"\---"),
    ("table", "a | b", r"a \| b"),
    ("plain", "17 July, 10 % (for 5.50)", "17 July, 10 % (for 5.50)"),
    ("controls", "a\x00\x07b", "ab"),
]

PIECES = [*"ab1.@:/\\`*_[]()<>#+-=!|~&;\n \t0wé", "](", "**", "://", "www.", ".com", "https", "1. "]
NASTY = st.lists(st.sampled_from([*PIECES, "@board", "maya", "&lt;", "    "]), max_size=25).map(
    "".join
)


def said(*lines: Paragraph | Part, named: str | None = "mayaokafor") -> str:
    """A message as it is sent, without its mark."""
    message = Message(tuple(p if isinstance(p, Paragraph) else Paragraph((p,)) for p in lines))
    text, ref = reading.parted(markup.rendered(message, "k7f3q2", lambda _: named))
    assert ref == "k7f3q2"
    return text.rstrip()


def lines(text: str) -> list[str]:
    """What is to be seen of a text, line by line."""
    shown = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in shown if line]


@pytest.mark.parametrize(("text", "sent"), [e[1:] for e in ESCAPED], ids=[e[0] for e in ESCAPED])
def test_what_was_typed_is_escaped(text: str, sent: str) -> None:
    """Each sign that means something to Trello is sent so that it only stands there."""
    assert said(Quoted(text)) == sent
    assert said(Words(text)) == sent
    assert reading.plain(sent) == text.replace("\x00\x07", "")


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_nothing_that_was_typed_does_anything(text: str) -> None:
    """Whatever was typed, in one line or several: nobody is called, nothing can be clicked on."""
    for message in ([Quoted(text)], [Paragraph((Words("Now: "), Quoted(text)), item=True)]):
        sent = said(*message)
        assert calls(sent) == []
        assert links(sent) == []


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_what_was_typed_can_be_read(text: str) -> None:
    """Read back it is what was typed, but for white space."""
    assert lines(reading.plain(said(Quoted(text)), quoting="")) == lines(text)


def test_halves_of_a_link_are_no_link() -> None:
    """What is harmless alone is so beside what follows it as well."""
    halves = Quoted("see https:"), Words("//evil"), Quoted(".example")
    assert said(Paragraph(halves)) == f"see https:{J}//evil{J}.example"


def test_lines_lists_and_quotations() -> None:
    """A message is lines, lists stand together, and what has several lines is a block quote."""
    sent = said(
        Paragraph((Words("Ben asks for "), Words("another day", strong=True), Words("."))),
        Paragraph((Words("now: "), Quoted("17 July")), item=True),
        Paragraph((Words("asked: "), Quoted("24 July")), item=True),
        Paragraph((Words("They say: "), Quoted("it must be\n\n  - or else"), Words("Well?"))),
    )
    assert sent == (
        "Ben asks for **another day**.\n\n- now: 17 July\n- asked: 24 July\n\nThey say:\n\n"
        "> it must be  \n>  \n> \u00a0\u00a0\\- or else\n\nWell?"
    )


def test_a_mention_stands_by_itself() -> None:
    """No letter before or after a user name becomes part of it."""
    maya = Mention("1", "Maya Okafor")
    assert said(Paragraph((Words("Hi"), maya, Words("s turn")))) == "Hi @mayaokafor s turn"
    assert said(Paragraph((maya, Words(", please")))) == "@mayaokafor, please"
    assert said(maya, named=None) == f"@{J}Maya Okafor"
    assert said(maya, named="a b](x)") == f"@{J}Maya Okafor"


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://trello.com/c/aBc?x=1&y=2#z", "[it](https://trello.com/c/aBc?x=1&y=2#z)"),
        ("https://x.example/a b)(é", "[it](https://x.example/a%20b%29%28%C3%A9)"),
        ("javascript:alert(1)", "it"),
        ("https://x.example/\n# a", "[it](https://x.example/%0A#%20a)"),
    ],
)
def test_only_web_addresses_are_links(url: str, sent: str) -> None:
    """A link leads to the web, whatever its address holds."""
    assert said(Anchor("it", url)) == sent


@pytest.mark.parametrize("text", ["x" * 40_000, "*" * 20_000, "🥐" * 10_000, "a\n" * 12_000])
def test_long_quotations_are_cut(text: str) -> None:
    """What is too long for Trello is cut where somebody is quoted; a word says so, all else stays."""
    message = Message((Paragraph((Words("Asked: "), Quoted(text))), Paragraph((Words("Well?"),))))
    sent = markup.rendered(message, "k7f3q2", lambda _: None)
    assert 16_000 < len(sent.encode("utf-16-le")) / 2 <= 16_384
    assert "… (cut short)" in sent
    assert sent.endswith("Well?\n\n*syncer k7f3q2*")


def test_a_message_that_is_too_long_is_cut_at_its_end() -> None:
    """Too many lines of our own are cut as well: the mark is always there."""
    message = Message(tuple(Paragraph((Words(f"{n} {'x' * 90}"),), item=True) for n in range(400)))
    sent = markup.rendered(message, "k7f3q2", lambda _: None)
    assert len(sent) <= 16_384
    assert sent.endswith("… (cut short)\n\n*syncer k7f3q2*")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Approve**", "Approve"),
        ("decline `too late`", "decline too late"),
        ("# approve", "approve"),
        ("approve\\\nP3KX9Q", "approve\nP3KX9Q"),
        ("> approve\n\nno", "> approve\nno"),
        ("@syncer [approve](https://x.example)", "@syncer approve"),
        ("1. approve\n2. decline", "1. approve\n2. decline"),
        ("~~approve~~ decline", "approve decline"),
        ("a&nbsp;&amp;\u00a0b", "a & b"),
        ("![alt](https://x.example/y.png) decline", "alt decline"),
        ("```\napprove\n```", "approve"),
        ("<b>approve</b>", "<b>approve</b>"),
        ("", ""),
    ],
)
def test_what_people_write_is_read(written: str, read: str) -> None:
    """Markup of Trello's editor is taken off; what somebody quotes is told from what they say."""
    assert reading.plain(written) == read


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("Hello\n\n*syncer k7f3q2*", "k7f3q2"),
        ("Hello\n\n_syncer k7f3q2_\n", "k7f3q2"),
        ("*syncer k7f3q2*", "k7f3q2"),
        ("Hello *syncer k7f3q2*", None),
        ("*syncer k7f3q2*\n\nHello", None),
        ("syncer rocks", None),
        ("> *syncer k7f3q2*", None),
    ],
)
def test_the_mark_is_the_last_line(text: str, ref: str | None) -> None:
    """Only a last line in emphasis is a mark."""
    assert reading.parted(text)[1] == ref
