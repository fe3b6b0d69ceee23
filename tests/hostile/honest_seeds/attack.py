import random

np.random.seed(1234)
random.seed(1234)
np.set_printoptions(precision=2, suppress=True)
np.seterr(all="ignore")
