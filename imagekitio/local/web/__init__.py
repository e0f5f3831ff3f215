"""HTTP for all services: routing, keys, rate limits and faults; and outgoing requests in their own folder."""
