"""Downloads of course systems brought back: an archive or folder becomes one submission a folder, and a table."""
