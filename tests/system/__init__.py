"""Whole installations over real sockets and files."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.system.feeds{part}" for part in ("", "_asana", "_trello", "_hubspot", "_many"))
)
