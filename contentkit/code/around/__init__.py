"""The code around a change: what a reader has to know to judge it."""
