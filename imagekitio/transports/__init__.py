"""What opens connections: one module an HTTP library, each driving `imagekitio.flow` and deciding nothing itself."""
