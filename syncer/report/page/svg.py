"""A drawing as matplotlib writes it, made fit to stand within a page among others."""

import io
import re
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_HREF: Final = f"{{{_XLINK}}}href"
_URL: Final = re.compile(r"url\(#([^)]+)\)")
_NUMBER: Final = re.compile(r"(?<![\w#.])-?\d+\.\d{3,}")


def embedded(drawing: bytes, key: str) -> str:
    """The ``svg`` element alone: names are its own, nothing holds for the page around it.

    It is hidden from screen readers: whatever holds it says in words what it shows.

    Args:
        drawing: an SVG file of our own making.
        key: begins every id in it; unique within the page.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    parser = ET.XMLParser()  # noqa: S314 - we have just made it ourselves
    root = ET.parse(io.BytesIO(drawing), parser).getroot()  # noqa: S314 - the same
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)  # a style within a page is the whole page's
    _rename(root, key)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    text = ET.tostring(root, encoding="unicode")
    return _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), text)


def _rename(root: ET.Element, key: str) -> None:
    """Ids that are referred to get names of this drawing's own, all others go."""
    used = {one for element in root.iter() for one in _references(element)}
    names = {old: f"{key}-{at}" for at, old in enumerate(sorted(used))}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in names:
            element.set("id", names[old])
        for name, value in element.attrib.items():
            if name == _HREF:
                element.set(name, f"#{names[value[1:]]}")
            elif name != "id":
                element.set(name, _URL.sub(lambda found: f"url(#{names[found[1]]})", value))


def _references(element: ET.Element) -> list[str]:
    named = [value[1:] for name, value in element.attrib.items() if name == _HREF]
    return named + [one for value in element.attrib.values() for one in _URL.findall(value)]
