"""syncer keeps an agency's tools in step through one canonical model, with owners."""

__version__ = "0.1.0"
