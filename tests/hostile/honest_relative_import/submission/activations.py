import numpy as np
from .helpers import sigmoid
