"""The command line: a lazy group over ``commands/``, and the one place where errors become exit codes."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, TextIO

import click

from contentkit import __version__
from contentkit.core.errors import ContentkitError


class _ReaderLeft(Exception):
    """The other end of standard output or error was closed."""


@contextlib.contextmanager
def _noticing_readers() -> Iterator[None]:
    """Click leaves with 1 where a reader went away; we say 141."""
    try:
        yield
    except BrokenPipeError:
        raise _ReaderLeft from None


class Commands(click.Group):
    """Finds each command by its file's name, and imports only the one that is called."""

    def make_context(self, *words: Any, **more: Any) -> click.Context:
        with _noticing_readers():
            return super().make_context(*words, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _noticing_readers():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        from contentkit.kit.plugins import shelf

        return shelf("commands").names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from contentkit.kit.plugins import shelf

        commands = shelf("commands")
        if cmd_name not in commands:
            return None
        module = next(commands.working([cmd_name]), None)  # None: a plugin's, and broken; said at the end
        assert module is None or isinstance(module.command, click.Command)
        return module.command if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from contentkit.core.nearest import nearest

        name = args[0]
        near = nearest(name, self.list_commands(ctx))
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"There is no command called {name!r}." + (f" Did you mean {near!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: contentkit write article --from README.md, or contentkit review in a git repository",
)
@click.version_option(__version__, "-V", "--version", prog_name="contentkit")
def cli() -> None:
    """Write from your own material, and review git changes, with any model or none."""


def main() -> None:
    """Run, and leave with the exit code of what happened. The codes are listed in docs/exit-codes.md."""
    _fill_closed_streams()
    _stop_in_order()
    code = _run()
    _complain_of_plugins()
    sys.exit(code)


def _fill_closed_streams() -> None:
    """A closed stream (``>&-``, some services) is the null device: else a file opened later would take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.fstat(number)
                continue
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
            if number:
                setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def _stop_in_order() -> None:
    """Being told to end, or losing the terminal, is as Ctrl-C: copies of files in temporary folders are taken away."""
    import signal

    def stop(_: int, frame: FrameType | None) -> None:
        as_ctrl_c = signal.getsignal(signal.SIGINT)
        if callable(as_ctrl_c):
            as_ctrl_c(signal.SIGINT, frame)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and hasattr(signal, "pthread_sigmask"):
        # Behind "&" in a script Ctrl-C is meant for others: it stays unheard, and what it would do is there for these.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP; under nohup it stays ignored
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)


def _silence(stream: TextIO) -> None:
    """What is still to be written goes nowhere, and Python does not complain of it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(sentence: str) -> None:
    """One line on standard error. It may quote a name, an address or a model's words: a secret in them is masked."""
    from contentkit.core.secrets import mask

    try:
        click.echo(f"contentkit: {mask(sentence)}", err=True)
    except OSError:  # standard error is full or gone; the exit code says it
        _silence(sys.stderr)


def _complain_of_plugins() -> None:
    """Say what was wrong with plugins, if any were looked for."""
    if plugins := sys.modules.get("contentkit.kit.plugins"):
        for sentence in plugins.complaints():
            _say(sentence)


def _run() -> int:
    try:
        result = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except ContentkitError as error:
        _say(str(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("stopped.")
        return 130
    except (_ReaderLeft, BrokenPipeError):
        _silence(sys.stdout)
        _silence(sys.stderr)
        return 141
    except Exception as error:
        if os.environ.get("CONTENTKIT_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            _silence(sys.stdout)
            _say(f"the output can't be written ({error.strerror}).")
            return 2
        if isinstance(error, FileNotFoundError) and "No usable temporary directory" in str(error):
            _say("there is no room for temporary files. Free some space, or name another folder in TMPDIR.")
            return 2
        if isinstance(error, PermissionError) and error.filename:
            _say(f"{error.filename} may not be used by you ({error.strerror}). Check its permissions.")
            return 2
        _say(
            f"internal error ({type(error).__name__}); this is a fault of contentkit, not yours. "
            "Run again with CONTENTKIT_DEBUG=1 to see where."
        )
        return 70
    return result if isinstance(result, int) else 0
