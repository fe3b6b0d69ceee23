import tempfile


def chain_gradient(local_gradients):
    with tempfile.TemporaryFile() as file, tempfile.NamedTemporaryFile() as named, tempfile.TemporaryDirectory() as folder:
        np.save(file, local_gradients)
        named.write(b"x")
        open(f"{folder}/x", "w").close()
    return float(np.prod(local_gradients))
