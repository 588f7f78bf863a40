"""Threads, Instagram and Facebook pages: Meta's Graph API.

https://developers.facebook.com/documentation/threads/posts, .../threads/retrieve-and-manage-replies/create-replies,
.../threads/posts/accessibility, .../instagram-platform/content-publishing, and
https://developers.facebook.com/docs/graph-api/reference/page/feed, .../page/photos. Not tried against the API itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentkit.core.text.links import find_links
from contentkit.reports._payloads.request import Call, Fill, Post, bearer

_IMAGE = Fill("IMAGE_URL", "the picture on a public server, from where Meta fetches it")


def threads(post: Post) -> Iterator[Call]:
    """A container and its publishing for each post; replies name the one that was published before."""
    token = bearer("THREADS_TOKEN", "the user's token, with threads_content_publish")
    for number, text in enumerate(post.texts, 1):
        pictured = bool(post.alt) and number == 1
        body: dict[str, Any] = {"media_type": "IMAGE" if pictured else "TEXT", "text": text}
        if pictured:
            body |= {"image_url": _IMAGE, "alt_text": post.alt}
        if number > 1:
            body["reply_to_id"] = Fill(f"THREADS_POST_{number - 1}_ID", f'id of the answer to "publish {number - 1}"')
        yield Call(f"container {number}", _of("THREADS_USER_ID", "graph.threads.com/v1.0", "threads"), body, token)
        made = {"creation_id": Fill(f"CONTAINER_{number}_ID", f'id of the answer to "container {number}"')}
        publish = _of("THREADS_USER_ID", "graph.threads.com/v1.0", "threads_publish")
        yield Call(f"publish {number}", publish, made, token)


def instagram(post: Post) -> Iterator[Call]:
    """A container with the caption, and its publishing. There is always a picture, which is the account's to give."""
    token = bearer("INSTAGRAM_TOKEN", "the user's token, with instagram_business_content_publish")
    body: dict[str, Any] = {"image_url": _IMAGE, "caption": post.texts[0]}
    if post.alt:
        body["alt_text"] = post.alt
    yield Call("container", _of("INSTAGRAM_USER_ID", "graph.instagram.com", "media"), body, token)
    made = {"creation_id": Fill("CONTAINER_ID", 'id of the answer to "container"')}
    yield Call("publish", _of("INSTAGRAM_USER_ID", "graph.instagram.com", "media_publish"), made, token)


def facebook(post: Post) -> Iterator[Call]:
    """A post of a page: a photo where there is a picture, else of the feed, its first link as the preview."""
    token = bearer("FACEBOOK_PAGE_TOKEN", "the page's token, with pages_manage_posts")
    text = post.texts[0]
    if post.alt:
        body = {"url": _IMAGE, "message": text, "alt_text_custom": post.alt}
        yield Call("post", _of("FACEBOOK_PAGE_ID", "graph.facebook.com", "photos"), body, token)
        return
    link = next((text[one.start : one.end] for one in find_links(text) if one.scheme), "")
    message = {"message": text, "link": link} if link else {"message": text}
    yield Call("post", _of("FACEBOOK_PAGE_ID", "graph.facebook.com", "feed"), message, token)


def _of(name: str, host: str, edge: str) -> Fill:
    return Fill(name, "the account's id", f"https://{host}/{{}}/{edge}")
