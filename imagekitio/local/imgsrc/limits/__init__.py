"""The limits of an account's plan: counting, and refusing requests beyond them."""
