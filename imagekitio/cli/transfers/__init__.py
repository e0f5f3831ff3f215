"""What the commands that upload share: their sources and options, the plan, and the report of what became of it."""
