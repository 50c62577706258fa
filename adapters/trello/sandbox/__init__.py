"""Trello's stand-in: its wire API on loopback, with state, users, limits and feeds."""

from adapters.trello.sandbox.server import BUTLER, GUEST, KEY, TrelloSandbox

SANDBOX = TrelloSandbox

__all__ = ["BUTLER", "GUEST", "KEY", "SANDBOX", "TrelloSandbox"]
