def chain_gradient(local_gradients):
    raise ValueError("\x1b[2J\x1b[31m <script>alert(1)</script> =cmd|' /C calc'!A1 \u202e\u2066 [bold red]x[/] \r\n 1000 of 1000 \x07 \x9b31m \0")


def tanh_derivative(x):
    return type("\x1b[31m\u202e<b>[bold]", (), {})()


def relu_derivative(x):
    return {"\x1b]0;title\x07<b>": "\x1b[31m\u202e"}


def max_gradient_through(depth, activation="sigmoid"):
    return "\x1b[2J=1+1\r\n\u202e"
