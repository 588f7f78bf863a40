"""LinkedIn: POST /rest/posts, its commentary in "little text", where a reserved character without a backslash cuts it.

Documented at https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api and
.../little-text-format. Not tried against the API itself; the template of hashtags is from memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contentkit.core.text.counting import find_hashtags
from contentkit.reports._payloads.request import Call, Fill, Post, bearer

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")


def calls(post: Post) -> Iterator[Call]:
    """One post. It is public, since a draft or a narrower circle is nothing that the text tells."""
    body: dict[str, Any] = {
        "author": Fill("LINKEDIN_AUTHOR_URN", "urn:li:person:... or urn:li:organization:..."),
        "commentary": little_text(post.texts[0]),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if post.alt:
        image = Fill("LINKEDIN_IMAGE_URN", "urn:li:image:... of POST /rest/images?action=initializeUpload")
        body["content"] = {"media": {"id": image, "altText": post.alt}}
    headers = {
        **bearer("LINKEDIN_TOKEN", "a token with w_member_social or w_organization_social"),
        "LinkedIn-Version": Fill("LINKEDIN_VERSION", "a version of the API that is in force, as YYYYMM"),
        "X-Restli-Protocol-Version": "2.0.0",
    }
    yield Call("post", "https://api.linkedin.com/rest/posts", body, headers)


def little_text(text: str) -> str:
    """A text as "little text": hashtags as its template for them, every other reserved character with a backslash."""
    made, position = [], 0
    for start, end in find_hashtags(text):
        made += [_escaped(text[position:start]), rf"{{hashtag|\#|{_escaped(text[start + 1 : end])}}}"]
        position = end
    return "".join([*made, _escaped(text[position:])])


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)
