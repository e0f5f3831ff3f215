"""ImageKit for Django: put ``imagekitio.contrib.django`` into ``INSTALLED_APPS`` and its settings into ``IMAGEKIT``.

The names are loaded on first use: Django imports this module before its apps are ready.
"""
