"""Tables of this app, one migration per version."""
