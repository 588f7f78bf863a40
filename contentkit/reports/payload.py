"""``--format payload``: posts as the calls of each platform's API, in order, as JSON. Nothing is sent.

What only the account knows (ids, tokens, the picture) is ``${NAME}``, and each call lists under ``fill`` where such a
value stands and what it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Report, Severity
from contentkit.reports._payloads import CALLS
from contentkit.reports._payloads.request import Post

VERSION = 1


def takes(properties: Mapping[str, Any]) -> bool:
    """Whether a kind whose answer has these parts has posts."""
    return "posts" in properties


def render(report: Report) -> str:
    """JSON: ``posts``, each with its ``calls``.

    Raises:
        UsageError: the report has no posts.
    """
    posts = report.fields.get("posts")
    if not isinstance(posts, list) or not posts:
        raise UsageError(
            "--format payload has nothing to show: there are no posts.",
            hint="Use it with contentkit write social, or contentkit split.",
        )
    broken = {_number(finding.place.path) for finding in report.findings if finding.place and _fails(finding)}
    told = [_told(post, report, number in broken) for number, post in enumerate(posts) if isinstance(post, Mapping)]
    page = {"contentkit_payload": VERSION, "language": report.language, "created": report.created, "posts": told}
    return json.dumps(page, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8") + "\n"


def join(pages: Sequence[str]) -> str:
    """Variants as an array."""
    return json.dumps([json.loads(page) for page in pages], ensure_ascii=False, indent=2)


def _told(post: Mapping[str, Any], report: Report, broken: bool) -> dict[str, Any]:
    platform = str(post.get("platform", ""))
    parts = post.get("parts")
    texts = tuple(map(str, parts)) if isinstance(parts, list) and parts else (str(post.get("text", "")),)
    whole = Post(platform, texts, str(post.get("alt_text") or ""), report.language.split("-")[0], report.created)
    told: dict[str, Any] = {"platform": platform}
    if post.get("variant"):
        told["variant"] = post["variant"]
    # What breaks a limit would be refused or cut: it is said where a program looks.
    told["fits"] = not broken
    build = CALLS.get(platform)
    if build is None:
        return {**told, "texts": list(texts), "calls": [], "note": f"no API of {platform} is known here"}
    return {**told, "calls": [call.told() for call in build(whole)]}


def _fails(finding: Finding) -> bool:
    return finding.rule.startswith("limits/") and finding.severity.rank <= Severity.MAJOR.rank


def _number(path: str) -> int:
    """The number of the post that a path begins with; -1 for another path."""
    head = path.partition("]")[0].removeprefix("posts[")
    return int(head) if path.startswith("posts[") and head.isdigit() else -1
