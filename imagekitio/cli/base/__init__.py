"""What every command builds on: the session, output, progress, failures, completion and common options."""
