"""What the galleries share: the launcher, local ImageKit, pages and style sheet, users, and pictures in memory."""
