"""HTTP, whatever is asked: routing, keys, rate limits, faults; and, in a room of its own, outgoing requests."""
