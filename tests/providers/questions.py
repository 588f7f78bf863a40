"""Questions of every shape, for tests that hold requests against a vendor's own description of them."""

from __future__ import annotations

from contentkit.core.chat import Image, Message, Options, Request, Schema, Text

SCHEMA = Schema(
    "post",
    {
        "type": "object",
        "properties": {
            "title": {"type": "string", "maxLength": 60},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "kind": {"const": "post"},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        },
        "required": ["title", "tags", "kind", "note"],
        "additionalProperties": False,
    },
)
TALK = (
    Message.of("system", "Be brief."),
    Message.of("user", "One."),
    Message.of("assistant", "Two."),
    Message.of("user", "Three."),
)
PICTURE = (Message("user", (Text("What is this?"), Image(b"\x89PNG\r\n", "image/png"))),)
WISHES = Options(max_tokens=500, temperature=0.5, seed=7, stop=("END",), effort="low")

QUESTIONS = {
    "plain": Request("a-model", (Message.of("user", "Hello"),)),
    "talk": Request("a-model", TALK),
    "picture": Request("a-model", PICTURE),
    "wishes": Request("a-model", TALK, options=WISHES),
    "top_p": Request("a-model", TALK, options=Options(top_p=0.9, effort="minimal")),
    "schema": Request("a-model", TALK, schema=SCHEMA),
}
