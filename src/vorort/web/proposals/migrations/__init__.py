"""Tables of proposals, step by step."""
