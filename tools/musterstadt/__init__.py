"""Generator of examples/musterstadt. Everybody and everything in it is invented."""
