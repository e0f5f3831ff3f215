"""An application of Django with files, for the tests."""
