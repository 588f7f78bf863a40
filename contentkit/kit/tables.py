"""TOML files of the user's: style guides, voices, briefs of campaigns."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError

_MOST = 5_000_000


def read_table(path: Path) -> dict[str, Any]:
    """What a TOML file says.

    Raises:
        UsageError: it can't be read, is no TOML (with the line), or is larger than 5 MB.
    """
    try:
        if path.stat().st_size > _MOST:
            raise UsageError(f"{path} has more than {_MOST:,} bytes; that is no TOML file of ours.")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"There is no file {str(path)!r}.", hint="Check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror or error}).") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no valid TOML: {error}.") from None
