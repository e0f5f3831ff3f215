"""The command ``imagekit`` for the shell (extra ``cli``)."""
