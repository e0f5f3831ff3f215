"""The modules that open connections, one per HTTP library; they drive `imagekitio.flow` and decide nothing."""
