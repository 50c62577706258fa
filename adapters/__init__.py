"""The shipped adapters: one folder per system, found by its name, imported when configured."""
