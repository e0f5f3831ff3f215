"""What a change leads to: webhook events, callbacks, and work that happens after the answer."""
