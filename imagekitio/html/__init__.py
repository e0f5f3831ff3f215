"""Pictures in HTML: complete ``<img>`` and ``<picture>`` elements."""
