"""What a configuration may say: every setting with its type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contentkit.core.errors import UsageError
from contentkit.core.severity import Severity
from contentkit.kit.config import check, review

Kind = Literal[
    "text", "language", "number", "whole", "flag", "texts", "path", "texts or text", "table",
    "tables", "path rules", "tools",
]  # fmt: skip
_FROM_TABLES: tuple[Kind, ...] = ("table", "tables", "path rules", "tools")

PREFIX = "CONTENTKIT_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        private: only the user's own file or the environment may say it; a project may come from a stranger.
        least: smallest number allowed; with ``above`` the number itself is not.
        most: largest number allowed.
        stricter: (user's, project's) -> what holds, where a project may only narrow what the user allows.
    """

    name: str
    kind: Kind
    default: Any = None
    private: bool = False
    least: float = 0
    most: float = math.inf
    above: bool = False
    choices: tuple[str, ...] = ()
    stricter: Callable[[Any, Any], Any] | None = None

    @property
    def variable(self) -> str:
        """The environment variable that says it; "" where only a file can."""
        return "" if self.kind in _FROM_TABLES else PREFIX + self.name.upper().replace(".", "_")


_SEVERITIES = tuple(severity.value for severity in Severity)
_REVIEW = review.ReviewSettings()
_CHECK = check.CheckSettings()
_READERS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "tables": (review.tables, "a table of tables"),
    "path rules": (review.path_rules, 'tables of paths = ["src/**"] and instructions = "..." alone'),
    "tools": (
        review.tools,
        'tables of command = ["program", "argument"] and format = "sarif", "rdjson" or "rdjsonl", perhaps timeout = 60',
    ),
}

SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("model", "text", ""),
        Setting("language", "language", ""),
        Setting("deadline", "number", 600.0, above=True),
        Setting("max_cost", "number", stricter=min),
        Setting("cache", "flag", False),
        Setting("history", "flag", True, stricter=lambda user, project: user and project),
        Setting("retries", "whole"),
        Setting("connect_timeout", "number", above=True),
        Setting("read_timeout", "number", above=True),
        Setting("allowed_licences", "texts", (), private=True),
        Setting("read.max_bytes", "whole", 64_000_000, least=1, most=2_000_000_000),
        Setting("read.timeout", "number", 30.0, above=True),
        Setting("read.allow_private", "flag", False, private=True),
        Setting("check.style", "path"),
        Setting("check.voice", "path"),
        Setting("check.tools", "texts", _CHECK.tools, private=True),
        Setting("check.skip", "texts", _CHECK.skip),
        Setting("check.fail_on", "text", _CHECK.fail_on, choices=_SEVERITIES),
        Setting("check.rewrite", "text", _CHECK.rewrite, choices=("never", *_SEVERITIES)),
        Setting("check.max_findings", "whole", _CHECK.max_findings, least=1),
        Setting("check.moderate", "text", _CHECK.moderate, private=True),
        Setting("check.settings", "tables", _CHECK.settings),
        Setting("disclosure.mark", "flag", True, stricter=lambda user, project: user or project),
        Setting("disclosure.visible", "flag", False, stricter=lambda user, project: user or project),
        Setting("disclosure.reviewer", "text", ""),
        Setting("review.model", "text", _REVIEW.model),
        Setting("review.lenses", "texts", _REVIEW.lenses),
        Setting("review.fail_on", "text", _REVIEW.fail_on, choices=_SEVERITIES),
        Setting("review.instructions", "text", _REVIEW.instructions),
        Setting("review.instruction_files", "texts", _REVIEW.instruction_files),
        Setting("review.ignore", "texts", _REVIEW.ignore),
        Setting("review.ignore_rules", "texts", _REVIEW.ignore_rules),
        Setting("review.max_file_bytes", "whole", _REVIEW.max_file_bytes, least=1),
        Setting("review.samples", "whole", _REVIEW.samples, least=1, most=10),
        Setting("review.summary", "flag", _REVIEW.summary),
        Setting("review.verify", "flag", _REVIEW.verify),
        Setting("review.chunk_tokens", "whole", _REVIEW.chunk_tokens, least=200),
        Setting("review.context_tokens", "whole", _REVIEW.context_tokens),
        Setting("review.concurrency", "whole", _REVIEW.concurrency, least=1, most=64),
        Setting("review.timeout", "number", above=True),
        Setting("review.on_timeout", "text", _REVIEW.on_timeout, choices=("fail", "pass")),
        Setting("review.max_findings", "whole", _REVIEW.max_findings, least=1),
        Setting("review.suppressions", "text", _REVIEW.suppressions, choices=("", "base", "head")),
        Setting("review.cache", "flag", _REVIEW.cache),
        Setting("review.rules", "path rules", _REVIEW.rules),
        Setting("review.analyzers", "tables", _REVIEW.analyzers),
        Setting("review.tools", "tools", _REVIEW.tools, private=True),
        Setting("history_path", "path", private=True),
        Setting("cache_path", "path", private=True),
        Setting("catalogue_path", "path", private=True),
    )
}

