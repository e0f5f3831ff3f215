"""An account of img-src.io as a source of `imagekit migrate`: its images, and its presets."""
