"""How calls of img-src.io are sent: the service, the arguments of a client, and what results get from it."""
