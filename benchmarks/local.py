"""What the transformers provider costs over a bare ``model.generate``, and what keeping the read beginning saves.

Run ``python benchmarks/local.py --check``: it fails when the provider makes fewer than 0.95 of the bare tokens a
second, or when a second question with the same long beginning is not faster than the first. Needs the group ``local``.
The model is the tests' tiny one, where a token takes about half a millisecond: with a real one the provider's share of
the time is a hundred times smaller. Both sides run in turns in one process, and the ratio is taken within each turn,
since single figures move by half on shared machines.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from tinymodel import tiny_model

from contentkit.core.chat import Message, Options, Request, Usage
from contentkit.core.model import Endpoint
from contentkit.providers.transformers import TransformersProvider, connect

BAR = 0.95
TOKENS = 512
TURNS = 30
QUESTION = "Tell me of the library."
BRIEF = "The library opens at nine, and whoever comes early may wait in the hall. " * 150


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail below the bar")
    parser.add_argument("--turns", type=int, default=TURNS)
    wanted = parser.parse_args()
    provider = connect(Endpoint("transformers", "transformers", settings={"threads": 1, "device": "cpu"}))
    speed = asyncio.run(_speed(provider, wanted.turns))
    saved = asyncio.run(_saved(provider, max(3, wanted.turns // 6)))
    good = speed >= BAR and saved > 1
    print(
        f"{'ok' if good else 'below the bar'} (bar: {BAR:.2f} x bare generate, second question faster than the first)"
    )
    return int(wanted.check and not good)


async def _speed(provider: TransformersProvider, turns: int) -> float:
    """Tokens a second over those of a bare ``generate``: the median of the turns' ratios."""
    bare = _Bare(str(tiny_model()))
    request = _request(QUESTION, TOKENS)
    for _ in range(2):
        bare.run()
        await _ask(provider, request)
    ours, theirs = [], []
    for turn in range(turns):
        for who in ("AB", "BA")[turn % 2]:
            if who == "A":
                theirs.append(bare.run())
            else:
                usage, seconds = await _ask(provider, request)
                ours.append(usage.output_tokens / seconds)
    ratio = median(own / other for own, other in zip(ours, theirs, strict=True))
    print(f"tokens/s: bare generate {median(theirs):,.0f}, provider {median(ours):,.0f}, paired ratio {ratio:.3f}")
    return ratio


async def _saved(provider: TransformersProvider, turns: int) -> float:
    """Time of a first question over that of a second with the same long beginning: the median of the turns' ratios."""
    ratios, firsts, seconds = [], [], []
    for turn in range(turns):
        brief = f"Turn {turn}. {BRIEF}"  # a beginning that no earlier question had
        first, took_first = await _ask(provider, _request(f"{brief}Write a post for one place.", 8))
        second, took_second = await _ask(provider, _request(f"{brief}Write a letter to another.", 8))
        assert first.cached_tokens < 32, "the first question should be new"
        assert second.cached_tokens > 0.9 * second.input_tokens, "the second question should be mostly known"
        ratios.append(took_first / took_second)
        firsts.append(took_first)
        seconds.append(took_second)
    saved = median(ratios)
    print(
        f"same beginning of {second.cached_tokens:,} tokens: first question {median(firsts) * 1000:.0f} ms, "
        f"second {median(seconds) * 1000:.0f} ms, {saved:.1f} x faster"
    )
    return saved


class _Bare:
    """The model as its library runs it, without us."""

    def __init__(self, folder: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(1)
        self.model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        turns = [{"role": "user", "content": QUESTION}]
        self.inputs = tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )

    def run(self) -> float:
        """Tokens a second."""
        start = time.perf_counter()
        ids = self.model.generate(**self.inputs, max_new_tokens=TOKENS, do_sample=False)
        return float(ids.shape[1] - self.inputs["input_ids"].shape[1]) / (time.perf_counter() - start)


def _request(question: str, tokens: int) -> Request:
    options = Options(max_tokens=tokens, temperature=0)
    return Request(str(tiny_model()), (Message.of("user", question),), options=options)


async def _ask(provider: TransformersProvider, request: Request) -> tuple[Usage, float]:
    start = time.perf_counter()
    usage = Usage()
    async for event in provider.stream(request):
        if isinstance(event, Usage):
            usage = event
    return usage, time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
