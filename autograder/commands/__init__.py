"""The subcommands of `grade`, a module each or a folder, imported when asked for."""
