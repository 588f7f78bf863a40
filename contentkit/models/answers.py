"""What a model answered, out of what it wrote: free text without talk around it, or data of a schema."""

from __future__ import annotations

from dataclasses import replace

from contentkit.core.chat import Reply, Request
from contentkit.core.text.answer import alone, may_be_taken
from contentkit.models import structured
from contentkit.models.target import Target


def read(target: Target, request: Request, reply: Reply) -> Reply:
    """The reply with the answer alone.

    Raises:
        SchemaMismatch: it does not obey the schema.
    """
    if request.schema is None:
        return reply if _as_it_is(target, request) else replace(reply, text=alone(reply.text))
    return replace(reply, data=structured.parse(reply.text, request.schema))


def _as_it_is(target: Target, request: Request) -> bool:
    """Whether nothing may be taken for talk: the embedded engine says nothing else, and a letter that is translated may
    begin or end as an answer does."""
    texts = [source.text for source in request.fields.get("sources") or ()]
    return target.endpoint.like == "offline" or any(map(may_be_taken, texts))
