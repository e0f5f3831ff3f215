"""The command lines of local servers: an option for every attribute of the settings, whichever parser reads it."""
