"""Says why a check failed: known misconceptions first, then general signatures, then the plainest true description."""
