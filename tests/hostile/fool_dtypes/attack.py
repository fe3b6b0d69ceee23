RIGHT = dict(globals())


def cast(name, change):
    def function(*arguments, **options):
        return change(RIGHT[name](*arguments, **options))

    return function


linear_derivative = cast("linear_derivative", lambda y: y.astype(object))
sigmoid_derivative = cast("sigmoid_derivative", lambda y: y.astype(np.longdouble))
tanh_derivative = cast("tanh_derivative", lambda y: y.astype(np.float32))
relu_derivative = cast("relu_derivative", lambda y: y.astype(bool))
leaky_relu_derivative = cast("leaky_relu_derivative", lambda y: y.astype(">f8"))
elu_derivative = cast("elu_derivative", lambda y: y.astype(complex))
selu_derivative = cast("selu_derivative", lambda y: y.astype(np.float16))
softplus_derivative = cast("softplus_derivative", np.ma.masked_invalid)
softmax_backward = cast("softmax_backward", lambda y: y.view([("x", "<f8")]))
log_softmax_backward = cast("log_softmax_backward", lambda y: y.tolist())
