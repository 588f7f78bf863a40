"""What stands around the text of an article: marks and list of sources, contents, pull quotes, questions and
answers."""

from __future__ import annotations

from contentkit.core.article.extras import Answer, Extras, Wishes, confirmed
from contentkit.core.article.whole import completed

__all__ = ["Answer", "Extras", "Wishes", "completed", "confirmed"]
