"""The subcommands of `grade`, one module each, imported when asked for."""
