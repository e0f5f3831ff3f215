"""What ``imagekit url`` is made of: the table of transformations as options, and the steps that they give."""
