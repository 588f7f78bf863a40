"""X, API v2: POST /2/tweets, a thread as a chain of replies; the picture's alt text by POST /2/media/metadata.

Documented at https://docs.x.com/x-api/posts/create-post and https://docs.x.com/x-api/media/create-media-metadata.
Written from memory of these pages, and not tried against the API itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentkit.reports._payloads.request import Call, Fill, Post, bearer

_API = "https://api.x.com/2"
_MEDIA = Fill("X_MEDIA_ID", 'data.id of the answer to "picture"')


def calls(post: Post) -> Iterator[Call]:
    """The picture first, then one post after the other."""
    token = bearer("X_USER_TOKEN", "OAuth 2.0 token of the user, with tweet.write and media.write")
    if post.alt:
        media = {"media": Fill("IMAGE_FILE", "the picture, as a file"), "media_category": "tweet_image"}
        yield Call("picture", f"{_API}/media/upload", media, token, sent_as="form")
        told = {"id": _MEDIA, "metadata": {"alt_text": {"text": post.alt}}}
        yield Call("alt text", f"{_API}/media/metadata", told, token)
    for number, text in enumerate(post.texts, 1):
        body: dict[str, Any] = {"text": text}
        if post.alt and number == 1:
            body["media"] = {"media_ids": [_MEDIA]}
        if number > 1:
            before = Fill(f"X_POST_{number - 1}_ID", f'data.id of the answer to "post {number - 1}"')
            body["reply"] = {"in_reply_to_tweet_id": before}
        yield Call(f"post {number}", f"{_API}/tweets", body, token)
