"""What every command builds on: the account, output, progress, failures, common options and remote paths."""
