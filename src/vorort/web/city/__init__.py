"""An invented city of any size, the same for the same size. Nobody and nothing in it exists.

Shares and ranges are those of the invented Musterstadt (`tools/musterstadt`), only larger: for
trying and measuring a register as full as a city's. `frame` makes sites and units, `people` the
households, `beds` who lived where, `book` the ledger of it, `load` writes it into a register.
"""
