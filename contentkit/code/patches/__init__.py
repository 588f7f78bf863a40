"""Unified diffs as text: hunks, files, and a change made of them."""
