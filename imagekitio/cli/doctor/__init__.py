"""The checks of ``imagekit doctor``, one module per subject; each reports what it found, and how to fix it."""
