"""How long ``contentkit --version`` and ``--help`` take, beside ``python -c "import click"`` in the same run.

usage: python benchmarks/startup.py [--check] [--runs N]

Each run of ours is paired with one of the baseline right before it, and the ratio is the median over the pairs, since
single figures move by half on a shared machine. ``--check`` exits 1 when a ratio is
over 2.5 or a heavy library is loaded.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time

BAR = 2.5
HEAVY = (
    "httpx",
    "rich",
    "pygit2",
    "jinja2",
    "yaml",
    "torch",
    "transformers",
    "regex",
    "jsonschema",
    "asyncio",
    "sqlite3",
)


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def ratio(command: list[str], baseline: list[str], runs: int) -> tuple[float, float]:
    """Median seconds of the command, and the median ratio to the baseline run beside it."""
    seconds(command), seconds(baseline)
    times, ratios = [], []
    for _ in range(runs):
        base, ours = seconds(baseline), seconds(command)
        times.append(ours)
        ratios.append(ours / base)
    return statistics.median(times), statistics.median(ratios)


def loaded(option: str) -> list[str]:
    """The heavy libraries that ``contentkit OPTION`` has loaded when it is done."""
    code = (
        "import sys; sys.argv = ['contentkit', sys.argv[1]]\n"
        "from contentkit.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, option], check=True, capture_output=True, text=True)
    return done.stderr.splitlines()[-1].split()[1:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    baseline = [sys.executable, "-c", "import click"]
    ours = shutil.which("contentkit") or sys.exit("install contentkit first: pip install .")
    rows = [("contentkit --version", [ours, "--version"]), ("contentkit --help", [ours, "--help"])]
    if other := shutil.which("llm"):
        rows.append(("llm --version", [other, "--version"]))
    failed = False
    for name, command in rows:
        median, over = ratio(command, baseline, options.runs)
        heavy = loaded(command[1]) if command[0] == ours else []
        failed |= command[0] == ours and (over > BAR or bool(heavy))
        print(f"{name:22} {median * 1000:7.0f} ms  {over:5.2f} x import click  heavy: {', '.join(heavy) or '-'}")
    if not other:
        print("llm is not installed; left out")
    return int(failed and options.check)


if __name__ == "__main__":
    sys.exit(main())
