"""Misconceptions about regularization: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.regularization import SELU_ALPHA, SELU_SCALE

# --- L1 ---------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="l1_penalty",
    text="The weights are summed with their signs, so positive and negative ones cancel: the penalty can even be negative.",
    look="What is the penalty of the weights (1, -1)? It should not be that of (0, 0).",
)
def l1_penalty_without_absolute_value(weights, l1=0.01):
    return float(l1 * weights.sum())


@misconception(
    exercise="l1_penalty",
    text="You take the mean over the weights: your penalty is the right one divided by their number.",
    look="Should a layer with twice as many weights of the same size cost the same, or twice as much?",
)
def l1_penalty_is_a_mean(weights, l1=0.01):
    return float(l1 * np.abs(weights).mean())


@misconception(
    exercise="l1_penalty",
    text="np.linalg.norm(weights, 1) is the sum of absolute values for a vector only; for a matrix it is the largest sum of a column, "
    "and it fails for three axes.",
    look="Read what `ord=1` means in NumPy's table for vectors, and what for matrices.",
)
def l1_penalty_is_the_matrix_norm(weights, l1=0.01):
    return float(l1 * np.linalg.norm(weights, 1))


@misconception(
    exercise="l1_gradient",
    text="The gradient is l1 for every weight, whatever its sign: a step of descent pushes negative weights further away "
    "from 0.",
    look="In which direction must a negative weight move for its absolute value to fall?",
)
def l1_gradient_without_sign(weights, l1=0.01):
    return l1 * np.ones_like(weights)


@misconception(
    exercise="l1_gradient",
    text="The gradient grows with the weight, as that of L2 does.",
    look="Draw |w| and read off its slope at w = 1 and at w = 2.",
)
def l1_gradient_grows_with_the_weight(weights, l1=0.01):
    return l1 * weights


@misconception(
    exercise="l1_gradient",
    text="A weight of exactly 0 counts as positive, as where there are two cases only: a step of descent pushes it away from "
    "0, where L1 wants it.",
    look="Which gradient does the stub state for a weight of exactly 0?",
)
def l1_gradient_pushes_at_zero(weights, l1=0.01):
    return np.where(weights >= 0, l1, -l1)


@misconception(
    exercise="l1_gradient",
    text="You divide w by |w|, which is 0/0 at 0: NaN, and after one step the weight is NaN too.",
    look="Which function of NumPy knows the sign of 0?",
)
def l1_gradient_divides_by_zero(weights, l1=0.01):
    return l1 * weights / np.abs(weights)


@misconception(
    exercise="l1_penalty",
    text="The sum runs over the first axis alone, as Python's own sum does: a matrix gives a number for each column.",
    look="What is sum(np.ones((2, 3)))? Which sum of NumPy adds up all entries?",
)
def l1_penalty_sums_the_first_axis(weights, l1=0.01):
    return l1 * sum(abs(weights))


@misconception(
    exercise="l1_gradient",
    text="A weight of exactly 0 counts as negative, as where there are two cases only: a step of descent pushes it away from "
    "0, where L1 wants it.",
    look="Which gradient does the stub state for a weight of exactly 0?",
)
def l1_gradient_pulls_at_zero(weights, l1=0.01):
    return np.where(weights > 0, l1, -l1)


# --- L2 ---------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="l2_penalty",
    text="This is the norm, with a root over the sum of squares.",
    look="What does the penalty become if all weights are doubled: twice, or four times as large?",
)
def l2_penalty_is_the_norm(weights, l2=0.01):
    return float(l2 * np.sqrt(np.square(weights).sum()))


@misconception(
    exercise="l2_penalty",
    text="Your penalty is half as large as it should be; many books have it so.",
    look="Compare with the formula in the docstring, factor by factor.",
)
def l2_penalty_is_halved(weights, l2=0.01):
    return float(0.5 * l2 * np.square(weights).sum())


@misconception(
    exercise="l2_penalty",
    text="You take the mean of the squares: your penalty is the right one divided by the number of weights.",
    look="Should a layer with twice as many weights of the same size cost the same, or twice as much?",
)
def l2_penalty_is_a_mean(weights, l2=0.01):
    return float(l2 * np.square(weights).mean())


@misconception(
    exercise="l2_gradient",
    text="The gradient is half as large as it should be, as it is where the penalty has a factor 1/2.",
    look="Differentiate w**2.",
)
def l2_gradient_forgets_two(weights, l2=0.01):
    return l2 * weights


@misconception(
    exercise="l2_gradient",
    text="The factor is multiplied into the caller's weights: computing the gradient shrinks the weights themselves.",
    look="What does `weights *= ...` do to the array that was passed in?",
)
def l2_gradient_scales_in_place(weights, l2=0.01):
    weights *= 2.0 * l2
    return weights


@misconception(
    exercise="l2_gradient",
    text="This is the gradient of the norm: its own norm is l2, however large the weights are.",
    look="Double all weights: should the gradient double too, and does yours?",
)
def l2_gradient_of_the_norm(weights, l2=0.01):
    return l2 * weights / np.sqrt(np.square(weights).sum())


@misconception(
    exercise="l2_penalty",
    text="The sum runs over the first axis alone, as Python's own sum does: a matrix gives a number for each column.",
    look="What is sum(np.ones((2, 3)))? Which sum of NumPy adds up all entries?",
)
def l2_penalty_sums_the_first_axis(weights, l2=0.01):
    return l2 * sum(weights**2)


@misconception(
    exercise="l2_penalty",
    text="np.linalg.norm(weights, 2) is the root of the sum of squares for a vector only; for a matrix it is the largest singular value, "
    "which is smaller, and for three axes an error.",
    look="Read what `ord=2` means in NumPy's table for vectors, and what for matrices.",
)
def l2_penalty_of_the_spectral_norm(weights, l2=0.01):
    rows = weights if weights.ndim < 3 else weights.reshape(len(weights), -1)
    return float(l2 * np.linalg.norm(rows, 2) ** 2)


# --- both -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="l1_l2_penalty",
    text="The two factors are swapped: l1 stands before the squares, l2 before the absolute values.",
    look="Call it with l1 alone and compare with l1_penalty.",
)
def l1_l2_penalty_swaps_the_factors(weights, l1=0.0, l2=0.0):
    return float(l2 * np.abs(weights).sum() + l1 * np.square(weights).sum())


@misconception(
    exercise="l1_l2_penalty",
    text="The L2 part is half as large as it should be; scikit-learn's ElasticNet has it so.",
    look="Compare your L2 part with l2_penalty.",
)
def l1_l2_penalty_halves_the_squares(weights, l1=0.0, l2=0.0):
    return float(l1 * np.abs(weights).sum() + 0.5 * l2 * np.square(weights).sum())


@misconception(
    exercise="l1_l2_penalty",
    text="Your L2 part squares a sum, which mixes all weights with each other.",
    look="In which order do the square and the sum stand in the formula? Try the weights (1, 1): is it 2 or 4?",
)
def l1_l2_penalty_squares_the_sum(weights, l1=0.0, l2=0.0):
    size = np.abs(weights).sum()
    return float(l1 * size + l2 * size**2)


@misconception(
    exercise="l1_l2_gradient",
    text="The L2 part is half as large as it should be.",
    look="Give l2 alone and compare with l2_gradient.",
)
def l1_l2_gradient_forgets_two(weights, l1=0.0, l2=0.0):
    return l1 * np.sign(weights) + l2 * weights


@misconception(
    exercise="l1_l2_gradient",
    text="The two factors are swapped: l1 stands before the weights, l2 before their signs.",
    look="Call it with l1 alone and compare with l1_gradient.",
)
def l1_l2_gradient_swaps_the_factors(weights, l1=0.0, l2=0.0):
    return l2 * np.sign(weights) + 2.0 * l1 * weights


@misconception(
    exercise="l1_l2_gradient",
    text="The L1 part has no sign: it adds the same positive number everywhere, and pushes negative weights away from 0.",
    look="Give l1 alone, and look at the gradient of a negative weight.",
)
def l1_l2_gradient_without_sign(weights, l1=0.0, l2=0.0):
    return l1 + 2.0 * l2 * weights


@misconception(
    exercise="l1_l2_penalty",
    text="The sums run over the first axis alone, as Python's own sum does: a matrix gives a number for each column.",
    look="What is sum(np.ones((2, 3)))? Which sum of NumPy adds up all entries?",
)
def l1_l2_penalty_sums_the_first_axis(weights, l1=0.0, l2=0.0):
    return l1 * sum(abs(weights)) + l2 * sum(weights**2)


@misconception(
    exercise="l1_l2_penalty",
    text="np.linalg.norm(weights, 2) is the root of the sum of squares for a vector only; for a matrix it is the largest singular value, "
    "which is smaller, and for three axes an error.",
    look="Read what `ord=2` means in NumPy's table for vectors, and what for matrices.",
)
def l1_l2_penalty_of_the_spectral_norm(weights, l1=0.0, l2=0.0):
    rows = weights if weights.ndim < 3 else weights.reshape(len(weights), -1)
    return float(l1 * np.abs(weights).sum() + l2 * np.linalg.norm(rows, 2) ** 2)


@misconception(
    exercise="l1_l2_gradient",
    text="A weight of exactly 0 counts as positive in the L1 part, as where there are two cases only: a step of descent pushes it away from 0.",
    look="Which gradient does l1_gradient give for a weight of exactly 0?",
)
def l1_l2_gradient_pushes_at_zero(weights, l1=0.0, l2=0.0):
    return np.where(weights >= 0, l1, -l1) + 2.0 * l2 * weights


@misconception(
    exercise="l1_l2_gradient",
    text="A weight of exactly 0 counts as negative in the L1 part, as where there are two cases only: a step of descent pushes it away from 0.",
    look="Which gradient does l1_gradient give for a weight of exactly 0?",
)
def l1_l2_gradient_pulls_at_zero(weights, l1=0.0, l2=0.0):
    return np.where(weights > 0, l1, -l1) + 2.0 * l2 * weights


# --- clipping ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="clip_by_value",
    text="Only the upper end is cut: large negative entries pass.",
    look="What does your code do with -100?",
)
def clip_by_value_cuts_only_above(gradients, clipvalue):
    return [np.minimum(gradient, clipvalue) for gradient in gradients]


@misconception(
    exercise="clip_by_value",
    text="Entries beyond the limit become 0.",
    look="Where does a gradient of 100 end with a limit of 1?",
)
def clip_by_value_drops_large_entries(gradients, clipvalue):
    return [np.where(np.abs(gradient) > clipvalue, 0.0, gradient) for gradient in gradients]


@misconception(
    exercise="clip_by_value",
    text="The whole array is scaled until its largest entry fits.",
    look="Should a small entry change because another one is large?",
)
def clip_by_value_scales_the_array(gradients, clipvalue):
    return [gradient * min(1.0, clipvalue / max(np.abs(gradient).max(), 1e-300)) for gradient in gradients]


@misconception(
    exercise="clip_by_value",
    text="The entries are overwritten in the arrays that were passed in, and these are returned: the caller's gradients are gone.",
    look="Is what you return a new array? Look for `out=`, `+=` and assignments to a slice.",
)
def clip_by_value_in_place(gradients, clipvalue):
    return [np.clip(gradient, -clipvalue, clipvalue, out=gradient) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="You clip every entry on its own. That bounds the entries, not the norm, and it turns the gradient's direction.",
    look="What is the norm of three entries that are all at the limit? What can be done to an array that leaves its "
    "direction as it is?",
)
def clip_by_norm_clips_entries(gradients, clipnorm):
    return [np.clip(gradient, -clipnorm, clipnorm) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="Every array is brought to the norm clipnorm, also one that was shorter: small gradients are blown up, and zeros become NaN.",
    look="What must happen to an array whose norm is below the limit?",
)
def clip_by_norm_always_rescales(gradients, clipnorm):
    return [gradient * (clipnorm / np.sqrt(np.square(gradient).sum())) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="The norm is taken over all arrays together, so a short gradient is shortened because another one is long.",
    look="Whose norm decides about an array here?",
)
def clip_by_norm_takes_the_global_norm(gradients, clipnorm):
    norm = np.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
    return [gradient * (clipnorm / max(clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="The norm is taken along the last axis, so every row is shortened on its own.",
    look="What is the shape of your norm for a matrix, and how many norms does an array have?",
)
def clip_by_norm_row_by_row(gradients, clipnorm):
    return [
        gradient * (clipnorm / np.maximum(clipnorm, np.sqrt(np.square(gradient).sum(axis=-1, keepdims=True))))
        for gradient in gradients
    ]


@misconception(
    exercise="clip_by_norm",
    text="np.linalg.norm(g, 2) is the root of the sum of squares for a vector only; for a matrix it is the largest singular value, which is "
    "smaller, so a matrix is shortened too little. It fails for three axes.",
    look="Read what `ord=2` means in NumPy's table for vectors, and what for matrices.",
)
def clip_by_norm_takes_the_spectral_norm(gradients, clipnorm):
    return [gradient * (clipnorm / max(clipnorm, np.linalg.norm(gradient, 2))) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="The sum of squares stands where the norm should, in the comparison and in the division.",
    look="If a gradient is doubled, should its norm double or become four times as large?",
)
def clip_by_norm_without_root(gradients, clipnorm):
    return [gradient * (clipnorm / max(clipnorm, np.square(gradient).sum())) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="Your norm is the sum of the absolute values.",
    look="The norm of [3, 4] is 5. What does your code make of it?",
)
def clip_by_norm_adds_absolute_values(gradients, clipnorm):
    return [gradient * (clipnorm / max(clipnorm, np.abs(gradient).sum())) for gradient in gradients]


@misconception(
    exercise="clip_by_norm",
    text="An array that need not be shortened is returned itself, not as a copy: whoever changes the result changes the gradient that "
    "was passed in.",
    look="What does your function return where the norm is below the limit?",
)
def clip_by_norm_returns_the_same_array(gradients, clipnorm):
    norms = [np.sqrt(np.square(gradient).sum()) for gradient in gradients]
    return [
        gradient if norm <= clipnorm else gradient * (clipnorm / norm) for gradient, norm in zip(gradients, norms, strict=True)
    ]


@misconception(
    exercise="clip_by_norm",
    text="A small number is added to the norm before dividing, as PyTorch does. Clipped arrays are then a little too short.",
    look="Is there a division by zero to avoid at all? Which arrays are divided?",
)
def clip_by_norm_adds_an_epsilon(gradients, clipnorm):
    return [gradient * min(1.0, clipnorm / (np.sqrt(np.square(gradient).sum()) + 1e-6)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="Every array is shortened by its own norm.",
    look="How many factors does your code compute for a list of three arrays, and how many should it?",
)
def clip_by_global_norm_one_by_one(gradients, global_clipnorm):
    return [gradient * (global_clipnorm / max(global_clipnorm, np.sqrt(np.square(gradient).sum()))) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="You add up the norms of the arrays.",
    look="Imagine all arrays laid end to end as one long vector: what is its norm?",
)
def clip_by_global_norm_adds_norms(gradients, global_clipnorm):
    norm = sum(np.sqrt(np.square(gradient).sum()) for gradient in gradients)
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="You take the root of the sum of the norms, and not of their squares.",
    look="For the norms 3 and 4 the global norm is 5. What does your code make of them?",
)
def clip_by_global_norm_takes_the_root_of_norms(gradients, global_clipnorm):
    norm = np.sqrt(sum(np.sqrt(np.square(gradient).sum()) for gradient in gradients))
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="The largest of the arrays' norms stands for the norm of all.",
    look="Imagine all arrays laid end to end as one long vector: what is its norm?",
)
def clip_by_global_norm_takes_the_largest_norm(gradients, global_clipnorm):
    norm = max(np.sqrt(np.square(gradient).sum()) for gradient in gradients)
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="The norm is the mean of the arrays' norms.",
    look="Imagine all arrays laid end to end as one long vector: what is its norm?",
)
def clip_by_global_norm_averages_norms(gradients, global_clipnorm):
    norm = sum(np.sqrt(np.square(gradient).sum()) for gradient in gradients) / len(gradients)
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="Your norm is the sum of the absolute values of all entries.",
    look="For the gradients [3, 4] and [12] the global norm is 13. What does your code make of them?",
)
def clip_by_global_norm_adds_absolute_values(gradients, global_clipnorm):
    norm = sum(np.abs(gradient).sum() for gradient in gradients)
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="The sum of squares stands where the norm should, in the comparison and in the division.",
    look="If all gradients are doubled, should the norm double or become four times as large?",
)
def clip_by_global_norm_without_root(gradients, global_clipnorm):
    norm = sum(np.square(gradient).sum() for gradient in gradients)
    return [gradient * (global_clipnorm / max(global_clipnorm, norm)) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="The gradients are always brought to the limit, also where they were shorter: small gradients are blown up, and zeros become NaN.",
    look="What must happen if the global norm is below the limit?",
)
def clip_by_global_norm_always_rescales(gradients, global_clipnorm):
    norm = np.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
    return [gradient * (global_clipnorm / norm) for gradient in gradients]


@misconception(
    exercise="clip_by_global_norm",
    text="The factor is multiplied into the caller's arrays: the gradients that were passed in are changed.",
    look="What does `gradient *= factor` do to the caller's array?",
)
def clip_by_global_norm_in_place(gradients, global_clipnorm):
    norm = np.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
    factor = global_clipnorm / max(global_clipnorm, norm)
    for gradient in gradients:
        gradient *= factor
    return gradients


@misconception(
    exercise="clip_by_value",
    text="Negative entries that are too large in absolute value become +clipvalue: their sign is lost, and a step goes the wrong way.",
    look="Where should -7 end with a limit of 2?",
)
def clip_by_value_loses_the_sign(gradients, clipvalue):
    return [np.where(np.abs(gradient) > clipvalue, clipvalue, gradient) for gradient in gradients]


# --- dropout ----------------------------------------------------------------------------------------------------------


def _mask(layer, shape):
    """A right mask, as numbers."""
    return (layer.rng.random(shape) >= layer.rate).astype(np.float64)


@misconception(
    exercise="Dropout.forward",
    text="Your output is smaller on average than the input by the factor 1 - rate, in training only.",
    look="What is the mean of the output if a share of the entries becomes 0 and the rest stays as it is?",
)
def dropout_does_not_scale(self, x, training=False):
    self._factor = 1.0
    if training:
        self._factor = _mask(self, x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="What is kept is multiplied by 1 - rate: the output shrinks twice.",
    look="Should what is left become larger or smaller, to make up for what was dropped?",
)
def dropout_multiplies_by_keep(self, x, training=False):
    self._factor = 1.0
    if training:
        self._factor = _mask(self, x.shape) * (1.0 - self.rate)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="The rate is taken for the probability of keeping, throughout: too much is dropped (or too little), and scaled to match.",
    look="Is `rate` in Keras the probability of dropping an entry or that of keeping it?",
)
def dropout_takes_rate_for_keep(self, x, training=False):
    self._factor = 1.0
    if training:
        self._factor = (self.rng.random(x.shape) < self.rate) / self.rate if self.rate > 0 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="The mask is turned around: an entry is kept with probability rate, yet scaled as if it were kept with 1 - rate.",
    look="Send 1000 ones through in training at rate 0.2. About how many should become 0, and how many do?",
)
def dropout_mask_is_turned_around(self, x, training=False):
    self._factor = 1.0
    if training:
        kept = self.rng.random(x.shape) < self.rate
        self._factor = kept / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="What is kept is divided by rate, the probability of dropping.",
    look="Work out the mean of the output for rate 0.2. Does it come to x?",
)
def dropout_divides_by_rate(self, x, training=False):
    self._factor = 1.0
    if training and self.rate > 0:
        self._factor = _mask(self, x.shape) / self.rate
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="`training` makes no difference: entries are dropped at inference too, so two predictions for one input differ.",
    look="Which branch does your code take for training=False?",
)
def dropout_active_at_inference(self, x, training=False):
    self._factor = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="At inference x is multiplied by 1 - rate, as in the older form of dropout, which does not scale in training.",
    look="Send ones through at rate 0.2, with training=False: should they stay ones, and do they?",
)
def dropout_scales_at_inference(self, x, training=False):
    self._factor = 1.0 - self.rate
    if training:
        self._factor = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="This is dropout in its older form: no scaling in training, and multiplication by 1 - rate at inference. It is right "
    "on its own, but it is not inverted dropout.",
    look="Where does the stub ask for the scaling, in training or at inference?",
)
def dropout_in_its_older_form(self, x, training=False):
    self._factor = _mask(self, x.shape) if training else 1.0 - self.rate
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="Every call uses the mask of the first: the same entries are dropped throughout, and the network is simply smaller.",
    look="Send ones through twice in training: are the zeros in the same places? When is your mask drawn?",
)
def dropout_keeps_its_first_mask(self, x, training=False):
    self._factor = 1.0
    if training:
        if not hasattr(self, "first_mask") or self.first_mask.shape != x.shape:
            self.first_mask = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
        self._factor = self.first_mask
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="There is one random number for each example, so a whole row is dropped or kept together.",
    look="Which shape must the mask have, if every entry of (batch, features) is to have a fate of its own?",
)
def dropout_one_fate_a_row(self, x, training=False):
    self._factor = 1.0
    if training:
        mask = _mask(self, (*x.shape[:-1], 1)) * np.ones(x.shape)
        self._factor = mask / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="There is one random number for each feature, so a feature is dropped in all examples of the batch or in none.",
    look="Which shape must the mask have, if every entry of (batch, features) is to have a fate of its own?",
)
def dropout_one_fate_a_column(self, x, training=False):
    self._factor = 1.0
    if training:
        mask = _mask(self, x.shape[-1:]) * np.ones(x.shape)
        self._factor = mask / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="Every call draws the same numbers, as from a generator made anew with a fixed seed, and the rng that was passed in "
    "is not used.",
    look="Where does your generator come from, and how many times is it made?",
)
def dropout_reseeds_in_every_call(self, x, training=False):
    self._factor = 1.0
    if training:
        kept = np.random.default_rng(42).random(x.shape) >= self.rate
        self._factor = kept / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="The mask is drawn elsewhere than from the rng that was passed in, as by np.random or by a new generator without a "
    "seed: nobody can repeat your numbers.",
    look="Which generator do you draw from: self.rng or another one?",
)
def dropout_draws_globally(self, x, training=False):
    self._factor = 1.0
    if training:
        kept = np.random.random(x.shape) >= self.rate
        self._factor = kept / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="At rate 1 nothing is kept and 1 - rate is 0: dividing by it turns the zeros into NaN.",
    look="What does the stub promise for rate 1, and what is 1 - rate then?",
)
def dropout_divides_by_zero_at_rate_one(self, x, training=False):
    self._factor = 1.0
    if training:
        self._factor = _mask(self, x.shape) / (1.0 - self.rate)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="At inference x itself is returned, not a copy: whoever changes the output changes the input too.",
    look="Is what you return at inference a new array?",
)
def dropout_returns_x_itself_at_inference(self, x, training=False):
    self._factor = 1.0
    if not training:
        return x
    if self.rate > 0:
        self._factor = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    return x * self._factor


@misconception(
    exercise="Dropout.forward",
    text="The zeros are written into x itself: the caller's batch has lost these entries for good.",
    look="Which array do you write to? Look for `x *=` and `x[mask] =`.",
)
def dropout_writes_into_x(self, x, training=False):
    self._factor = 1.0
    if not training:
        return x.copy()
    if self.rate > 0:
        self._factor = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
    x *= self._factor
    return x.copy()


@misconception(
    exercise="Dropout.backward",
    text="Upstream is passed on as it is, as if nothing had been dropped.",
    look="How does the loss change if an entry changes that was set to 0 on its way?",
)
def dropout_backward_ignores_the_mask(self, upstream):
    return upstream.copy()


@misconception(
    exercise="Dropout.backward",
    text="Dropped entries receive no gradient, and the others receive upstream as it is.",
    look="What is the derivative of x / (1 - rate) for x?",
)
def dropout_backward_forgets_the_scale(self, upstream):
    return upstream * (self._factor != 0)


@misconception(
    exercise="Dropout.backward",
    text="The scale is applied to all entries, and the mask to none: dropped entries receive a gradient.",
    look="How does the loss change if an entry changes that was set to 0 on its way?",
)
def dropout_backward_forgets_the_mask(self, upstream):
    return upstream * np.max(self._factor)


@misconception(
    exercise="Dropout.backward",
    text="A fresh mask is drawn for the way back: entries that took part receive no gradient, and others that were dropped do.",
    look="Which mask decided what reached the output? Where have you kept it?",
)
def dropout_backward_draws_a_new_mask(self, upstream):
    if np.ndim(self._factor) == 0:
        return upstream * self._factor
    return upstream * _mask(self, upstream.shape) * np.max(self._factor)


@misconception(
    exercise="Dropout.backward",
    text="Backward uses the mask of the last training step even where the latest forward was at inference, where nothing is dropped.",
    look="What does forward leave behind for backward when training is False?",
    replaces="Dropout",
)
class dropout_backward_uses_a_stale_mask:
    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = np.random.default_rng() if rng is None else rng
        self.factor = 1.0

    def forward(self, x, training=False):
        if not training:
            return x.copy()
        self.factor = _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
        return x * self.factor

    def backward(self, upstream):
        return upstream * self.factor


@misconception(
    exercise="Dropout.backward",
    text="The result is written into upstream: the gradient that other layers may still need is changed, and a second call drops and "
    "scales once more.",
    look="Look for `upstream *=`.",
)
def dropout_backward_in_place(self, upstream):
    upstream *= self._factor
    return upstream


@misconception(
    exercise="Dropout.backward",
    text="An input of 0 that was kept loses its gradient, as where every 0 in the output is taken for a dropped entry.",
    look="Can you tell from the output alone whether an entry was dropped? What does a ReLU send into this layer?",
    replaces="Dropout",
)
class dropout_backward_reads_the_mask_from_the_output:
    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x, training=False):
        self.training = training and self.rate > 0
        if not self.training:
            return x.copy()
        self.y = x * _mask(self, x.shape) / (1.0 - self.rate) if self.rate < 1 else np.zeros(x.shape)
        return self.y.copy()

    def backward(self, upstream):
        if not self.training:
            return upstream.copy()
        return upstream * (self.y != 0) / (1.0 - self.rate) if self.rate < 1 else np.zeros(upstream.shape)


@misconception(
    exercise="Dropout.backward",
    text="Each call adds to what the last one returned, so a second backward gives twice the gradient.",
    look="Call backward twice with the same upstream: should both answers be the same, and are they?",
)
def dropout_backward_accumulates(self, upstream):
    self.total = getattr(self, "total", 0.0) + upstream * self._factor
    return self.total.copy()


@misconception(
    exercise="Dropout.forward",
    text="A fixed number of entries is dropped in every mask, as where a share of the places is drawn without replacement. Entries are then "
    "not independent, and in a small layer none is ever dropped, or always some.",
    look="At rate 0.2, how many of three entries may be dropped? Draw a number for each entry, and compare it with the rate.",
)
def dropout_drops_a_fixed_number(self, x, training=False):
    self._factor = 1.0
    if training:
        places = self.rng.permutation(x.size) < round(self.rate * x.size)
        self._factor = np.where(places.reshape(x.shape), 0.0, 1.0 / max(1.0 - self.rate, 1e-300))
    return x * self._factor


# --- alpha dropout ----------------------------------------------------------------------------------------------------


def _affine(rate, dropped):
    """The right correction for this value of dropped entries."""
    a = ((1.0 - rate) * (1.0 + rate * dropped**2)) ** -0.5
    return a, -a * dropped * rate


@misconception(
    exercise="AlphaDropout.forward",
    text="This is ordinary inverted dropout: it changes the variance, which a self-normalizing network must keep.",
    look="Which value do dropped entries take here, and which two numbers correct mean and variance?",
)
def alpha_dropout_is_ordinary_dropout(self, x, training=False):
    self._slope = 1.0
    if training:
        self._slope = _mask(self, x.shape) / (1.0 - self.rate)
    return x * self._slope


@misconception(
    exercise="AlphaDropout.forward",
    text="Dropped entries are 0 before the affine map.",
    look="What stands in the formula beside (1 - m)?",
)
def alpha_dropout_drops_to_zero(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    a, b = _affine(self.rate, -SELU_ALPHA * SELU_SCALE)
    self._slope = a * _mask(self, x.shape)
    return x * self._slope + b


@misconception(
    exercise="AlphaDropout.forward",
    text="For inputs of mean 0 and variance 1 your output has a mean below 0, and a variance that is not 1.",
    look="What is the mean of the output if a share of the entries is -1.76 and the others have mean 0? What does the formula "
    "do about it?",
)
def alpha_dropout_without_the_affine_map(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    self._slope = _mask(self, x.shape)
    return np.where(self._slope == 1.0, x, -SELU_ALPHA * SELU_SCALE)


@misconception(
    exercise="AlphaDropout.forward",
    text="Dropped entries take -SELU_ALPHA.",
    look="What is selu(-1000)?",
)
def alpha_dropout_forgets_selus_scale(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    a, b = _affine(self.rate, -SELU_ALPHA)
    kept = _mask(self, x.shape)
    self._slope = a * kept
    return a * np.where(kept == 1.0, x, -SELU_ALPHA) + b


@misconception(
    exercise="AlphaDropout.forward",
    text="Dropped entries are set to alpha' after the affine map.",
    look="What does the bracket in y = a * (...) + b hold?",
)
def alpha_dropout_maps_only_what_is_kept(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    a, b = _affine(self.rate, -SELU_ALPHA * SELU_SCALE)
    kept = _mask(self, x.shape)
    self._slope = a * kept
    return np.where(kept == 1.0, a * x + b, -SELU_ALPHA * SELU_SCALE)


@misconception(
    exercise="AlphaDropout.forward",
    text="In a, rate and keep probability have changed places, so the variance is not 1. At rate 1/2 this would not show.",
    look="Put the probability of dropping and that of keeping side by side, and read the formula for a once more.",
)
def alpha_dropout_swaps_rate_and_keep_in_a(self, x, training=False):
    self._slope = 1.0
    if not training or self.rate == 0:
        return x.copy()
    dropped = -SELU_ALPHA * SELU_SCALE
    a = (self.rate * (1.0 + (1.0 - self.rate) * dropped**2)) ** -0.5
    kept = _mask(self, x.shape)
    self._slope = a * kept
    return a * np.where(kept == 1.0, x, dropped) - a * dropped * self.rate


@misconception(
    exercise="AlphaDropout.forward",
    text="The mask is turned around: entries are kept with probability rate, while a and b are made for 1 - rate.",
    look="Send 1000 ones through in training at rate 0.2. About how many should be dropped, and how many are?",
)
def alpha_dropout_mask_is_turned_around(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    dropped = -SELU_ALPHA * SELU_SCALE
    a, b = _affine(self.rate, dropped)
    kept = self.rng.random(x.shape) < self.rate
    self._slope = a * kept
    return a * np.where(kept, x, dropped) + b


@misconception(
    exercise="AlphaDropout.forward",
    text="`training` makes no difference: entries are dropped at inference too.",
    look="Which branch does your code take for training=False?",
)
def alpha_dropout_active_at_inference(self, x, training=False):
    dropped = -SELU_ALPHA * SELU_SCALE
    a, b = _affine(self.rate, dropped)
    kept = _mask(self, x.shape)
    self._slope = a * kept
    return a * np.where(kept == 1.0, x, dropped) + b


@misconception(
    exercise="AlphaDropout.forward",
    text="There is one random number for each feature, so a feature is dropped in all examples of the batch or in none.",
    look="Which shape must the mask have, if every entry of (batch, features) is to have a fate of its own?",
)
def alpha_dropout_one_fate_a_column(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    dropped = -SELU_ALPHA * SELU_SCALE
    a, b = _affine(self.rate, dropped)
    kept = _mask(self, x.shape[-1:]) * np.ones(x.shape)
    self._slope = a * kept
    return a * np.where(kept == 1.0, x, dropped) + b


@misconception(
    exercise="AlphaDropout.backward",
    text="What was kept receives upstream as it is.",
    look="What is the derivative of a * x + b for x?",
)
def alpha_dropout_backward_forgets_a(self, upstream):
    return upstream * (self._slope != 0)


@misconception(
    exercise="AlphaDropout.backward",
    text="What was kept is divided by 1 - rate, as in ordinary dropout.",
    look="What did forward do to a kept entry?",
)
def alpha_dropout_backward_scales_as_dropout(self, upstream):
    if np.ndim(self._slope) == 0:
        return upstream.copy()
    return upstream * (self._slope != 0) / (1.0 - self.rate)


@misconception(
    exercise="AlphaDropout.backward",
    text="All of upstream is multiplied by a, also where forward put the constant alpha' in the place of x.",
    look="How does the output change if an input changes that was replaced by alpha'?",
)
def alpha_dropout_backward_forgets_the_mask(self, upstream):
    return upstream * np.max(self._slope)


@misconception(
    exercise="AlphaDropout.backward",
    text="A fresh mask is drawn for the way back, which has nothing to do with what forward dropped.",
    look="Which mask decided what reached the output? Where have you kept it?",
)
def alpha_dropout_backward_draws_a_new_mask(self, upstream):
    if np.ndim(self._slope) == 0:
        return upstream.copy()
    return upstream * _mask(self, upstream.shape) * np.max(self._slope)


@misconception(
    exercise="AlphaDropout.backward",
    text="The affine map is applied to the gradient, b included.",
    look="What is the derivative of a * x + b for x, and where has b gone?",
)
def alpha_dropout_backward_adds_b(self, upstream):
    if np.ndim(self._slope) == 0:
        return upstream.copy()
    _, b = _affine(self.rate, -SELU_ALPHA * SELU_SCALE)
    return upstream * self._slope + b


@misconception(
    exercise="AlphaDropout.forward",
    text="A fixed number of entries is dropped in every mask, as where a share of the places is drawn without replacement. Entries are then "
    "not independent, and in a small layer none is ever dropped, or always some.",
    look="At rate 0.2, how many of three entries may be dropped? Draw a number for each entry, and compare it with the rate.",
)
def alpha_dropout_drops_a_fixed_number(self, x, training=False):
    self._slope = 1.0
    if not training:
        return x.copy()
    dropped = -SELU_ALPHA * SELU_SCALE
    a, b = _affine(self.rate, dropped)
    kept = (self.rng.permutation(x.size) >= round(self.rate * x.size)).reshape(x.shape)
    self._slope = a * kept
    return a * np.where(kept, x, dropped) + b


# --- Monte Carlo dropout ----------------------------------------------------------------------------------------------


def _kept(rng, shape, rate):
    """A right mask, scaled."""
    return (rng.random(shape) >= rate) / (1.0 - rate) if rate < 1 else np.zeros(shape)


@misconception(
    exercise="mc_dropout",
    text="Dropout is off, as at an ordinary prediction: all passes are equal, and the std says that the network is certain of everything.",
    look="Print two passes for one x at rate 0.5: should they be equal? Where is a mask drawn, and where is it applied?",
)
def mc_dropout_without_dropout(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([x @ kernel + bias] * passes)
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="All passes use one mask, so every pass gives the same answer and the std is 0.",
    look="Does the line that draws the mask stand inside or outside the loop over the passes?",
)
def mc_dropout_one_mask_for_all_passes(x, kernel, bias, rate, passes, rng):
    mask = _kept(rng, x.shape, rate)
    predictions = np.stack([(x * mask) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="One mask serves the whole batch in a pass, so all examples lose the same inputs.",
    look="Which shape has the mask that an ordinary dropout layer would draw for this x?",
)
def mc_dropout_one_mask_for_the_batch(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([(x * _kept(rng, x.shape[1], rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="You drop entries of the kernel instead of inputs (this is known as DropConnect): the units of one example see different inputs, and "
    "all examples lose the same connections.",
    look="Which array has the mask's shape in the stub?",
)
def mc_dropout_drops_weights(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([x @ (kernel * _kept(rng, kernel.shape, rate)) + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="Dropout is applied to the predictions, not to the inputs: whole predictions become 0, bias included.",
    look="In which order do dropout, kernel and bias follow each other?",
)
def mc_dropout_drops_outputs(x, kernel, bias, rate, passes, rng):
    outputs = x @ kernel + bias
    predictions = np.stack([outputs * _kept(rng, outputs.shape, rate) for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="What is kept is passed on as it is, so the mean prediction is pulled towards the bias.",
    look="Does the mean over many passes come to x @ kernel + bias?",
)
def mc_dropout_does_not_scale(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([(x * (rng.random(x.shape) >= rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


@misconception(
    exercise="mc_dropout",
    text="The sum of squares is divided by passes - 1; for a single pass that is 0/0.",
    look="What is `ddof`, and what does the stub's formula divide by?",
)
def mc_dropout_takes_the_sample_std(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([(x * _kept(rng, x.shape, rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0, ddof=1)


@misconception(
    exercise="mc_dropout",
    text="You return the variance.",
    look="Which unit would your second answer have, if the prediction is in metres?",
)
def mc_dropout_returns_the_variance(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([(x * _kept(rng, x.shape, rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.var(axis=0)


@misconception(
    exercise="mc_dropout",
    text="The std is divided by the root of the number of passes: that is the error of the mean, which goes to 0 with more "
    "passes.",
    look="Should the network become more certain because you ask it more often?",
)
def mc_dropout_returns_the_standard_error(x, kernel, bias, rate, passes, rng):
    predictions = np.stack([(x * _kept(rng, x.shape, rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0) / np.sqrt(passes)


@misconception(
    exercise="mc_dropout",
    text="The rng that was passed in is not used: every call draws the same numbers, as from a generator with a fixed seed.",
    look="Where does your generator come from?",
)
def mc_dropout_has_a_seed_of_its_own(x, kernel, bias, rate, passes, rng):
    rng = np.random.default_rng(42)
    predictions = np.stack([(x * _kept(rng, x.shape, rate)) @ kernel + bias for _ in range(passes)])
    return predictions.mean(axis=0), predictions.std(axis=0)


# --- early stopping ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="Training stops one epoch late.",
    look="With patience 2, how many epochs without improvement may there be? Where do you add 1 to wait, and where do you "
    "compare it?",
)
def early_stopping_is_one_epoch_late(self, epoch, value, weights=None):
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        self.wait = 0 if self.baseline is None or self._improves(value, self.baseline) else self.wait + 1
        return False
    self.wait += 1
    if self.wait > self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="An improvement does not set wait back to 0, so epochs without improvement add up over the whole training.",
    look="What should wait be right after an improvement?",
)
def early_stopping_never_resets_wait(self, epoch, value, weights=None):
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        return False
    self.wait += 1
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="Each value is compared with that of the epoch before: a slow zigzag upwards never stops.",
    look="After 0.5, 0.9, 0.8: is the last one an improvement?",
)
def early_stopping_compares_with_the_epoch_before(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    self.best = value
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


def _stop_with(self, epoch, value, weights, improves):
    """on_epoch_end with another idea of an improvement."""
    self.wait += 1
    if self.best is None or improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or improves(value, self.baseline):
            self.wait = 0
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="min_delta is not used: the smallest step counts as an improvement.",
    look="Where does min_delta enter your comparison?",
)
def early_stopping_ignores_min_delta(self, epoch, value, weights=None):
    return _stop_with(self, epoch, value, weights, lambda a, b: a < b if self.mode == "min" else a > b)


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="min_delta has the wrong sign: a value that is worse by less than min_delta still counts as an improvement.",
    look="With min_delta 0.1 and a best loss of 1.0, is 1.05 an improvement?",
)
def early_stopping_has_min_delta_the_wrong_way(self, epoch, value, weights=None):
    delta = self.min_delta
    return _stop_with(self, epoch, value, weights, lambda a, b: a - delta < b if self.mode == "min" else a + delta > b)


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="A value that is only equal to the best (or better by exactly min_delta) counts as an improvement: without a "
    "min_delta, a plateau never stops training.",
    look="What does the stub say of a value that is only equal to the best?",
)
def early_stopping_counts_ties(self, epoch, value, weights=None):
    delta = self.min_delta
    return _stop_with(self, epoch, value, weights, lambda a, b: a + delta <= b if self.mode == "min" else a - delta >= b)


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="mode is not used: smaller is always better, so an accuracy that rises is stopped.",
    look="What does your code do differently in mode max?",
)
def early_stopping_ignores_mode(self, epoch, value, weights=None):
    return _stop_with(self, epoch, value, weights, lambda a, b: a + self.min_delta < b)


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="In mode max min_delta is added, as in mode min: values that are worse than the best by less than min_delta count as improvements there.",
    look="Write the condition for both modes, and check the sign of min_delta in each with an example.",
)
def early_stopping_adds_min_delta_in_mode_max(self, epoch, value, weights=None):
    delta = self.min_delta
    return _stop_with(self, epoch, value, weights, lambda a, b: a + delta < b if self.mode == "min" else a + delta > b)


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="A loss of NaN counts as the best, as it does where the test asks whether the value is worse and takes all else "
    "for an improvement.",
    look="What are NaN < 0.5 and NaN >= 0.5? On which side of your question does NaN fall?",
)
def early_stopping_takes_nan_for_the_best(self, epoch, value, weights=None):
    delta = self.min_delta
    return _stop_with(self, epoch, value, weights, lambda a, b: not (a + delta >= b if self.mode == "min" else a - delta <= b))


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="The baseline is not used: any improvement resets the wait.",
    look="When does an improvement not set wait to 0?",
)
def early_stopping_ignores_the_baseline(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch, self.wait = value, epoch, 0
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="The baseline is the first best value, so nothing that fails to beat it ever becomes the best: neither best nor "
    "best_epoch says how far training came.",
    look="What does the docstring say about an improvement on best that does not beat the baseline?",
)
def early_stopping_starts_from_the_baseline(self, epoch, value, weights=None):
    if self.best is None:
        self.best = self.baseline
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch, self.wait = value, epoch, 0
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="A value becomes the best only if it beats the baseline too. Until one does, best and best_epoch say nothing of how "
    "far training came.",
    look="Which of step 2's two conditions decides about best, and which about the wait alone?",
)
def early_stopping_best_must_beat_the_baseline(self, epoch, value, weights=None):
    self.wait += 1
    better = self.best is None or self._improves(value, self.best)
    if better and (self.baseline is None or self._improves(value, self.baseline)):
        self.best, self.best_epoch, self.wait = value, epoch, 0
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="After the first epoch, a value becomes the best only if it beats the baseline too.",
    look="Which of step 2's two conditions decides about best, and which about the wait alone?",
)
def early_stopping_later_best_must_beat_the_baseline(self, epoch, value, weights=None):
    self.wait += 1
    beats = self.baseline is None or self._improves(value, self.baseline)
    if self.best is None or (self._improves(value, self.best) and beats):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if beats:
            self.wait = 0
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="All of step 2 but the return is done only where the value beats the baseline. Until one does, nothing is the best, "
    "every value "
    "is better than that, and training never stops.",
    look="Which lines of your function stand inside of the question about the baseline, and which of them belong there?",
)
def early_stopping_goes_on_until_the_baseline_is_beaten(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        if self.baseline is None or self._improves(value, self.baseline):
            self.best, self.best_epoch, self.wait = value, epoch, 0
            if self.restore_best_weights:
                self.best_weights = [array.copy() for array in weights]
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="The first epoch that is no improvement stops training: patience is not used.",
    look="Where do wait and patience meet in your code?",
)
def early_stopping_ignores_patience(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    self.stopped_epoch = epoch
    return True


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="Training is stopped only where wait equals patience. With patience 0 it is 1 at the first epoch without an improvement, and training "
    "is never stopped.",
    look="What is wait when patience is 0 and an epoch brings no improvement? Is == what step 3 of the stub says?",
)
def early_stopping_only_where_wait_equals_patience(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    if self.wait == self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text='In mode "max" the best so far begins at 0. Where all values are below 0, as a log-likelihood\'s are, no epoch ever becomes the best.',
    look="What does step 2 of the stub say of the first value?",
)
def early_stopping_begins_with_a_best_of_zero(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None and self.mode == "max":
        self.best = 0.0
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_epoch_end",
    text="It stops at the right epoch but never notes it: stopped_epoch stays 0.",
    look="Which attribute tells afterwards when training was stopped?",
)
def early_stopping_forgets_when_it_stopped(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = [array.copy() for array in weights]
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    return self.wait >= self.patience


@misconception(
    exercise="EarlyStopping.on_train_end",
    text="What you restore are the weights of the last epoch, as where the arrays themselves were kept, and not copies: training goes "
    "on changing them in place.",
    look="After `best = weights`, what happens to best when weights[0] is updated in place?",
    replaces="EarlyStopping.on_epoch_end",
)
def early_stopping_keeps_references(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = list(weights)
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False


@misconception(
    exercise="EarlyStopping.on_train_end",
    text="The weights are restored only where training was stopped early.",
    look="Can a training that ran to its end have its best epoch behind it? What does your code do then?",
)
def early_stopping_restores_only_after_a_stop(self, weights):
    if self.restore_best_weights and self.stopped_epoch > 0:
        for array, best in zip(weights, self.best_weights, strict=True):
            array[...] = best


@misconception(
    exercise="EarlyStopping.on_train_end",
    text="Weights are restored although nobody asked for it: restore_best_weights is not looked at.",
    look="What should happen to the weights with restore_best_weights=False?",
    replaces="EarlyStopping",
)
class early_stopping_always_restores:
    def __init__(self, patience=0, min_delta=0.0, mode="min", baseline=None, restore_best_weights=False):
        self.patience, self.min_delta, self.mode, self.baseline = patience, min_delta, mode, baseline
        self.on_train_begin()

    def on_train_begin(self):
        self.wait, self.best, self.best_epoch, self.best_weights, self.stopped_epoch = 0, None, 0, None, 0

    def _improves(self, value, number):
        return value + self.min_delta < number if self.mode == "min" else value - self.min_delta > number

    def on_epoch_end(self, epoch, value, weights=None):
        self.wait += 1
        if self.best is None or self._improves(value, self.best):
            self.best, self.best_epoch = value, epoch
            if weights is not None:
                self.best_weights = [array.copy() for array in weights]
            if self.baseline is None or self._improves(value, self.baseline):
                self.wait = 0
            return False
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            return True
        return False

    def on_train_end(self, weights):
        for array, best in zip(weights, self.best_weights or [], strict=False):
            array[...] = best


@misconception(
    exercise="EarlyStopping.on_train_end",
    text="The model's arrays keep the values of the last epoch. Another array put into the list, or bound to a name, changes "
    "nothing in the old one, which the model still holds.",
    look="What is the difference between weights[i] = best and weights[i][...] = best?",
)
def early_stopping_rebinds_the_weights(self, weights):
    if self.restore_best_weights:
        for i, best in enumerate(self.best_weights):
            weights[i] = best.copy()


@misconception(
    exercise="EarlyStopping.on_train_end",
    text="Copies are kept only of an epoch that beats the baseline too. Where none does, the weights of the first epoch are all there is to restore.",
    look="Which of the two conditions in on_epoch_end decides about the best epoch, and which about the wait only?",
    replaces="EarlyStopping.on_epoch_end",
)
def early_stopping_keeps_weights_only_below_the_baseline(self, epoch, value, weights=None):
    self.wait += 1
    if self.best is None or self._improves(value, self.best):
        if self.restore_best_weights and self.best is None:
            self.best_weights = [array.copy() for array in weights]
        self.best, self.best_epoch = value, epoch
        if self.baseline is None or self._improves(value, self.baseline):
            self.wait = 0
            if self.restore_best_weights:
                self.best_weights = [array.copy() for array in weights]
        return False
    if self.wait >= self.patience:
        self.stopped_epoch = epoch
        return True
    return False
