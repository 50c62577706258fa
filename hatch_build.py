"""Build hook: the shipped configuration and mappings travel inside the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = (
    "config/*.yaml",
    "config/schema/*.json",
    "config/example.env",
    "mappings/**/*.yaml",
    "mappings/**/*.json",
)
"""What is shipped. Named by kind, so that no ``.env`` of somebody's own is ever packed."""


class ShipData(BuildHookInterface):  # type: ignore[type-arg]
    """Copies ``config/`` and ``mappings/`` to ``syncer/_shipped/`` of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files. An editable install reads them where they are."""
        if version == "editable":
            return
        root = Path(self.root)
        for pattern in SHIPPED:
            for file in sorted(root.glob(pattern)):
                inside = file.relative_to(root).as_posix()
                build_data["force_include"][str(file)] = f"syncer/_shipped/{inside}"
