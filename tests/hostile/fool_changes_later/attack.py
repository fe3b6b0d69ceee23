RETURNED = []


def relu_derivative(x):
    for answer in RETURNED:
        answer[...] = 0.3
    RETURNED.append((x > 0).astype(float))
    return RETURNED[-1]
