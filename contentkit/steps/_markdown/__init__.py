"""The parts of the check of Markdown."""
