"""The files that git runs as hooks."""
