"""Mastodon: POST /api/v1/statuses, a thread by in_reply_to_id; the picture's description by POST /api/v2/media.

https://docs.joinmastodon.org/methods/statuses/#create and https://docs.joinmastodon.org/methods/media/#v2. Not tried
against a server.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentkit.reports._payloads.request import Call, Fill, Post, bearer


def calls(post: Post) -> Iterator[Call]:
    """The picture first, then one status after the other. Who sees them is the account's own setting."""
    token = bearer("MASTODON_TOKEN", "a token of the account, with write:statuses and write:media")
    if post.alt:
        media = {"file": Fill("IMAGE_FILE", "the picture, as a file"), "description": post.alt}
        yield Call("picture", _url("/api/v2/media"), media, token, sent_as="form")
    for number, text in enumerate(post.texts, 1):
        body: dict[str, Any] = {"status": text}
        if post.language:
            body["language"] = post.language
        if post.alt and number == 1:
            body["media_ids"] = [Fill("MASTODON_MEDIA_ID", 'id of the answer to "picture"')]
        if number > 1:
            before = Fill(f"MASTODON_POST_{number - 1}_ID", f'id of the answer to "post {number - 1}"')
            body["in_reply_to_id"] = before
        yield Call(f"post {number}", _url("/api/v1/statuses"), body, token)


def _url(path: str) -> Fill:
    return Fill("MASTODON_SERVER", "the account's server, such as mastodon.social", f"https://{{}}{path}")
