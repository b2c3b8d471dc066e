"""Next legal dates of persons."""
