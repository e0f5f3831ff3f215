"""What the plan of an account allows: counted, and refused beyond it."""
