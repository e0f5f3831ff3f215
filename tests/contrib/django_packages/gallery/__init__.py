"""An application of Django whose pictures are handled by packages of others, for the tests."""
