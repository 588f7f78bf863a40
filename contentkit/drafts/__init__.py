"""How a draft comes to be: prepared, written whole or in parts, mended, finished."""
