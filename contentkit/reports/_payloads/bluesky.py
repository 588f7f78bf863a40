"""Bluesky: com.atproto.repo.createRecord with an app.bsky.feed.post, links and tags as facets by UTF-8 bytes.

https://github.com/bluesky-social/atproto: lexicons/app/bsky/feed/post.json (text, facets, reply, embed, langs,
createdAt), richtext/facet.json (index with byteStart and byteEnd, features), embed/images.json (read 2026-11-26).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentkit.core.text.facets import Facet, facets
from contentkit.reports._payloads.request import Call, Fill, Post, bearer

_HOST = Fill(
    "BLUESKY_PDS", "the account's server, such as bsky.social", "https://{}/xrpc/com.atproto.repo.createRecord"
)
_UPLOAD = Fill(
    "BLUESKY_PDS", "the account's server, such as bsky.social", "https://{}/xrpc/com.atproto.repo.uploadBlob"
)
_FACET = "app.bsky.richtext.facet"


def calls(post: Post) -> Iterator[Call]:
    """The picture first, then a record after the other; each reply names the first record and the one before."""
    token = bearer("BLUESKY_ACCESS_JWT", "accessJwt of com.atproto.server.createSession")
    if post.alt:
        yield Call("picture", _UPLOAD, Fill("IMAGE_FILE", "the picture's bytes"), token, sent_as="body")
    for number, text in enumerate(post.texts, 1):
        body = {
            "repo": Fill("BLUESKY_DID", "the account's DID or handle"),
            "collection": "app.bsky.feed.post",
            "record": _record(post, text, number),
        }
        yield Call(f"post {number}", _HOST, body, token)


def _record(post: Post, text: str, number: int) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text}
    if marked := [_facet(facet) for facet in facets(text)]:
        record["facets"] = marked
    if post.language:
        record["langs"] = [post.language]
    if number > 1:
        record["reply"] = {"root": _reference(1), "parent": _reference(number - 1)}
    elif post.alt:
        image = Fill("BLUESKY_BLOB", 'blob of the answer to "picture"')
        record["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": post.alt, "image": image}]}
    record["createdAt"] = _time(post.created) or Fill("NOW", "the time of posting, RFC 3339 in UTC")
    return record


def _facet(facet: Facet) -> dict[str, Any]:
    feature: dict[str, Any] = {"$type": f"{_FACET}#{facet.kind}"}
    if facet.kind == "link":
        feature["uri"] = facet.value
    elif facet.kind == "tag":
        feature["tag"] = facet.value
    else:
        feature["did"] = Fill(f"DID_OF_{facet.value}", f"com.atproto.identity.resolveHandle of {facet.value}")
    return {"$type": _FACET, "index": {"byteStart": facet.start, "byteEnd": facet.end}, "features": [feature]}


def _reference(number: int) -> dict[str, Any]:
    return {
        key: Fill(f"POST_{number}_{key.upper()}", f'{key} of the answer to "post {number}"') for key in ("uri", "cid")
    }


def _time(created: str) -> str:
    """The time as atproto's "datetime" writes UTC."""
    return created.replace("+00:00", "Z") if created else ""
