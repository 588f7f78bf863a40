"""What a style guide may say, and how it is looked for."""
