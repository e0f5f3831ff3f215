"""Classes that start, control and stop local servers."""
