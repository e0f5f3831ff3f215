"""Code that the commands for URLs share: expiries, and transformations as options and as steps."""
