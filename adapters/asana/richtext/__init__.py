"""Rich text: Asana's XML fragments to and from the Markdown of the model.

``to_markdown(to_html(text))`` is a fixed point after its first application, and so is the
other direction: what Asana hands back for a text that we wrote reads as that text again.
Vendor facts: the wire guide's section on rich text.
"""

from adapters.asana.richtext.html import parse_html, render_html
from adapters.asana.richtext.markdown_in import parse_markdown
from adapters.asana.richtext.markdown_out import render_markdown
from adapters.asana.richtext.plain import render_plain
from adapters.asana.richtext.tree import tidy_lines, without_blocks

__all__ = ["plain_to_markdown", "to_html", "to_markdown", "to_plain"]


def to_markdown(html: str) -> str | None:
    """Markdown for ``html_notes``; ``None`` if there is nothing to read."""
    return render_markdown(parse_html(html)) or None


def plain_to_markdown(text: str) -> str | None:
    """Markdown that shows a plain text as it is."""
    return render_markdown(tidy_lines(text)) or None


def to_html(markdown: str | None, *, blocks: bool = True) -> str:
    """``html_notes`` for Markdown, well-formed, with Asana's tags only.

    Args:
        markdown: the text; ``None`` empties the field.
        blocks: whether headings, rules, quotes and code blocks may be used (tasks: yes;
            project notes: no, they become bold lines, dashes, plain lines and inline code).
    """
    document = parse_markdown(markdown or "")
    return render_html(document if blocks else without_blocks(document))


def to_plain(markdown: str | None) -> str:
    """The words of Markdown, for texts of Asana that take no marks."""
    return render_plain(without_blocks(parse_markdown(markdown or "")))
