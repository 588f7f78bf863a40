"""How the pieces of one brief are planned, and seen as a whole."""
