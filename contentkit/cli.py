"""The command line: a lazy group over ``commands/``, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys

import click

from contentkit import __version__
from contentkit.core.errors import ContentkitError


class Commands(click.Group):
    """Finds each command by its file's name, and imports only the one that is called."""

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
    epilog="Start with: contentkit write article --from README.md",
)
@click.version_option(__version__, "-V", "--version", prog_name="contentkit")
def cli() -> None:
    """Write articles, emails, posts and video scripts from your own material, with any model or none."""


def main() -> None:
    """Run, and leave with the exit code of what happened. The codes are listed in docs/exit-codes.md."""
    code = _run()
    _complain_of_plugins()
    sys.exit(code)


def _complain_of_plugins() -> None:
    """Say what was wrong with plugins, if any were looked for."""
    if plugins := sys.modules.get("contentkit.kit.plugins"):
        for sentence in plugins.complaints():
            click.echo(f"contentkit: {sentence}", err=True)


def _run() -> int:
    try:
        result = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except ContentkitError as error:
        click.echo(f"contentkit: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("contentkit: stopped.", err=True)
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): nothing more to say, and Python must not say it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if os.environ.get("CONTENTKIT_DEBUG"):
            raise
        click.echo(
            f"contentkit: internal error ({type(error).__name__}); this is a fault of contentkit, not yours. "
            "Run again with CONTENTKIT_DEBUG=1 to see where.",
            err=True,
        )
        return 70
    return result if isinstance(result, int) else 0
