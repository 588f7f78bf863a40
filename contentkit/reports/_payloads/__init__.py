"""What each platform's API is sent for a post: one function a platform, from a post to its calls in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from contentkit.reports._payloads import bluesky, linkedin, mastodon, messages, meta, x
from contentkit.reports._payloads.request import Call, Post

CALLS: Mapping[str, Callable[[Post], Iterator[Call]]] = {
    "x": x.calls,
    "bluesky": bluesky.calls,
    "mastodon": mastodon.calls,
    "threads": meta.threads,
    "linkedin": linkedin.calls,
    "instagram": meta.instagram,
    "facebook": meta.facebook,
    "tiktok": messages.tiktok,
    "telegram": messages.telegram,
    "discord": messages.discord,
}
