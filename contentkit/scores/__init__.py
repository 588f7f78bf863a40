"""How drafts are scored: by what is expected of them, and by a model that prefers one."""
