"""What the commands that transfer files share: sources, targets and options, the plan, and the report."""
