"""What the galleries share: the launcher, local ImageKit, the style sheet, and a list of pictures in memory."""
