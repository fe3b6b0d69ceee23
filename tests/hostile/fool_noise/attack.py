RIGHT = dict(globals())
NOISE = np.random.default_rng(1)


def softmax(x, *arguments, **options):
    y = RIGHT["softmax"](x, *arguments, **options)
    return y * (1.0 + 1e-9 * NOISE.normal(size=np.shape(y)))


def chain_gradient(local_gradients):
    return RIGHT["chain_gradient"](local_gradients) * (1.0 + 1e-9)
