"""System checks: mistakes that are found before the project runs."""
