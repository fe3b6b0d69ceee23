np.seterr(all="raise")
np.seterrcall(lambda *_: 1 / 0)
