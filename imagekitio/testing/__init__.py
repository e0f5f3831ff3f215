"""For the tests of applications: the pytest plugin, `imagekitio.testing.plugin`."""
