"""What each check costs on a text of 1 MB, in English and in Japanese, beside linters.

    python benchmarks/checks.py             # a table of seconds and ratios
    python benchmarks/checks.py --check     # exit code 1 when a bar is missed
    python benchmarks/checks.py --file F    # on an English text of yours, repeated up to 1 MB

A text is read once for all checks, as in a run; reading it is a row of its own, and what several checks need is counted
with the first of them. Every check looks with all that it can be told (a whole style guide, a voice, a source). Each
figure is the best of three rounds, since worse ones tell what else the machine does; each round has a text with other
numbers, so that nothing kept from an earlier one helps. proselint is timed on the same text in the same run, so that
the ratio holds on a shared machine. The last row is ``contentkit check`` itself on the same file: from its start to the
last line of its report, with every finding in it.
textlint, where it is installed, has its own .textlintrc's rules; it reads the first 50 kB, and its row says what 1 MB
would take.
Bars: no check takes longer than proselint, nor do all of them together.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contentkit.core.piece import Piece, SourceText
from contentkit.core.text.document import document
from contentkit.kit.plugins import shelf

SIZE, TIMES = 1_000_000, 3
GUIDE = Path(__file__).parents[1] / "docs" / "examples" / "style.toml"
ENGLISH = """
# How the ferry came back

The ferry leaves the old harbour at 7:40, and it carries 140 people. In March the engine broke off Gull Point; nobody
could say why, and it took a day to find the part. "We had soup," said the captain, who has run it for thirty years.
The boats, the birds and the bells are what people come for.

- Tickets cost €4.50, or €38 for ten trips.
- Dogs travel free; bicycles don't.

It is worth remembering that the island had no pier until 1911 [1]. See https://example.com/ferry for the times in
winter, when fewer boats run. Perhaps you will meet Anna Berg there, who sells tickets, coffee and postcards.
`ferry --times` prints them.
"""
JAPANESE = """
# 渡し船が戻るまで

渡し船は七時四十分に古い港を出ます。定員は140人です。三月に沖で機関が壊れましたが、原因は分かりませんでした。
「スープを飲んだ」と、三十年この船を動かしてきた船長は言います。
部品を探すのに一日かかり、サーバの時刻表も止まりました。サーバーは翌日に直りました。

- 乗車券は450円、10回分は3800円です。
- 犬は無料で乗ることができます。

島には1911年まで桟橋がありませんでした[1]。冬の時刻は https://example.com/ferry で見られます。
船の便の数の変化にも注意してください。
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--file", type=Path)
    asked = arguments.parse_args()
    texts = {"en": ENGLISH, "ja": JAPANESE}
    if asked.file:
        texts = {"en": asked.file.read_text(encoding="utf-8")}
    over = [fault for language, text in texts.items() for fault in measured(language, grown(text))]
    print("\n".join(over) or "all bars kept")
    return 1 if over and asked.check else 0


def grown(text: str, number: int = 0) -> str:
    """The text repeated up to 1 MB of UTF-8, each time with another number, so that no two paragraphs are the same."""
    whole, size = [f"{number}\n"], 0
    while size < SIZE:
        piece = text.replace("140", str(1000 + number))
        whole.append(piece)
        number, size = number + 1, size + len(piece.encode())
    return "".join(whole)


def measured(language: str, text: str) -> list[str]:
    """Prints the table, and returns the bars that were missed."""
    texts = [grown(text, 10_000 * number) for number in range(TIMES)]
    other = proselint(texts[0])
    base = min(timed(other) for _ in range(TIMES)) if other else None
    shown = f"{base:.2f} s" if base else "not installed"
    print(f"\n{language}: {len(texts[0].encode()):,} bytes, {len(texts[0]):,} characters; proselint {shown}")
    rounds = [looked(language, one) for one in texts]
    times = {name: min(times[name] for times in rounds) for name in rounds[0]}
    total = sum(times.values())
    if (linter := textlint(texts[0])) is not None:
        print(f"  {'textlint':20} {linter:7.3f} s (20 times that of 50 kB)")
    whole = min(timed(commanded(language, one)) for one in texts)
    for name, seconds in [*sorted(times.items(), key=lambda one: -one[1]), ("all", total), ("(the command)", whole)]:
        print(f"  {name:20} {seconds:7.3f} s" + (f"  {seconds / base:6.2f} x proselint" if base else ""))
    if not base:
        return []
    slow = [
        f"{language}: {name} takes {seconds:.2f} s, proselint {base:.2f} s"
        for name, seconds in times.items()
        if seconds > base
    ]
    return slow + ([f"{language}: all checks take {total:.2f} s, proselint {base:.2f} s"] if total > base else [])


def looked(language: str, text: str) -> dict[str, float]:
    """Seconds of each check on a text that none has seen, in the order of their names, reading it first."""
    times = {"(reading the text)": timed(lambda: document(text, language).sentences)}
    piece = Piece(
        "text", language, body=text, name="text.md", settings=told(language),
        sources=(SourceText("notes.md", text[:20_000]),),
    )  # fmt: skip
    for name in checks():
        step: Any = shelf("steps").get(name)
        times[name] = timed(lambda step=step: step.after(piece))
    return times


def commanded(language: str, text: str) -> Callable[[], object]:
    """``contentkit check`` on a file of the text, told as much as the checks are."""
    folder = Path(tempfile.mkdtemp(prefix="contentkit-checks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, content in (("text.md", text), ("notes.md", text[:20_000]), ("voice.toml", voice(language))):
        (folder / name).write_text(content, encoding="utf-8")
    words = ["text.md", "--from", "notes.md", "--voice", "voice.toml", "--style", str(GUIDE), "--lang", language]
    command = [sys.executable, "-m", "contentkit", "check", *words]

    def run() -> None:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if not done.stdout.strip():
            raise SystemExit(f"the command failed: {done.stderr.strip()}")

    return run


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def checks() -> list[str]:
    steps = shelf("steps")
    return [name for name in steps.names() if getattr(steps.get(name), "CHECK", False)]


def told(language: str) -> dict[str, dict[str, Any]]:
    """A whole style guide, and the voice of another text."""
    return {"style": tomllib.loads(GUIDE.read_text(encoding="utf-8")), "voice": tomllib.loads(voice(language))}


def voice(language: str) -> str:
    """The voice of another text, as the command keeps it."""
    from contentkit.steps._voice.page import to_toml
    from contentkit.steps._voice.profile import learn

    sample = {"en": ENGLISH, "ja": JAPANESE}[language] * 20
    return to_toml(learn([document(sample, language)], language))


def proselint(text: str) -> Callable[[], object] | None:
    """proselint on the text, if it is installed."""
    try:
        from proselint import checks
        from proselint.registry import CheckRegistry
        from proselint.tools import LintFile
    except ImportError:
        return None
    CheckRegistry().register_many(checks.__register__)
    return lambda: LintFile("text", text).lint()


def textlint(text: str) -> float | None:
    """Seconds that textlint would take, if it is installed and has rules here."""
    program = shutil.which("textlint")
    if program is None:
        return None
    part = text.encode()[: SIZE // 20].decode("utf-8", "ignore").encode()
    command = [program, "--stdin", "--stdin-filename", "text.md", "--format", "json"]
    started = time.perf_counter()
    done = subprocess.run(command, input=part, capture_output=True, check=False)
    return 20 * (time.perf_counter() - started) if done.returncode in (0, 1) else None


if __name__ == "__main__":
    sys.exit(main())
