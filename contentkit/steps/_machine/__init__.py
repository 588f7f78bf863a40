"""Lists of what machines write, by language."""
