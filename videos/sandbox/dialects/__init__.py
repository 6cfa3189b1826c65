"""One file per vendor, each its own reading of one document in ``docs/vendors/``."""
