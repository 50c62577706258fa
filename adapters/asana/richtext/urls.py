"""Which addresses may be links."""

_SCHEMES = ("http://", "https://", "mailto:")


def usable(href: str) -> str | None:
    """An address as Markdown keeps it; ``None`` if it should not be a link at all."""
    stripped = href.strip()
    if not stripped.lower().startswith(_SCHEMES) or not stripped.isprintable():
        return None
    from markdown_it.common.normalize_url import normalizeLink, validateLink

    try:
        normal = normalizeLink(stripped)
    except ValueError:
        return None
    return normal if validateLink(normal) else None
