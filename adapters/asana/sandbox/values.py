"""What may be written, and how it is kept: dates, rich text, custom field values."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Final
from xml.etree import ElementTree as ET

from adapters.asana.sandbox.api import Api, refuse
from adapters.asana.sandbox.store import Ref, Thing
from syncer.model.values import instant_text, parse_number

_TAGS: Final = frozenset("body strong em u s code ol ul li a".split())
_MORE_TAGS: Final = frozenset("h1 h2 hr blockquote pre".split())
_TEXT: Final = 1024


def day(where: str, value: Any) -> str | None:
    """A date as ``YYYY-MM-DD``, or nothing."""
    if value is None:
        return None
    wrong = f"{where}: Date must be in ISO-8601 (yyyy-mm-dd) format, not: {value}"
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        refuse(wrong)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        refuse(wrong)


def moment(where: str, value: Any) -> str | None:
    """An instant in UTC, or nothing. One without a zone is read as UTC."""
    if value is None:
        return None
    try:
        told = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        refuse(f"{where}: Datetime must be in ISO-8601 format, not: {value}")
    return instant_text(told if told.tzinfo else told.replace(tzinfo=UTC))


def text(where: str, value: Any) -> str:
    """A string."""
    return value if isinstance(value, str) else refuse(f"{where}: Not a String: {value!r}")


def flag(where: str, value: Any) -> bool:
    """A boolean."""
    return value if isinstance(value, bool) else refuse(f"{where}: Not a Boolean: {value!r}")


def gid_list(where: str, value: Any) -> list[Any]:
    """A list of gids, or one string with commas between them, as the document has it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value if isinstance(value, list) else refuse(f"{where}: Value is not an array")


def both_notes(api: Api, data: Thing, *, blocks: bool) -> Thing:
    """``notes`` and ``html_notes`` from whichever was sent."""
    if "notes" in data and "html_notes" in data:
        refuse("You may only provide one of notes or html_notes!")
    if "html_notes" in data:
        html = rich(api, "html_notes", data["html_notes"], blocks=blocks)
        return {"html_notes": html, "notes": plain_of(html)}
    if "notes" in data:
        said = text("notes", data["notes"])
        return {"notes": said, "html_notes": f"<body>{linked(escape(said, quote=False))}</body>"}
    return {}


def rich(api: Api, where: str, value: Any, *, blocks: bool) -> str:
    """Rich text, checked and as it is handed back: addresses become links, mentions are told."""
    html = text(where, value)
    try:
        root = ET.fromstring(html)
    except ET.ParseError:
        refuse("XML is invalid")
    allowed = _TAGS | _MORE_TAGS if blocks else _TAGS
    if root.tag != "body":
        refuse(f"{where}: Rich text must be wrapped in a body tag")
    for node in root.iter():
        if node.tag not in allowed:
            refuse(f"{where}: XML tag {node.tag} is not supported")
        if node.attrib and node.tag != "a":
            refuse(f"{where}: XML tag {node.tag} may not have attributes")
        if node.tag == "a":
            mention(api, where, node)
    return linked(ET.tostring(root, encoding="unicode").replace(" />", "/>"))


def mention(api: Api, where: str, node: ET.Element) -> None:
    """Check a mention, and say all about it that Asana does."""
    gid = node.attrib.get("data-asana-gid")
    if gid is None:
        return
    thing = api.store.things.get(gid) or refuse(f"{where}: Unknown object: {gid}")
    kind = thing["resource_type"]
    node.attrib["data-asana-accessible"] = "true"
    node.attrib["data-asana-type"] = kind
    node.attrib.setdefault("href", f"https://app.asana.com/0/profile/{gid}")
    if not node.text:
        node.text = f"@{thing['name']}" if kind == "user" else str(thing["name"])


_URL: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def linked(html: str) -> str:
    """Addresses in running text made links, as Asana does by itself."""
    done, quiet = [], 0
    for piece in re.split(r"(<[^>]+>)", html):
        if piece.startswith("<"):
            name = piece.strip("</>").split(" ")[0]
            if name in ("a", "code", "pre") and not piece.endswith("/>"):
                quiet += -1 if piece.startswith("</") else 1
            done.append(piece)
        else:
            done.append(piece if quiet else _URL.sub(r'<a href="\g<0>">\g<0></a>', piece))
    return "".join(done)


def plain_of(html: str) -> str:
    """The plain view of rich text."""
    root = ET.fromstring(html)
    for node in root.iter():
        if node.tag in ("li", "h1", "h2", "pre", "blockquote", "hr"):
            node.tail = "\n" + (node.tail or "")
    return "".join(root.itertext()).strip("\n")


def field_value(api: Api, field: Thing, value: Any) -> Any:
    """A custom field's value as it is kept; 400 if the field cannot hold it."""
    where = f"custom_fields: [{field['gid']}]"
    if field.get("is_value_read_only"):
        refuse(f"{where}: Cannot write this property")
    if value is None:
        return None
    kind = field["resource_subtype"]
    if kind == "text":
        said = text(where, value)
        return said or None if len(said) <= _TEXT else refuse(f"{where}: Text is too long")
    if kind == "number":
        return _number(where, field, value)
    if kind == "enum":
        return _option(api, field, value, where)
    if kind == "multi_enum":
        return [_option(api, field, v, where) for v in gid_list(where, value)]
    if kind == "people":
        return [Ref(api.named("user", v, where)["gid"]) for v in gid_list(where, value)]
    return _date(where, value)


def _number(where: str, field: Thing, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        refuse(f"{where}: Not a Number: {value!r}")
    try:
        rounded = round(parse_number(value), field.get("precision") or 0)
    except ValueError:
        refuse(f"{where}: Not a Number: {value!r}")
    return int(rounded) if rounded == rounded.to_integral_value() else float(Decimal(rounded))


def _option(api: Api, field: Thing, value: Any, where: str) -> Ref:
    if not isinstance(value, str):
        refuse(f"{where}: Not a valid GID type: {value!r}")
    known = value in field["enum_options"] and api.store.things[value]["enabled"]
    return Ref(value) if known else refuse(f"{where}: Unknown object: {value}")


def _date(where: str, value: Any) -> Thing | None:
    if not isinstance(value, dict):
        refuse(f"{where}: Value is not a JSON object: {value!r}")
    at = moment(where, value.get("date_time"))
    on = at[:10] if at else day(where, value.get("date"))
    return {"date": on, "date_time": at} if on else None
