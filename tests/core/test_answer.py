"""What a model says around its answer goes; what may be the answer itself stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.answer import alone

TEXT = "# The ferry\n\nIt carries 120 people.\n\n```sh\nferry --quiet\n```\n\nIt sails at 8."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Sure! Here's an engaging article based on your notes:\n\n", "\n\nI hope this helps!"),
        ("Certainly!\n\n", "\n\n---\n\nLet me know if you'd like me to adjust the tone or length."),
        ("Here is the revised version:\n\n---\n\n", "\n\n**Word count:** 120 words"),
        ("<think>\nThe user wants\n\n# a plan\n</think>\n\n", ""),
        ("The user wants a text.\n</think>\n\n", ""),
        ("```markdown\n", "\n```"),
        ("Here's the article:\r\n\r\n```markdown\r\n", "\r\n```\r\n\r\n**What I changed**\r\n\r\n- the title"),
        ("承知しました。以下が記事です。\n\n", "\n\n修正が必要な箇所がございましたら、お気軽にお知らせください。"),
        ("はい、承知いたしました。\n\n", "\n\nご不明な点がございましたらお知らせください。"),
        ("以下は翻訳です。\n\n", "\n\n（約600字）"),
    ],
)
def test_talk_around_a_text_is_taken_off(before: str, after: str) -> None:
    assert alone(f"{before}{TEXT}{after}").strip() == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Here is what changed:\n\n- the ferry is quiet",
        "Here are the commands:\n\n```sh\nferry --quiet\n```\n\nAnd then:\n\n```sh\nferry --stop\n```",
        "```sh\nferry --quiet\n```",
        "```\nferry\n```\n\nThe first one is quiet.\n\n```\nbus\n```",
        "```markdown\n# Ferry\n```\n\nThat is a title.\n\n```markdown\n*bus*\n```",
        "Great news for the harbour: the ferry is quiet.\n\nIt sails at 8.",
        "Of course the ferry is quiet. It has no engine.\n\nIt sails at 8.",
        "Dear Ann,\n\nthe ferry sails at 8.\n\nI hope this helps. Let me know if you have any questions.\n\nBen",
        "Dear Ann,\n\nthe ferry sails at 8.\n\nLet me know if you have any questions.",
        "A model thinks between `<think>` and `</think>`.\n\nThen it answers.",
        "以下の便は運休です。\n\n- 8時の便",
        "8時に出ます。\n\nご不明な点がございましたらお知らせください。",
        "Great!\n\nSee you at 8.",
        "承知しました。\n\n8時に伺います。",
        "Sure! Here's the draft:",
        "# Settings\n\nThe ferry is set in one file.\n\nFeel free to tweak the numbers in it.",
        "Dear Ann,\n\nthe contract is attached.\n\nLet me know if you need any changes.",
        "お客様\n\n内容に変更がございましたらお気軽にお知らせください。",
        "The ferry has a log.\n\nIf you'd like to customise it, edit ferry.toml.",
        "Here are the sails:\n\n## Monday\n\nAt 8.",
        "Great, we made it.\n\n# The ferry\n\nIt sails at 8.",
        "It sails at 8.\r\n\r\nIt is quiet.",
        "",
    ],
)
def test_what_may_be_the_text_itself_stays(text: str) -> None:
    assert alone(text) == text


@given(st.text(alphabet="`~#-*: \nHereSuralwtoi<think/>はい。", max_size=120))
def test_any_text_is_read(text: str) -> None:
    assert len(alone(text)) <= len(text)
