"""HTTP in and out, whatever is asked: routing, keys, rate limits, faults, and outgoing requests."""
