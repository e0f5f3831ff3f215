"""The command lines of local servers: an option for each attribute of the settings, for argparse and for Click."""
