"""``contentkit completion``: the script that lets a shell complete our commands."""

from __future__ import annotations

import click


@click.command(
    epilog="Example: contentkit completion bash > ~/.local/share/bash-completion/completions/contentkit",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash  ~/.local/share/bash-completion/completions/contentkit
    zsh   a folder of your fpath, as _contentkit
    fish  ~/.config/fish/completions/contentkit.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    # The script only calls contentkit again, so it is the same for any group of commands.
    click.echo(kind(click.Group(), {}, "contentkit", "_CONTENTKIT_COMPLETE").source())
