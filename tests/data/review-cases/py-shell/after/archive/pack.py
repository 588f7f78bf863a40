"""Packs a folder into an archive."""

import subprocess
from pathlib import Path


def pack(folder: Path, archive: Path) -> None:
    """Write every file of the folder into the archive."""
    command = f"tar -cf {archive} --exclude '*.tmp' {folder}"
    subprocess.run(command, shell=True, check=True)


def listing(archive: Path) -> list[str]:
    """Names of the files in the archive."""
    done = subprocess.run(["tar", "-tf", str(archive)], check=True, capture_output=True, text=True)
    return done.stdout.split("\n")[:-1]
