"""What every other room builds on, and what uses none: errors, names and ids, dates, JSON, the clock, the settings."""
