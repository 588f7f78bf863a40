"""What ``contentkit prompts new`` writes."""

SKELETON = """---
# A kind of content: `contentkit write NAME` exists as long as this file does. All keys: docs/prompts.md.
version: 1
description: One sentence for the list of kinds.

# Each input becomes an option: `facts_to_keep` is --facts-to-keep. Every kind also knows topic, tone, audience, length,
# voice and language; name one of them here to give it a default.
inputs:
  length:
    default: 300
  occasion:
    type: string            # string, integer, number, boolean or list
    default: ""             # or `required: true`
    description: What gives rise to it.
    example: the opening of our second shop

# Passed from left to right on the way to the model and back from right to left. Secrets are always hidden.
steps: [limits, language, normalise, redact]

# For an answer with parts, say which parts (schema) and how they become Markdown (layout):
# output:
#   schema:
#     type: object
#     properties:
#       title: {type: string, maxLength: 100}
#       body: {type: string, maxLength: 4000}
#     required: [title, body]
#     additionalProperties: false
#   layout: |
#     # {{ data.title|inline }}
#
#     {{ data.body|trim }}
# limits:
#   title: seo-title

# `contentkit prompts check` renders the prompt with these and looks for the words.
tests:
  - given: {topic: Tea, occasion: a new blend}
    contains: ["Tea", "a new blend", "about 300 words"]
---
system:
You are an experienced writer of ... Write in {{ language_name }}.

How to write it
- Say what matters to the reader in the first sentence.

{% include "partials/facts.md" %}

{% include "partials/plain.md" %}

Form: Markdown, with the title as "# " on the first line. Nothing before or after.

user:
{% include "partials/sources.md" %}
{% include "partials/voice.md" %}
{% include "partials/brief.md" %}
{% if occasion %}
Occasion: {{ occasion }}
{% endif %}
Length: about {{ length }} words.

Write it now, in {{ language_name }}.
"""
