"""One field for everything: households, sites and units, as far as a role sees them."""
