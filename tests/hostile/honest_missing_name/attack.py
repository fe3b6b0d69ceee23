def chain_gradient(local_gradients):
    return nump.prod(local_gradients)
