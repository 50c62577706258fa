"""Guesses about an account, each with a score: pure, and never taken for more than guesses."""
