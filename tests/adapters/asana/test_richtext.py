"""Rich text: Asana's tags to Markdown and back, without loss and without end."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.asana.richtext import plain_to_markdown, to_html, to_markdown

MARKDOWN = st.lists(
    st.sampled_from(
        [
            *("**", "*", "_", "~~", "`", "``", "\n", "\n\n", "- ", "1. ", "  ", "    ", "# ", "> "),
            *("a", "b c", "é", ".", "\\", "&amp;", "<u>", "</u>", "<b>", "---", "```"),
            *("[x](http://e.x/a_b)", "http://x.y/_z_", "![i](http://e/p.png)", "\x07", "<code>"),
        ]
    ),
    max_size=14,
).map("".join)

HTML = st.lists(
    st.sampled_from(
        [
            *(
                f"<{slash}{tag}>"
                for tag in ("strong", "em", "u", "s", "code")
                for slash in ("", "/")
            ),
            *(f"<{slash}{tag}>" for tag in ("ul", "ol", "li", "h1", "pre") for slash in ("", "/")),
            *("<blockquote>", "</blockquote>", "<hr/>", '<a href="http://x.y">', "</a>", "<new>"),
            *("a", "b ", " c", "*", "_", "\n", "\n\n", "`", "- ", "1. ", "&lt;", "http://x.y"),
            '<img data-asana-gid="12" src="https://signed.example/?sig=x"/>',
        ]
    ),
    max_size=14,
).map("".join)


UNHELD = {*map(chr, range(32)), "\x7f", "\x85", "\ufffe", "\uffff"}
"""What XML cannot hold, or what no text means anything by."""


@given(MARKDOWN)
def test_markdown_comes_to_rest(text: str) -> None:
    """What was once written to Asana and read back is written and read alike for ever."""
    for blocks in (True, False):
        once = to_markdown(to_html(text, blocks=blocks))
        assert to_markdown(to_html(once, blocks=blocks)) == once


@given(HTML)
def test_rich_text_comes_to_rest(html: str) -> None:
    """What was read is written so that it reads the same, whatever was sent to be read."""
    text = to_markdown(html)
    assert to_markdown(to_html(text)) == text


@given(st.one_of(MARKDOWN, st.text(max_size=40)))
def test_what_is_written_is_well_formed(text: str) -> None:
    """Whatever the text, the fragment is XML with tags that Asana takes, in one body."""
    allowed = {"body", "strong", "em", "u", "s", "code", "ol", "ul", "li", "a"}
    for blocks in (True, False):
        root = ET.fromstring(to_html(text, blocks=blocks))
        tags = {node.tag for node in root.iter()}
        assert root.tag == "body"
        assert tags <= allowed | ({"h1", "h2", "hr", "blockquote", "pre"} if blocks else set())


@given(st.text(max_size=60))
def test_a_plain_text_reads_as_itself(text: str) -> None:
    """A text without formatting shows its own signs, not formatting."""
    shown = to_html(plain_to_markdown(text))
    plain = "".join(ET.fromstring(shown).itertext())
    assert "".join(plain.split()) == "".join(c for c in text if not c.isspace() and c not in UNHELD)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<body></body>", None),
        ("<body>snake_case and 2*3</body>", "snake_case and 2*3"),
        ("<body>* not a list</body>", r"\* not a list"),
        ("<body>a\nb\n\nc</body>", "a\nb\n\nc"),
        ("<body><strong>a</strong> <em>b</em> <s>c</s></body>", "**a** *b* ~~c~~"),
        ("<body><u>kept</u></body>", "<u>kept</u>"),
        ("<body><ul><li>a<ul><li>b</li></ul></li></ul></body>", "- a\n  - b"),
        ("<body><ol><li>a</li><li>b</li></ol></body>", "1. a\n2. b"),
        ("<body><h1>T</h1>text<hr/></body>", "# T\n\ntext\n\n---"),
        (
            '<body><a href="https://x.example/a_b">https://x.example/a_b</a></body>',
            "https://x.example/a_b",
        ),
        ('<body><a href="https://x.example">here</a></body>', "[here](https://x.example)"),
        ('<body><a href="javascript:x()">here</a></body>', "here"),
        ("<body>not <closed", r"not <closed"),
    ],
)
def test_reading(html: str, markdown: str | None) -> None:
    """The tags that people use read as the Markdown that people would write."""
    assert to_markdown(html) == markdown


def test_a_mention_stays_a_link() -> None:
    """Who is mentioned can still be followed, in every tool."""
    html = (
        '<body>Ask <a data-asana-accessible="true" data-asana-gid="7" data-asana-type="user" '
        'href="https://app.asana.com/0/profile/7">@Anna</a></body>'
    )
    text = "Ask [@Anna](https://app.asana.com/0/profile/7)"
    assert to_markdown(html) == text
    assert 'href="https://app.asana.com/0/profile/7"' in to_html(text)


def test_no_signed_address_is_kept() -> None:
    """An inline image is a lasting link; the address that dies in minutes is a secret."""
    html = '<body><img data-asana-gid="12" src="https://signed.example/?sig=x"/></body>'
    assert to_markdown(html) == ("[image](https://app.asana.com/app/asana/-/get_asset?asset_id=12)")


def test_project_notes_have_no_blocks() -> None:
    """What a project's notes cannot hold is shown in simpler ways, not left out."""
    assert to_html("# T\n\n> q\n\n---", blocks=False) == (
        "<body><strong>T</strong>\n\nq\n\n\u2014\u2014\u2014</body>"
    )
