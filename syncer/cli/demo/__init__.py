"""``syncer demo``: the whole story on sandboxes, every claim read back from the tools."""