STANZA: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("like", "text"),
        Setting("url", "text"),
        Setting("model", "text"),
        Setting("needs_key", "flag"),
        Setting("schema", "text", choices=("native", "json", "none")),
        Setting("version", "text"),
        Setting("azure", "flag"),
        Setting("max_tokens_field", "text"),
        Setting("seed_field", "text"),
        Setting("usage_option", "flag"),
        Setting("strict", "flag"),
        Setting("schema_under_type", "flag"),
        Setting("drops", "texts"),
        Setting("api", "text", choices=("chat", "responses")),
        Setting("responses_models", "texts"),
        Setting("prompt_cache", "text", choices=("off", "5m", "1h")),
        Setting("num_ctx", "whole", least=1),
        Setting("device", "text"),
        Setting("dtype", "text"),
        Setting("threads", "whole", least=1),
        Setting("constrain", "flag"),
        Setting("max_string", "whole", least=1),
        Setting("max_items", "whole", least=1),
        Setting("prefix_cache", "flag"),
        Setting("requests_per_minute", "number", above=True),
        Setting("tokens_per_minute", "number", above=True),
        Setting("retries", "whole"),
        Setting("connect_timeout", "number", above=True),
        Setting("read_timeout", "number", above=True),
        Setting("trust_remote_code", "flag", private=True),
        Setting("url_env", "texts", private=True),
        Setting("key_env", "texts", private=True),
        Setting("version_env", "texts", private=True),
        Setting("key_command", "texts or text", private=True),
        Setting("headers", "table", private=True),
        Setting("probe", "flag", private=True),
        Setting("start", "text", private=True),
    )
}
"""What ``[providers.NAME]`` may say. Where keys come from, what is asked without being told, and whose code runs here
is the user's to say."""


def typed(setting: Setting, value: Any, folder: Path, wrong: Callable[[str], UsageError]) -> Any:
    """``value`` as the setting's type, or the error that ``wrong`` makes of what was wanted."""
    match setting.kind:
        case "flag":
            if isinstance(value, bool):
                return value
            raise wrong(f"true or false, not {shown(value)}")
        case "number" | "whole":
            return _number(setting, value, wrong)
        case "texts":
            if isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value):
                return tuple(value)
            raise wrong(f"a list of texts, not {shown(value)}")
        case "table":
            if isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values()):
                return dict(value)
            raise wrong(f"a table of texts, not {shown(value)}")
        case "tables" | "path rules" | "tools":
            read, wanted = _READERS[setting.kind]
            made = read(value)
            if made is None:
                raise wrong(wanted)
            return made
        case "texts or text" if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
    if not isinstance(value, str) or "\0" in value:
        raise wrong(f"a text, not {shown(value)}")
    if setting.kind == "path":
        return Path(folder, Path(value).expanduser())
    if setting.kind == "language" and value and not re.fullmatch(r"[a-z]{2,3}", value):
        raise wrong(f"a code of two letters such as en or ja, not {shown(value)}")
    if setting.choices and value not in setting.choices:
        raise wrong(f"one of {', '.join(setting.choices)}, not {shown(value)}")
    return value


def _number(setting: Setting, value: Any, wrong: Callable[[str], UsageError]) -> float | int:
    whole = setting.kind == "whole"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not math.isfinite(value):
        raise wrong(f"a {'whole ' if whole else ''}number, not {shown(value)}")
    if value < setting.least or (setting.above and value == setting.least):
        raise wrong(f"{'above' if setting.above else 'at least'} {setting.least:g}, not {value:g}")
    if value > setting.most:
        raise wrong(f"at most {setting.most:,}, not {value:,}")
    return value if whole else float(value)


def shown(value: Any) -> str:
    """A value as messages repeat it: short, and as TOML calls it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "a table" if isinstance(value, Mapping) else f"{value!r:.60}"
