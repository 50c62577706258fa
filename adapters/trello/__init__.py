"""Trello: workspaces, boards, lists, cards, members, labels and custom fields."""

from adapters.trello import addresses
from adapters.trello.adapter import TrelloAdapter
from adapters.trello.options import Options, ScopeOptions
from syncer.adapterkit.contract import AdapterSpec

ADAPTER = AdapterSpec("trello", TrelloAdapter, Options, ScopeOptions, addresses=addresses.shown)
