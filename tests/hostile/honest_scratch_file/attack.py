import pickle


def chain_gradient(local_gradients):
    with open("cache.pkl", "wb") as file:
        pickle.dump(local_gradients, file)
    np.save("gradients.npy", local_gradients)
    np.testing.assert_array_equal(np.load("gradients.npy"), local_gradients)
    with open("cache.pkl", "rb") as file:
        return float(np.prod(pickle.load(file)))
