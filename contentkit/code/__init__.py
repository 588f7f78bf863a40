"""Reading changes and source code: git, patches, anchors, context."""
