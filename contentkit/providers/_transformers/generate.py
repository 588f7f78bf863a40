"""One answer of a model in this process. Runs in a worker thread and tells what it says through a callback."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from contentkit.core.chat import Done, Event, Finish, Notice, Options, Request, Usage
from contentkit.core.errors import ContextTooLongError
from contentkit.providers._transformers.constrain import Constraint
from contentkit.providers._transformers.local import Kept, LocalModel, library, quiet
from contentkit.providers._transformers.memory import remember
from contentkit.providers._transformers.spoken import CLOSE, OPEN, Answer, Characters
from contentkit.providers._transformers.template import Prompt, prompt

DEFAULT_MAX_TOKENS = 4096  # a small model may never end by itself
_CHUNK = {"cpu": 128}  # tokens read at once; between two chunks a cancellation is heard
_CHUNK_GPU = 2048

Say = Callable[[Event], None]


def answer(
    local: LocalModel, request: Request, settings: Mapping[str, Any], *, say: Say, check: Callable[[], bool]
) -> None:
    """Make the answer; ``check`` is asked before every token, and true ends it as cancelled.

    Raises:
        ContextTooLongError: the question leaves no room for an answer in the model's window.
        Whatever ``check`` raises.
    """
    asked = prompt(local.tokenizer, request)
    for notice in asked.notices:
        say(Notice(notice))
    config = _config(local, request, len(asked.ids))
    constraint = _constraint(local, request, settings)
    listener = _Listener(local, asked, request, constraint, say=say, check=check)
    reused = _generate(
        local, asked.ids, request.options.seed, config, listener, keep=settings.get("prefix_cache", True)
    )
    listener.close()
    count = len(listener.tokens)
    say(Usage(len(asked.ids), count, cached_tokens=reused, reasoning_tokens=listener.thought))
    say(Done(listener.finish, request.model, listener.answer.stopped))


class _Listener:
    """Hears every token as it is chosen (a stopping criterion of ``generate``) and decides whether it was the last."""

    def __init__(
        self,
        local: LocalModel,
        asked: Prompt,
        request: Request,
        constraint: Constraint | None,
        *,
        say: Say,
        check: Callable[[], bool],
    ) -> None:
        self.tokens: list[int] = []
        self.thought = 0
        self.finish = Finish.LENGTH
        self.constraint = constraint
        self.check = check
        self.answer = Answer((*request.options.stop, *asked.stops), thinking=asked.thinking)
        if constraint is not None:
            constraint.active = not asked.thinking
        self._say = say
        self._ends = local.ends
        self._characters = Characters(local.tokenizer)
        self._marks = _marks(local.tokenizer)
        torch = library("torch")
        self._verdicts = [torch.tensor([last], device=local.device) for last in (False, True)]

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        return self._verdicts[self._hear(int(input_ids[0, -1]))]

    def close(self) -> None:
        """Say what was held back."""
        rest = self._characters.close() if self.finish is not Finish.CANCELLED else ""
        for event in (*self.answer.feed(rest), *self.answer.close()):
            self._say(event)

    def _hear(self, token: int) -> bool:
        self.tokens.append(token)
        if token in self._ends:
            return self._end(Finish.STOP)
        self.thought += self.answer.thinking
        constraint = self.constraint
        whole = constraint is not None and constraint.active and constraint.take(token)
        mark = self._marks.get(token)
        told = mark is not None and mark == self.answer.awaited
        text = f"{self._characters.close()}{mark}" if told else self._characters.feed(token)
        if text:
            for event in self.answer.feed(text):
                self._say(event)
            if constraint is not None:  # thoughts are free; what follows them is not
                constraint.active = not self.answer.thinking
        if whole or self.answer.stopped:
            return self._end(Finish.STOP)
        return self.check() and self._end(Finish.CANCELLED)

    def _end(self, finish: Finish) -> bool:
        self.finish = finish
        return True


def _marks(tokenizer: Any) -> dict[int, str]:
    """Tokens that open and close thinking, where they are tokens of their own (which decoding may leave out)."""
    return {
        id_: token.content for id_, token in tokenizer.added_tokens_decoder.items() if token.content in (OPEN, CLOSE)
    }


def _config(local: LocalModel, request: Request, length: int) -> Any:
    """The model's own generation settings, with the request's wishes on top.

    Without a temperature the model's own choice holds (greedy, where it names none); 0 is greedy. Answers have
    at most ``max_tokens``, else what the model's settings say, else 4096, and never more than the window holds.
    """
    config = copy.deepcopy(local.model.generation_config)
    options = request.options
    _sample(config, options)
    config.max_new_tokens = options.max_tokens or config.max_new_tokens or DEFAULT_MAX_TOKENS
    if local.window:
        room = local.window - length
        if room < 1:
            raise ContextTooLongError(
                f"the question has {length:,} tokens, and the model's window holds {local.window:,}",
                hint="Give less material, or choose a model with a longer window.",
            )
        config.max_new_tokens = min(config.max_new_tokens, room)
    config.max_length = None
    config.num_beams = config.num_return_sequences = 1
    config.return_dict_in_generate = False
    if config.pad_token_id is None:
        config.pad_token_id = local.tokenizer.pad_token_id or min(local.ends, default=0)
    return config


def _sample(config: Any, options: Options) -> None:
    if options.temperature == 0:
        config.do_sample = False
        for name in ("temperature", "top_p", "top_k", "min_p", "typical_p"):
            setattr(config, name, None)
        return
    if options.temperature is not None:
        config.do_sample = True
        config.temperature = float(options.temperature)
    if options.top_p is not None:
        config.do_sample = True
        config.top_p = float(options.top_p)


def _constraint(local: LocalModel, request: Request, settings: Mapping[str, Any]) -> Constraint | None:
    if request.schema is None or settings.get("constrain") is False:
        return None
    bounds = {name: int(settings.get(name) or 0) for name in ("max_string", "max_items")}
    return Constraint(local, request.schema.body, **bounds)


def _generate(
    local: LocalModel, ids: list[int], seed: int | None, config: Any, listener: _Listener, *, keep: bool
) -> int:
    """Run the model. Returns how many tokens of the question it remembered from the one before."""
    torch = library("torch")
    cache, reused = remember(local, ids, keep=keep)
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode())
        stack.enter_context(quiet())
        if seed is not None:
            stack.enter_context(_seeded(torch, local.device, seed))
        if not _read(torch, local, ids, reused, cache, listener.check):
            listener.finish = Finish.CANCELLED
            return reused
        whole = torch.tensor([ids], device=local.device)
        local.model.generate(
            whole,
            attention_mask=torch.ones_like(whole),
            generation_config=config,
            stopping_criteria=[listener],
            logits_processor=[listener.constraint] if listener.constraint else None,
            **({local.cache_name: cache} if cache is not None else {}),
        )
    if keep and cache is not None:
        local.kept = Kept([*ids, *listener.tokens][: cache.get_seq_length()], cache)
    return reused


def _read(torch: Any, local: LocalModel, ids: list[int], start: int, cache: Any, check: Callable[[], bool]) -> bool:
    """Read a long question piece by piece, all but its last piece. False when it was cancelled meanwhile."""
    size = _CHUNK.get(local.device, _CHUNK_GPU)
    while cache is not None and len(ids) - start > size:
        if check():
            return False
        piece = torch.tensor([ids[start : start + size]], device=local.device)
        local.model.base_model(input_ids=piece, use_cache=True, **{local.cache_name: cache})
        start += size
    return not check()


def _seeded(torch: Any, device: str, seed: int) -> Any:
    """Within this, the device's random numbers follow from the seed; afterwards they go on as if nothing happened."""
    stack = ExitStack()
    kind = device.partition(":")[0]
    if kind == "cpu":
        stack.enter_context(torch.random.fork_rng(devices=[]))
    else:
        stack.enter_context(torch.random.fork_rng(devices=[device], device_type=kind))
    torch.manual_seed(seed)
    return stack
