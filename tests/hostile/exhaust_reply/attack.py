def chain_gradient(local_gradients):
    return np.zeros(1_200_000)
