"""The client's report as one HTML page."""
