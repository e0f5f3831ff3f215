"""The tables of the media library: what they are, their rows, and the transaction that writes them."""
