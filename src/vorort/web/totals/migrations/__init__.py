"""Tables of the totals, and the triggers that notice what changes them."""
