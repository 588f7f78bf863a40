"""Open models in this process: what ``providers/transformers.py`` is made of."""
