"""Parts of ``imagekit migrate``: entries from folders, storages and lists, where each goes, and what is lost."""
