"""Repositories: which two sides are meant, and the files that differ between them."""
