"""The embedded draft engine: what ``providers/offline.py`` is made of."""
