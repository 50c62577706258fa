"""What somebody typed stands in a comment as text: it notifies nobody and leads nowhere."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.hubspot import send
from syncer.adapterkit.limits import Budget
from syncer.model.comments import Anchor, Message, Paragraph, Part, Quoted, Thread, Words
from syncer.model.remote import Result
from tests.contract.harness import Harness
from tests.contract.talking import (
    found,
    mention,
    person,
    post,
    reads,
    same_signs,
    talk_of,
    thread,
    write,
    written,
)

SAFE = "https://tools.example/c/1"


@pytest.fixture(autouse=True)
def _at_once(h: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    talk_of(h)
    # Hundreds of comments: neither side counts them, and nobody waits.
    CLEAN.clear()
    monkeypatch.setattr(Budget, "slot", lambda *_: nullcontext())
    monkeypatch.setattr(send, "PAUSES", (0.0, 0.0, 0.0))
    if h.running is not None:
        monkeypatch.setattr(h.running.sandbox, "limits", ())


def names(h: Harness, user: str) -> list[str]:
    """Everything a vendor may know a user by."""
    known = person(h, user)
    return [x for x in (known.id, known.name, known.email, *known.aliases) if x]


def calling(h: Harness) -> Iterator[str]:
    """Texts that call somebody somewhere."""
    for name in names(h, "maya"):
        yield f"@{name}"
        yield f"(@{name}) and cc @{name}, @{name}."
        yield f"[@{name}](https://app.asana.com/0/profile/{name})"
        yield f"https://app.asana.com/0/profile/{name}"
        yield f"https://app.asana.com/0/{name}/list https://trello.com/{name} https://trello.com/u/{name}"
        yield f'<a data-asana-gid="{name}"/> <a data-asana-gid="{name}" href="https://x.example">M</a>'
        yield f'<span data-mention-id="{name}">@M</span> <@{name}> <!channel> [~{name}] @[M](user:{name})'
    yield "@card @board @here @channel @all @everyone"


LINKS = {
    "bare": "https://evil.example/a?b=c#d and http://evil.example.",
    "bare in brackets": "(https://evil.example) <https://evil.example> [https://evil.example]",
    "www": "www.evil.example evil.example/path evil.example",
    "mail": "mail maya@kilt.example or mailto:maya@kilt.example",
    "other scheme": "javascript:alert(1) ftp://evil.example trello://x HTTPS://EVIL.EXAMPLE",
    "markdown": "[free](https://evil.example) ![x](https://evil.example/x.png)",
    "reference": "[free][1]\n[1]: https://evil.example",
    "html": '<a href="https://evil.example">free</a><img src="https://evil.example/x.png">',
    "half a tag": '<a href="https://evil.example"',
    "card": "https://trello.com/c/AbCd1234 https://app.asana.com/0/1/2/f https://app.asana.com/1/2/task/3",
}

MARKS = {
    "markdown": "**a** __b__ _c_ *d* ~~e~~ `f` # g \\h \\*i\\* ![j] [k] a_b_c 2*3*4",
    "blocks": "# a\n## b\n> c\n- d\n* e\n+ f\n1. g\n---\n===\n```\nh\n```\n    i\n| j | k |\n|---|---|",
    "html": "<b>a</b> <br> <p>c</p> </body> <!-- d --> <script>e</script> & &amp; &lt; &#64; &copy",
    "cdata": "<![CDATA[a]]> <?xml b?> ]]> </a></strong></body><body>",
    "template": "{who} {{who}} ${who} %s %(who)s {0}",
    "quotes": "\"a\" 'b' `c` \u201cd\u201d \\ \\\\ /",
    "controls": "a\x00b\x07c\x1bd\x7fe\x85f\x0bg\x0ch",
    "line ends": "a\r\nb\rc\nd\n\n\n\ne\u2028f\u2029g",
    "noncharacters": "a\ufffeb\uffffc",
    "emoji": "🥐 👩\u200d👧 🇩🇰 1\ufe0f\u20e3 :croissant: :) ❤\ufe0f",
    "right to left": "עוגה \u202eabc\u202c \u200fx\u200e \u2067y\u2069 خبز",
    "scripts": "Brød & smør 麺 e\u0301 ﬁ Ǆ İ ẞ",
    "zero width": "@\u200bmaya a\u200bb\u2060c\ufeffd e\u00ade",
    "spaces": "  a \t b\u00a0\u2003c  ",
    "empty": "",
    "blank": " \n\t ",
}


CLEAN: dict[tuple[int, frozenset[str]], list[Thread]] = {}
"""Threads under which there are only comments that do no harm and have these links."""


def clean(h: Harness, links: Iterable[str]) -> Thread:
    """One that what went wrong before does not stain, with few comments in it."""
    used = CLEAN.setdefault((id(h), frozenset(links)), [])
    used.append(used[-1] if len(used) % 10 else thread(h))
    return used[-1]


def harm(h: Harness, message: Message, links: Iterable[str] = ()) -> str:
    """What a message does that it should not: calls, leads elsewhere, or reads otherwise."""
    talk, one = talk_of(h), post(h, *message.paragraphs, thread=clean(h, links))
    written(h, one)
    called, led = talk.notified(one.thread), set(talk.links(one.thread))
    [comment] = found(h, one.ref, one.thread)
    if not called and led == set(links) and same_signs(comment.text, message):
        return ""
    CLEAN.clear()
    shown = talk.shown(one.thread)[-1]
    return f"{shown!r} calls {called}, links {led}, reads {comment.text!r}"


def harmful(h: Harness, messages: Mapping[str, Message]) -> dict[str, str]:
    """What is wrong with messages of which none may do anything, by their names."""
    complaints = {name: harm(h, message) for name, message in messages.items()}
    return {name: text for name, text in complaints.items() if text}


def quoted(text: str) -> Message:
    """A value where values stand: in a list, and in the middle of a sentence."""
    there = Paragraph((Words("They wrote "), Quoted(text), Words(" today.")))
    return Message((Paragraph((Words("asked for: "), Quoted(text)), item=True), there))


def test_the_stand_in_knows_a_call_when_it_sees_one(h: Harness) -> None:
    """The stand-in's rules bite: a real mention is noticed, and a real link."""
    talk = talk_of(h)
    who = mention(h, "maya")
    line = Paragraph((who, Words(" "), Anchor("there", SAFE)))
    written(h, post(h, line))
    assert talk.links(talk.thread) == [SAFE]
    assert talk.notified(talk.thread) == ([] if h.adapter.capabilities.to_dos else ["maya"])


