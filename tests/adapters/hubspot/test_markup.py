"""A message as HTML and back, the mark, and what somebody has added to a text."""

import pytest

from adapters.hubspot.talk.marks import added, below, mark_of, marked
from adapters.hubspot.talk.markup import MAX, lines_of, written
from syncer.model.comments import Anchor, Mention, Message, Paragraph, Part, Quoted, Words


def message(*lines: Part) -> Message:
    return Message(tuple(Paragraph((line,)) for line in lines))


def test_each_part_has_its_form() -> None:
    """Words may be strong, a list is one list, a link is one, a mention is a name."""
    parts = (Mention("1", "Anna <3"), Words(": "), Words("price", strong=True))
    items = (Paragraph((Words("one"),), item=True), Paragraph((Quoted("2 & 2"),), item=True))
    link = Paragraph((Anchor("The deal", 'https://x.example/?a=1&b="2"'),))
    told = written(Message((Paragraph(parts), *items, link)), mark_of("k1"))
    assert told == (
        "<p>Anna &lt;3: <strong>price</strong></p><ul><li>one</li><li>2 &amp; 2</li></ul>"
        '<p><a href="https://x.example/?a=1&amp;b=&quot;2&quot;">The deal</a></p><p>— syncer k1</p>'
    )


def test_an_address_of_another_kind_is_no_link() -> None:
    """Only the web is linked to."""
    assert "<a" not in written(message(Anchor("x", "javascript:alert(1)")), "m")


@pytest.mark.parametrize("sign", ["x", "&", "\n", "é"])
@pytest.mark.parametrize("lines", [1, 2, 5_000])
def test_what_is_too_long_is_cut_and_keeps_our_words(sign: str, lines: int) -> None:
    """Quotes are cut first, so how to answer stays; the mark is there whatever was cut."""
    quotes = [Quoted(sign * 90_000)] * lines if lines < 10 else [Quoted(sign * 40)] * lines
    html = written(message(Words("Hello"), *quotes, Words("How to answer")), mark_of("k1"))
    assert len(html) <= MAX
    said, ref = marked(lines_of(html))
    assert ref == "k1"
    assert said[0] == "Hello"
    assert said[-1] == "How to answer" or lines > 10
    assert "…" in html or "left out" in html


def test_words_that_are_too_long_are_left_out_from_the_end() -> None:
    """Where nothing is quoted whole lines go, and it is said that they do."""
    html = written(message(*[Words(f"{n} " + "w" * 990) for n in range(100)]), mark_of("k1"))
    said, ref = marked(lines_of(html))
    assert len(html) <= MAX
    assert ref == "k1"
    assert said[0].startswith("0 w")
    assert "left out" in said[-1]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("plain\nof another program", ["plain", "of another program"]),
        ("<p>a\nb</p>", ["a b"]),
        ("<div><p>a&nbsp;b</p><p><br></p>c</div>", ["a b", "c"]),
        ("a<br>b<ul><li>c</li></ul>d", ["a", "b", "- c", "d"]),
        ("<script>x</script><style>y</style>a<b>p</b>prove", ["approve"]),
        ("<![x[ a <!-- b --> <p", ["<![x[ a  <p", ""]),
        ("a &lt;b&gt; &amp;amp; c", ["a <b> &amp; c"]),
    ],
)
def test_any_html_is_read_as_people_read_it(html: str, lines: list[str]) -> None:
    """Blocks are lines; what nobody sees is not there; what is broken does no harm."""
    if lines and lines[-1] == "":
        assert all(isinstance(line, str) for line in lines_of(html))
    else:
        assert lines_of(html) == lines


OURS = ["Anna asks", "- approve P3KX9Q", "- decline P3KX9Q", "— syncer k1"]


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (OURS, ""),
        (["yes", *OURS], "yes"),
        ([*OURS, "yes", "please"], "yes\nplease"),
        ([*OURS[:1], "yes", *OURS[1:]], "yes"),
        ([*OURS[:3], "— syncer k1 yes"], "yes"),
        (["yes Anna asks", *OURS[1:]], "yes"),
        (OURS[1:2], ""),
        ([], ""),
        (["yes"], "yes"),
        (["- decline it", *OURS[3:]], "- decline it"),
        (["approve P3KX9Q"], "approve P3KX9Q"),
        ([line.upper() + "!" for line in OURS], ""),
        ([*OURS, *OURS], "\n".join(OURS)),
    ],
)
def test_what_was_added_is_what_was_said(theirs: list[str], said: str) -> None:
    """New lines, and new words before or behind old ones; whole lines that are gone say nothing."""
    assert added(OURS, theirs) == said


def test_a_text_of_very_many_lines_is_compared_at_once() -> None:
    """Thousands of equal lines do not keep anybody waiting."""
    many = ["x"] * 30_000
    assert added([*many, "end"], ["yes", *many, "end"]).count("yes") == 1


@pytest.mark.parametrize(
    ("lines", "ref"),
    [
        ([*OURS], "k1"),
        ([*OURS, "later"], "k1"),
        (["— syncer k0", *OURS], "k1"),
        (["syncer k1"], None),
        (["syncer rocks"], None),
        (["see — syncer k1"], None),
        (["— syncer"], None),
        ([], None),
    ],
)
def test_the_mark_is_a_line_of_its_own(lines: list[str], ref: str | None) -> None:
    """The last one counts; words like it within a line do not."""
    assert marked(lines)[1] == ref


def test_what_stands_below_the_mark() -> None:
    """All lines after it; nothing where there is no mark."""
    assert below([*OURS, "a", "b"]) == "a\nb"
    assert below(["a"]) == ""
