"""Changes of the tables of dates."""