def test_no_text_calls_anybody(h: Harness) -> None:
    """Whatever a vendor understands as a call of a user stands there as plain text."""
    assert harmful(h, {text: quoted(text) for text in calling(h)}) == {}


def test_no_text_leads_anywhere(h: Harness) -> None:
    """Whatever a vendor makes a link of stands there as plain text."""
    assert harmful(h, {kind: quoted(text) for kind, text in LINKS.items()}) == {}


def test_any_text_reads_as_it_was_typed(h: Harness) -> None:
    """Markup of any kind, signs of any script and those that cannot be seen are plain text."""
    assert harmful(h, {kind: quoted(text) for kind, text in MARKS.items()}) == {}


def test_two_harmless_halves_do_no_harm(h: Harness) -> None:
    """Parts that together would be a call or a link are as plain as each alone."""
    messages = {}
    for name in names(h, "maya"):
        halves = Quoted("@"), Quoted(name), Words(" "), Quoted("https:"), Quoted("//evil.example")
        html = Quoted('<a href="https:'), Quoted('//evil.example">'), Words("x"), Quoted("</a>")
        messages[name] = Message((Paragraph(halves), Paragraph(html), Paragraph(halves[1:])))
    assert harmful(h, messages) == {}


def test_our_own_words_call_nobody_either(h: Harness) -> None:
    """Only a mention calls: the service's words are text, though an address in them may lead."""
    for text in calling(h):
        line = Paragraph((Words(text), Words(" "), Words(text, strong=True)))
        one = post(h, line, thread=thread(h))
        written(h, one)
        assert talk_of(h).notified(one.thread) == [], text
        [comment] = found(h, one.ref, one.thread)
        assert same_signs(comment.text, one.message)


def test_names_and_links_hold_no_markup(h: Harness) -> None:
    """What a mention or an anchor is called is text; an address cannot break out of its link."""
    odd = Anchor(
        f"{MARKS['markdown']} ](https://evil.example) </a> @maya", f'{SAFE}?a="b"&c=<d>)e('
    )
    one = post(h, Paragraph((odd,)))
    written(h, one)
    links = talk_of(h).links(one.thread)
    assert len(links) == 1
    assert links[0].startswith(SAFE)
    assert talk_of(h).notified(one.thread) == []
    [comment] = found(h, one.ref)
    assert reads(comment.text) == reads(odd.text)


def test_a_very_long_text_is_told_in_part(h: Harness) -> None:
    """A text that no comment can hold is cut, says so, and the mark is still there."""
    text = "".join(f"{number} <b> & " for number in range(8_000))
    one = post(h, Words("They wrote:"), Quoted(text))
    outcome = write(h, one)
    assert outcome.result is Result.DONE, outcome.reason[:500]
    [comment] = found(h, one.ref)
    told, whole = reads(comment.text).removeprefix("They wrote:").strip(), reads(text)
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(told, whole, strict=False))
    )
    assert same > 2000
    assert told == whole or 0 < len(told) - same < 80, "it says that there is more"


signs = st.sampled_from(
    [*"@<>&[]()*_`~#!|\\\"'/:.-+=;{}$ \n\t\r", "\x00", "\u200b", "\u202e", "é", "🥐"]
)
pieces = st.one_of(
    signs,
    st.sampled_from(["{name}", "@{name}", "https://", "http://evil.example", "www.evil.example"]),
    st.sampled_from(
        ["<a href=", "</a>", "<b>", "](", "&lt;", "&#64;", "data-asana-gid=", "— syncer k1"]
    ),
    st.text(max_size=3),
)


@settings(
    max_examples=max(30, settings.default.max_examples // 4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_can_be_typed_does_anything(h: Harness, data: st.DataObject) -> None:
    """Any text in any parts, beside a mention and an anchor that do just their own."""
    name = data.draw(st.sampled_from(names(h, "maya")))
    text = st.lists(pieces, max_size=8).map(lambda found: "".join(found).replace("{name}", name))
    words = st.lists(signs, max_size=3).map("".join).map(Words)
    part: st.SearchStrategy[Part] = st.one_of(text.map(Quoted), words)
    drawn = data.draw(st.lists(part, min_size=1, max_size=4))
    parts = (*drawn, Words(" and "), Anchor("there", SAFE), Words(" "), *drawn)
    line = Paragraph(parts, item=data.draw(st.booleans()))
    assert harm(h, Message((line, Paragraph((Words("to ben"),)))), [SAFE]) == ""
