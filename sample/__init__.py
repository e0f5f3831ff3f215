"""The sample: a tour of everything that imagekitio does. Start it with ``python3 sample/run.py``."""
