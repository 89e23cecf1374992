"""What the product costs, measured side by side with what one would write by hand: `make bench`."""
