import gc


def callback(phase, about):
    raise MemoryError("from the collector")


gc.callbacks.append(callback)
gc.set_threshold(500)
