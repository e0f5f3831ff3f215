"""What the commands about the media library share: listings, queries, changes of many items, moves and copies."""
