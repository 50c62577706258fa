"""The adapters of this repository: a folder each, found by its name."""
