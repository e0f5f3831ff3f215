"""What the commands about the media library share: paths and patterns, listings, queries, changes, moves and copies."""
