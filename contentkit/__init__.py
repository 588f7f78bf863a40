"""contentkit writes articles, emails, posts and video scripts, and reviews git changes, with any model or none."""

__version__ = "0.1.0"
