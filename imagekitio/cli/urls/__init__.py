"""What the commands about URLs share: expiries, and the table of transformations as options and as steps."""
