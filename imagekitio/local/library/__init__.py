"""The media library and its rules: files and versions, folders, custom metadata, presets, and their JSON."""
