"""What ``imagekit migrate`` copies: entries of folders, storages and lists, where each goes, and what is there."""
