"""Code shared by the galleries: the launcher, local ImageKit, pages, style sheet, users, and pictures in memory."""
