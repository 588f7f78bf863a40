"""A tiny language model that the tests make themselves: real architecture, real tokenizer, random weights.

Two layers, hidden size 64, a byte-level BPE vocabulary of 2048 (about 336,000 weights, 1.5 MB). It says nothing
sensible, but loads, chats, streams and stops as a big one does. Made once and kept in the temporary folder; run this
file to make it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

WINDOW = 65_536
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_LICENCE = Path(__file__).parents[1] / "LICENSE"
_TEXTS = (
    "The library opens at nine. Whoever comes early may wait in the hall, where coffee costs nothing on Mondays.",
    "A release note says what changed, whom it touches, and what to do about it; everything else is noise.",
    "図書館は九時に開きます。早く来た人は、ロビーで待つことができます。月曜日のコーヒーは無料です。",
    "変更点、影響を受ける人、必要な対応を書きます。それ以外は読む人の時間を奪うだけです。",
    '{"title": "A day at the library", "posts": [{"platform": "x", "text": "Open at nine."}], "count": 3, "ok": true}',
)


def tiny_model() -> Path:
    """The folder of the model in the hub's format, made at the first call."""
    folder = _folder()
    if not (folder / "model.safetensors").is_file():
        making = Path(tempfile.mkdtemp(dir=folder.parent))
        _make(making)
        try:
            making.rename(folder)
        except OSError:  # another run was first
            shutil.rmtree(making)
    return folder


def tiny_gguf() -> Path:
    """The same model as one GGUF file, for llama.cpp. Needs the package ``gguf``."""
    path = tiny_model().with_suffix(".gguf")
    if not path.is_file():
        making = path.with_suffix(f".{os.getpid()}")
        _write_gguf(tiny_model(), making)
        making.replace(path)
    return path


def _folder() -> Path:
    recipe = hashlib.sha256(Path(__file__).read_bytes() + _LICENCE.read_bytes()).hexdigest()[:12]
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"contentkit-tiny-{user}-{recipe}"


def _make(folder: Path) -> None:
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    tokenizer = _tokenizer()
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=WINDOW,
        tie_word_embeddings=False,
        initializer_range=0.3,  # with the usual 0.02 it says nothing but newlines
        bos_token_id=None,
        eos_token_id=end,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        model = Qwen2ForCausalLM(config).to(torch.float32)
    model.generation_config.eos_token_id = end
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2048,
        min_frequency=1,
        special_tokens=list(MARKS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(
        [_LICENCE.read_text(encoding="utf-8"), Path(__file__).read_text(encoding="utf-8"), *_TEXTS], trainer
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        model_max_length=WINDOW,
        chat_template=TEMPLATE,
    )
    assert len(wrapped) == 2048, len(wrapped)
    return wrapped


def _write_gguf(folder: Path, path: Path) -> None:
    import gguf
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("tiny")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _write_vocabulary(writer, folder)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2, config["num_hidden_layers"])
    for name, tensor in load_file(folder / "model.safetensors").items():
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_vocabulary(writer: Any, folder: Path) -> None:
    import gguf

    bpe = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = bpe["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    kinds = [gguf.TokenType.CONTROL if token in MARKS else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in bpe["model"]["merges"]])
    writer.add_eos_token_id(vocabulary["<|im_end|>"])
    writer.add_pad_token_id(vocabulary["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


if __name__ == "__main__":
    print(tiny_model())
