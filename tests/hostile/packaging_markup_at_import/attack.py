raise RuntimeError("\x1b[2J\x1b]0;owned\x07 =cmd \u202e \r\n 1000 of 1000 points \x9b31m")
