import numpy as np

name = input('Your name? ')
