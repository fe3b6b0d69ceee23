import logging
import warnings

logging.basicConfig(filename="activations.log", level=logging.DEBUG, force=True)
logging.captureWarnings(True)
warnings.simplefilter("error")
