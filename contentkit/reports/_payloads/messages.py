"""Telegram, Discord and TikTok.

https://core.telegram.org/bots/api#sendmessage and #sendphoto, https://discord.com/developers/docs/resources/webhook#execute-webhook,
https://developers.tiktok.com/doc/content-posting-api-reference-direct-post. Not tried against the APIs themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentkit.reports._payloads.request import Call, Fill, Post, bearer


def telegram(post: Post) -> Iterator[Call]:
    """A message after the other, as plain text: without parse_mode no sign in it is markup."""
    chat = Fill("TELEGRAM_CHAT_ID", "id of the chat, or @name of the channel")
    url = Fill("TELEGRAM_BOT_TOKEN", "the bot's token", "https://api.telegram.org/bot{}/sendMessage")
    for number, text in enumerate(post.texts, 1):
        yield Call(f"message {number}", url, {"chat_id": chat, "text": text})


def discord(post: Post) -> Iterator[Call]:
    """A message after the other. No word in it calls anybody: allowed_mentions names nobody."""
    url = Fill("DISCORD_WEBHOOK_URL", "the channel's webhook")
    for number, text in enumerate(post.texts, 1):
        yield Call(f"message {number}", url, {"content": text, "allowed_mentions": {"parse": []}})


def tiktok(post: Post) -> Iterator[Call]:
    """A video with its caption. Who may see it, TikTok wants asked of the creator each time."""
    token = bearer("TIKTOK_TOKEN", "the user's token, with video.publish")
    privacy = Fill("TIKTOK_PRIVACY_LEVEL", "one of privacy_level_options of POST /v2/post/publish/creator_info/query/")
    video = Fill("VIDEO_URL", "the video, on a domain that TikTok has verified")
    body = {
        "post_info": {"title": post.texts[0], "privacy_level": privacy},
        "source_info": {"source": "PULL_FROM_URL", "video_url": video},
    }
    yield Call("post", "https://open.tiktokapis.com/v2/post/publish/video/init/", body, token)
