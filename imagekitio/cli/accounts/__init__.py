"""Which account a command talks to: options, environment, profiles, and the local ImageKit that runs."""
