"""A voice: what is measured of a text, the profile of an author, and how far a text is from it."""
