"""The two dialects of OpenAI: what ``providers/openai.py`` is made of."""
