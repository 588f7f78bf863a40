"""Email as a value: letters, their text and HTML, headers, and whether both parts say the same. Sends nothing."""
