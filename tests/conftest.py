"""The tests reach nothing but loopback, and see no setting of the person who runs them."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No deadlines: machines are shared. CI tries the same examples every time, so that a new one is found at a desk, not
# in somebody's unrelated change; HYPOTHESIS_PROFILE=deep looks much further.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("deep", deadline=None, max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))

pytest.register_assert_rewrite("drafts")
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def _is_loopback(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guard(original: Any) -> Any:
        def guarded(self: socket.socket, address: Any) -> Any:
            if not _is_loopback(address):
                raise OSError(f"tests may not connect to {address!r}")
            return original(self, address)

        return guarded

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guard(connect))
        patch.setattr(socket.socket, "connect_ex", guard(connect_ex))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; no key, proxy or model setting of the machine is seen."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_BASE_URL", "_PROXY", "_proxy")) or name.startswith(
            ("CONTENTKIT_", "HF_", "OLLAMA_", "AZURE_", "GIT_")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    return folder


@pytest.fixture
def shared() -> Path:
    """The folder of real material beside the checkout, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real material is not here")
    return SHARED
