"""What of a change is read: contents, limits, and what is skipped with its reason."""
