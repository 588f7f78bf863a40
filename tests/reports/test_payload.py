"""``--format payload`` and ``--format platforms``: what platforms' APIs are sent, and all platforms side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Place, Report, Severity
from contentkit.reports import payload, platforms
from contentkit.reports._payloads import CALLS
from contentkit.reports._payloads.linkedin import little_text
from contentkit.steps.limits import rules

CREATED = "2026-11-26T08:00:00+00:00"


def report(*posts: dict[str, Any], findings: tuple[Finding, ...] = (), language: str = "en") -> Report:
    return Report("social", "", {"posts": list(posts)}, findings, language=language, created=CREATED)


def calls(*posts: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
    told = json.loads(payload.render(report(*posts, language=language)))
    return [call for post in told["posts"] for call in post["calls"]]


def filled(call: dict[str, Any]) -> dict[str, str]:
    return {fill["at"]: fill["put"] for fill in call["fill"]}


def test_every_platform_that_posts_go_to_has_its_calls() -> None:
    assert set(CALLS) == {name for name, rule in rules().items() if rule.post}


def test_a_thread_on_x_is_a_chain_of_replies() -> None:
    one, two, three = calls({"platform": "x", "text": "…", "parts": ["One.", "Two.", "Three."]})
    assert (one["method"], one["url"], one["json"]) == ("POST", "https://api.x.com/2/tweets", {"text": "One."})
    assert two["json"] == {"text": "Two.", "reply": {"in_reply_to_tweet_id": "${X_POST_1_ID}"}}
    assert three["json"]["reply"] == {"in_reply_to_tweet_id": "${X_POST_2_ID}"}
    assert filled(two) == {
        "/headers/Authorization": "Bearer ${X_USER_TOKEN}", "/json/reply/in_reply_to_tweet_id": "${X_POST_1_ID}",
    }  # fmt: skip


def test_alt_text_goes_where_the_api_takes_it() -> None:
    post = {"text": "One.", "alt_text": "A ferry at dawn"}
    x = calls({"platform": "x", **post})
    assert [call["name"] for call in x] == ["picture", "alt text", "post 1"]
    assert x[1]["json"]["metadata"] == {"alt_text": {"text": "A ferry at dawn"}}
    assert x[2]["json"]["media"] == {"media_ids": ["${X_MEDIA_ID}"]}
    (_, bluesky) = calls({"platform": "bluesky", **post})
    assert bluesky["json"]["record"]["embed"]["images"] == [{"alt": "A ferry at dawn", "image": "${BLUESKY_BLOB}"}]
    (media, status) = calls({"platform": "mastodon", **post})
    assert media["form"]["description"] == "A ferry at dawn"
    assert status["json"]["media_ids"] == ["${MASTODON_MEDIA_ID}"]
    assert calls({"platform": "threads", **post})[0]["json"]["alt_text"] == "A ferry at dawn"
    assert calls({"platform": "linkedin", **post})[0]["json"]["content"]["media"]["altText"] == "A ferry at dawn"
    assert calls({"platform": "instagram", **post})[0]["json"]["alt_text"] == "A ferry at dawn"
    assert calls({"platform": "facebook", **post})[0]["json"]["alt_text_custom"] == "A ferry at dawn"


@given(
    st.lists(
        st.sampled_from(
            ["日本語。", "👩‍👩‍👧‍👦", "https://example.com/a", "example.com", "@a.bsky.social", "#Tea", "\n"]
        ),
        min_size=1,
    ).map(" ".join)
)
def test_facets_of_bluesky_name_their_bytes(text: str) -> None:
    (call,) = calls({"platform": "bluesky", "text": text}, language="ja")
    record = call["json"]["record"]
    assert (record["$type"], record["text"], record["langs"]) == ("app.bsky.feed.post", text, ["ja"])
    assert record["createdAt"] == "2026-11-26T08:00:00Z"
    for facet in record.get("facets", []):
        shown = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        (feature,) = facet["features"]
        kind = feature.pop("$type").removeprefix("app.bsky.richtext.facet#")
        assert (
            shown
            in {
                "link": (feature.get("uri"), str(feature.get("uri")).removeprefix("https://")),
                "tag": (f"#{feature.get('tag')}",),
                "mention": (str(feature.get("did")).replace("${DID_OF_", "@").removesuffix("}"),),
            }[kind]
        )


def test_a_thread_on_bluesky_names_root_and_parent() -> None:
    _, _, three = calls({"platform": "bluesky", "text": "…", "parts": ["One.", "Two.", "Three."]})
    reply = three["json"]["record"]["reply"]
    assert reply["root"] == {"uri": "${POST_1_URI}", "cid": "${POST_1_CID}"}
    assert reply["parent"] == {"uri": "${POST_2_URI}", "cid": "${POST_2_CID}"}


def test_threads_and_instagram_make_a_container_and_publish_it() -> None:
    told = calls({"platform": "threads", "text": "…", "parts": ["One.", "Two."]})
    assert [call["name"] for call in told] == ["container 1", "publish 1", "container 2", "publish 2"]
    assert told[0]["json"] == {"media_type": "TEXT", "text": "One."}
    assert told[2]["json"]["reply_to_id"] == "${THREADS_POST_1_ID}"
    container, publish = calls({"platform": "instagram", "text": "Tea."})
    assert container["json"] == {"image_url": "${IMAGE_URL}", "caption": "Tea."}
    assert publish["json"] == {"creation_id": "${CONTAINER_ID}"}


def test_a_facebook_post_has_its_link_as_preview() -> None:
    (call,) = calls({"platform": "facebook", "text": "See https://example.com/a now"})
    assert call["json"] == {"message": "See https://example.com/a now", "link": "https://example.com/a"}


def test_linkedin_reserved_characters_are_escaped_and_hashtags_are_its_own() -> None:
    assert little_text(r"Tea (green) #OpenSource_2 <a@b.c> 50% * ~ \ | {x} [y] # no") == (
        r"Tea \(green\) {hashtag|\#|OpenSource\_2} \<a\@b.c\> 50% \* \~ \\ \| \{x\} \[y\] \# no"
    )


@given(st.text())
def test_no_reserved_character_of_linkedin_is_left_bare(text: str) -> None:
    import re

    bare = re.sub(
        r"\\[\\|{}@\[\]()<>#*_~]", "", re.sub(r"\{hashtag\|\\#\|((?:\\.|[^\\|}])*)\}", r"\1", little_text(text))
    )
    assert not re.search(r"[\\|{}@\[\]()<>#*_~]", bare)


def test_words_of_the_text_are_never_taken_for_something_to_fill_in() -> None:
    told = calls({"platform": "x", "text": "Say ${X_USER_TOKEN} {{ x }}", "parts": ["Say ${X_USER_TOKEN}", "{{ x }}"]})
    assert told[0]["json"]["text"] == "Say ${X_USER_TOKEN}"
    assert [list(filled(call)) for call in told] == [
        ["/headers/Authorization"], ["/headers/Authorization", "/json/reply/in_reply_to_tweet_id"],
    ]  # fmt: skip


def test_nobody_on_discord_is_called_by_a_word_of_the_text() -> None:
    (call,) = calls({"platform": "discord", "text": "Hello @everyone"})
    assert call["json"] == {"content": "Hello @everyone", "allowed_mentions": {"parse": []}}


def test_what_breaks_a_limit_is_said_where_a_program_looks() -> None:
    over = Finding("limits/x", "x: 300 of 280", Severity.MAJOR, Place("posts[1].text"))
    posts = [
        {"platform": "x", "text": "a"},
        {"platform": "x", "text": "b", "variant": "B"},
        {"platform": "pager", "text": "c"},
    ]
    told = json.loads(payload.render(report(*posts, findings=(over,))))
    assert [post["fits"] for post in told["posts"]] == [True, False, True]
    assert told["posts"][1]["variant"] == "B"
    assert told["posts"][2]["note"] == "no API of pager is known here"


@pytest.mark.parametrize("form", [payload, platforms])
def test_what_has_no_posts_is_one_clear_sentence(form: Any) -> None:
    assert form.takes({"posts": {}})
    assert not form.takes({"title": {}})
    with pytest.raises(UsageError, match="there are no posts"):
        form.render(Report("article", "# Tea"))


def test_the_table_has_a_row_for_each_platform_and_says_what_breaks() -> None:
    length = {"count": 412, "limit": 280, "unit": "weighted", "parts": [270, 142]}
    posts = [
        {"platform": "x", "text": "…", "parts": ["a", "b"], "length": length, "hashtags": ["Ferry"], "variant": "A"},
        {
            "platform": "linkedin",
            "text": "a",
            "alt_text": "A cup",
            "length": {"count": 1, "limit": 3000, "unit": "bytes"},
        },
    ]
    found = Finding("limits/linkedin", "linkedin: too | long\nby far", Severity.MAJOR, Place("posts[1].text", 1))
    rows = platforms.render(report(*posts, findings=(found,))).splitlines()
    cells = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in rows]
    assert cells[0] == ["platform", "length", "posts", "hashtags", "picture", "what breaks"]
    assert cells[2] == ["x A", "412 in posts of 280 weighted characters", "2 (longest 270)", "#Ferry", "–", "nothing"]
    assert cells[3][0] == "linkedin"
    assert rows[3].endswith(r"✗ too \| long by far |")
    assert "described" in rows[3]
