"""Nothing in these folders is a test or a plug-in: pytest must not so much as look into them."""

collect_ignore_glob = ["*"]
