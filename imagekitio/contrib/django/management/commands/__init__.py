"""One command a module, as Django finds them."""
