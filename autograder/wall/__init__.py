"""The wall: student code runs on its far side, and only values cross it."""
