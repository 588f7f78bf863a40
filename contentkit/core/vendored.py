"""Folders and files of a project that nobody who works on it wrote by hand; names in small letters."""

from __future__ import annotations

FOLDERS = frozenset((
    "vendor", "node_modules", "third_party", "third-party", "thirdparty", "bower_components", "jspm_packages",
    "godeps", "pods", "carthage", ".yarn", "site-packages", "dist-packages",
))  # fmt: skip
LOCKS = frozenset((
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
    "deno.lock", "poetry.lock", "pipfile.lock", "pdm.lock", "uv.lock", "pixi.lock", "conda-lock.yml",
    "cargo.lock", "gemfile.lock", "composer.lock", "go.sum", "go.work.sum", "mix.lock", "pubspec.lock",
    "podfile.lock", "package.resolved", "cartfile.resolved", "flake.lock", "packages.lock.json",
    "gradle.lockfile", "buildscript-gradle.lockfile", ".terraform.lock.hcl", "module.bazel.lock", "gopkg.lock",
    "glide.lock", "paket.lock", "stack.yaml.lock", "cabal.project.freeze",
))  # fmt: skip
"""What package managers write of the versions that they chose."""
