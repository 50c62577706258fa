"""The order of the stages, and everything that touches the world on their behalf."""
