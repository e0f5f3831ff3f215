"""The tables of the media library: their schema, their rows, and the transaction that writes them."""
