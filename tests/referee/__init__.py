"""The vendors' own documents as the referee of all traffic of a test run."""
