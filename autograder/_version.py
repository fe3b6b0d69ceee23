"""The version, where a room can ask for it without asking the facade."""

__version__ = "0.1.0"
