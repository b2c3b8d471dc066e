"""The register in the browser: rows, rights, pages. It reckons nothing itself; the ledger does."""
