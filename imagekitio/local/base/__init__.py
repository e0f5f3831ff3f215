"""The foundations of all other folders: errors, names and ids, dates, JSON, the clock and the settings."""
