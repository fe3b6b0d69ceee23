import numpy as np

print 'hello'
