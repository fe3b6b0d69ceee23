# %% [markdown]
# # Concepts
#
# Questions on all five lectures. Each has a name, in `this_type`, and so has each choice; an answer gives the names.
#
# | kind | an answer | points |
# | --- | --- | --- |
# | one choice | `"name"` | all or nothing |
# | every choice that is right | a list, `["name", "name"]` | right ticks less wrong ticks, not below 0, divided by how many are right, times the points, rounded down |
# | a number | `12.5`, in the unit that is given | all or nothing, within the tolerance that is given |
# | all in the right order | a list of all names | items that stand directly behind the one they belong behind, divided by all but one, times the points, rounded down |
# | match | a dict, `{"row": "name"}`, or `{"row": ["name", "name"]}` with a name for each column, in the order of the columns | a point for each row with every column right |
# | in your own words | `"text"` | read by a person |
#
# Spaces around a name and capitals do not matter, and a tuple or a set does for a list where the order does not matter. The order in
# which choices stand tells nothing. `grade quiz concepts.py` asks the same questions in the terminal and writes your answers into
# this file.

# %%
"""Concepts: answers to the questions, by their names."""

# %% [markdown]
# ## Neurons and gradient descent

# %% [markdown]
# ### 1. Why threshold units are not trained by gradient descent
#
# `why_no_steps` · one choice · 1 point
#
# A network of units with the Heaviside step as activation classifies well once its weights are right. Why does nobody find those
# weights by gradient descent?
#
# - `range`: The outputs 0 and 1 are too far apart for a loss to be defined.
# - `linear`: With step units every stack of layers is the same as one linear layer.
# - `slope`: Almost everywhere the loss does not change when a weight changes a little.
# - `cost`: A step costs more to compute than a sigmoid.

# %% [markdown]
# ### 2. The direction of a step
#
# `which_way` · one choice · 1 point
#
# At the present weights the gradient of the loss is computed. A step of gradient descent moves the weights...
#
# - `straight`: straight towards the minimum, whose place the gradient tells.
# - `plus`: along the gradient, because it points to the minimum.
# - `across`: at right angles to the gradient, along a line of equal loss.
# - `minus`: against the gradient, because there the loss falls fastest.

# %% [markdown]
# ### 3. Why gradient descent
#
# `why_descent` · one choice · 1 point
#
# For linear regression a formula gives the best weights at once. Why are networks trained by gradient descent instead?
#
# - `grid`: It needs fewer evaluations than trying all weights on a grid, and comes to the same weights.
# - `memory`: A formula needs the whole training set, and gradient descent never does.
# - `formula`: Setting the gradient to 0 gives equations that cannot be solved for the weights.
# - `global`: Gradient descent finds the global minimum, which a formula could miss.

# %% [markdown]
# ### 4. What convexity gives
#
# `convex` · one choice · 1 point
#
# The loss of a logistic neuron is convex in its weights; that of a network with hidden layers is not. What does convexity give?
#
# - `any_rate`: Gradient descent converges with every positive learning rate.
# - `no_overfit`: The model cannot overfit.
# - `anywhere`: Every local minimum is a global one, so any start may lead to the best result.
# - `one_step`: The minimum is reached in one step, as the gradient points straight at it.

# %% [markdown]
# ### 5. Reading four learning curves
#
# `rate_curves` · match · 4 points
#
# The same model was trained four times from the same start; only the learning rate differs. Match each curve with its learning rate.
#
# ![Four curves of training loss against the epoch, 0 to 40, all starting at loss 1, on a logarithmic axis from 0.0001 to 100. Curve A falls in a straight line, very slowly, to 0.67 at epoch 40. Curve B falls in a straight, steep line to 0.0001 at epoch 36. Curve C jumps up and down from epoch to epoch by a factor of 2 and more, each jump a little lower than the one before, and is at 0.02 at epoch 40. Curve D rises in every epoch and leaves the top of the picture at epoch 22.](figures/learning_rates.svg)
#
# Rows:
#
# - `curve_a`: Curve A
# - `curve_b`: Curve B
# - `curve_c`: Curve C
# - `curve_d`: Curve D
#
# Learning rate:
#
# - `beyond`: so large that training diverges
# - `tiny`: far too small
# - `high`: too large, though the loss still falls
# - `fitting`: about right

# %% [markdown]
# ### 6. The most expensive update
#
# `costly_update` · one choice · 1 point
#
# Training on 60,000 images: which kind of gradient descent computes most for a **single update** of the weights?
#
# - `stochastic`: stochastic gradient descent, one image at a time
# - `full`: full-batch gradient descent
# - `mini`: mini-batch gradient descent with batches of 32
# - `same`: all the same, as an epoch looks at every image once

# %% [markdown]
# ### 7. Updates in an epoch
#
# `updates_in_epoch` · a number · 2 points
#
# A training set has 1,050 samples, the batch size is 32, and the last, short batch is used too. How many updates does one epoch make?
#
# Unit: updates.
#
# Counted as right: exact (a count is exact).

# %% [markdown]
# ### 8. One step by hand
#
# `one_step` · a number · 2 points
#
# A neuron without bias and activation predicts x * w. The loss of a sample is (x * w - y) squared. With w = 1, learning rate 0.05
# and the sample x = 3, y = 9: what is w after one step of gradient descent?
#
# Counted as right: within 0.001 (three decimals are enough).

# %% [markdown]
# ### 9. Recall
#
# `recall_of_test` · a number · 2 points
#
# A test for a fault finds it in 30 of the 50 machines that have it, and also reports 10 of the 150 machines that do not. What is its
# recall?
#
# Counted as right: within 0.001 (three decimals are enough).

# %% [markdown]
# ### 10. A rare class
#
# `rare_fault` · one choice · 1 point
#
# One in a hundred messages is fraud. A classifier that calls **every** message honest is evaluated. What do its numbers look like?
#
# - `split`: accuracy 0.99, recall of fraud 0
# - `one_recall`: accuracy 0.99, recall of fraud 1
# - `both_low`: accuracy 0.01, recall of fraud 0
# - `both_high`: accuracy 0.99, recall of fraud 0.99

# %% [markdown]
# ### 11. Three linear layers
#
# `stack_of_lines` · one choice · 1 point
#
# Three dense layers without activation, of 50, 20 and 1 units, follow one another. Compared with a single dense layer of 1 unit, this
# network can represent...
#
# - `equal`: exactly the same functions.
# - `more`: more functions, as it has many more weights.
# - `kinks`: functions with up to 70 kinks, one for each hidden unit.
# - `cubic`: polynomials up to degree 3, one degree a layer.

# %% [markdown]
# ### 12. Standardizing the test set
#
# `whose_mean` · one choice · 1 point
#
# Features are standardized before training. With which mean and standard deviation are the **test** rows standardized?
#
# - `seen`: those of the training rows
# - `own`: those of the test rows
# - `pooled`: those of all rows together
# - `none`: none: test rows stay as they are, so that the test is honest

# %% [markdown]
# ### 13. Reading two decision boundaries
#
# `two_boundaries` · every choice that is right · 2 points
#
# Two networks were trained on the same points, and each panel shows one's decision boundary. Which statements does the picture support?
#
# ![Two panels with the same 60 training points of two classes, discs and crosses, which overlap a little in the middle. In the left panel the boundary is a gently bent line from the top to the bottom; three discs and four crosses lie on the wrong side of it. In the right panel the boundary winds between the points, with sharp bends: it has a narrow bay around one cross that lies among discs, a spur that reaches out to one disc among crosses, and a closed island around another single disc far inside the crosses. No point lies on the wrong side of it.](figures/decision_boundaries.svg)
#
# - `new_points`: The network on the right is the better one for new points, since it makes no mistake.
# - `train_acc`: The network on the right has the higher accuracy on the training points.
# - `no_activation`: Both networks could do without activation functions.
# - `steadier`: Drawing the training points anew would change the boundary on the right more.
# - `fewer_units`: The network on the left would do better with fewer hidden units, as it still makes mistakes.

# %% [markdown]
# ## Activations and losses

# %% [markdown]
# ### 14. Problem, output activation, loss
#
# `outputs_and_losses` · match · 5 points
#
# Match each problem with the activation of the output layer and the loss that belong to it, as Keras names them. A choice may serve
# more than once.
#
# Rows:
#
# - `temperature`: Tomorrow's temperature in degrees
# - `spam`: Spam or not, labels 0 and 1, one output unit
# - `digit_rows`: One of ten digits, labels as rows such as [0, 0, 1, 0, ...]
# - `digit_numbers`: One of ten digits, labels as the numbers 0 to 9
# - `tags`: Any number of 20 tags for a photo, labels as rows of 0 and 1
#
# Output activation:
#
# - `sigmoid`: sigmoid
# - `softmax`: softmax
# - `linear`: none (linear)
# - `relu`: ReLU
#
# Loss:
#
# - `cce`: categorical_crossentropy
# - `mse`: mean_squared_error
# - `bce`: binary_crossentropy
# - `scce`: sparse_categorical_crossentropy

# %% [markdown]
# ### 15. Why cross-entropy on a sigmoid
#
# `why_entropy` · one choice · 1 point
#
# For a sigmoid output, cross-entropy trains better than squared error. What is the main reason?
#
# - `accuracy`: Its value is the share of samples that are classified wrongly.
# - `bounded`: It is bounded, so that a single mislabelled sample cannot dominate.
# - `convexity`: It makes the loss of a deep network convex in its weights.
# - `pull`: Where the output is surely wrong its gradient at the logit stays large.

# %% [markdown]
# ### 16. Cross-entropy without its minus sign
#
# `lost_sign` · one choice · 1 point
#
# On a slide binary cross-entropy is printed as y log(p) + (1 - y) log(1 - p), without a minus in front. What does gradient **descent**
# on the printed formula do?
#
# - `nothing`: The same as with the minus, as a constant factor does not move the minimum.
# - `halt`: It stops with an error, as the loss is negative.
# - `worst`: It makes the predictions as wrong as they can be.
# - `half`: It draws all predictions to 0.5, where both logarithms balance.

# %% [markdown]
# ### 17. Output activation for one of many classes
#
# `ten_classes` · one choice · 1 point
#
# A network chooses exactly one of ten classes. Why is its output activation softmax rather than ten sigmoids?
#
# - `sharper`: Softmax always gives one output of 1 and nine of 0, which is the decision.
# - `compete`: The ten outputs are to be one distribution: not negative, with sum 1.
# - `speed`: One softmax has fewer weights than ten sigmoids.
# - `range`: Sigmoids could give outputs outside of 0 to 1.

# %% [markdown]
# ### 18. What is true of softmax
#
# `softmax_facts` · every choice that is right · 2 points
#
# Which statements are true of the softmax of a row of logits?
#
# - `columns`: In a batch of rows each column adds up to 1.
# - `alone`: Raising one logit leaves the other probabilities as they are.
# - `order`: The largest logit has the largest probability.
# - `scale`: Doubling every logit changes nothing.
# - `shift`: Adding 5 to every logit changes nothing.

# %% [markdown]
# ### 19. A gradient through four sigmoids
#
# `four_sigmoids` · a number · 2 points
#
# A gradient passes back through a chain of four sigmoids, with all weights 1. What is the largest factor by which the four sigmoids
# together can multiply it?
#
# Counted as right: within 0.0001 (four decimals are enough).

# %% [markdown]
# ### 20. Softplus and ReLU on the left
#
# `left_of_zero` · one choice · 1 point
#
# Softplus looks like a smooth ReLU. How do the derivatives of the two compare at x = -3?
#
# - `both_one`: Both are 1, as both functions end in the line y = x.
# - `negative`: ReLU's is 0; softplus's is negative.
# - `small`: ReLU's is 0; softplus's is small and positive.
# - `both_zero`: Both are 0, as both functions vanish on the left.

# %% [markdown]
# ### 21. Which activations keep learning on the left
#
# `alive_on_left` · every choice that is right · 2 points
#
# A unit's input is negative, say -2, for every sample. With which activations does its weight vector still receive a gradient that
# is not 0?
#
# - `relu`: ReLU
# - `softplus`: softplus
# - `heaviside`: the Heaviside step
# - `leaky_relu`: leaky ReLU
# - `elu`: ELU

# %% [markdown]
# ### 22. The cross-entropy of one sample
#
# `entropy_value` · a number · 2 points
#
# A softmax gives the true class of a sample the probability 0.2. What is the categorical cross-entropy of this sample, as Keras
# computes it?
#
# Counted as right: within 0.005 (two decimals are enough).

# %% [markdown]
# ### 23. Why a network needs activations that bend
#
# `why_bend` · in your own words · read by a person
#
# Explain in three or four sentences to a fellow student why a deep network needs activations that are not linear, and give one task
# that cannot be done without them.

# %% [markdown]
# ## Layers and backpropagation

# %% [markdown]
# ### 24. The steps of backpropagation
#
# `backprop_steps` · all in the right order · 4 points
#
# Put the steps of one training step of a network with one hidden layer in order.
#
# - `compare`: Compute the loss from the output and the label.
# - `carry`: Carry the error back through the output layer's weights, and compute the gradient of the hidden layer's weights.
# - `move`: Move all weights by the learning rate times their gradients.
# - `delta`: Compute the error of the output units, and from it the gradient of the output layer's weights.
# - `activate`: Compute the activations of the hidden layer and of the output layer, and keep them.

# %% [markdown]
# ### 25. Who computes the gradients
#
# `who_differentiates` · one choice · 1 point
#
# A model is trained with Adam. Which part of the training computes the gradients of the loss with respect to the weights?
#
# - `differences`: finite differences: every weight is moved a little and the loss compared
# - `optimizer`: Adam: an optimizer implements backpropagation
# - `backprop`: backpropagation; Adam receives its result
# - `loss`: the loss function: its value for each weight is the gradient

# %% [markdown]
# ### 26. Parameters of a network
#
# `count_weights` · a number · 2 points
#
# A network for images of 28 x 28 pixels has two hidden dense layers of 300 and 100 units and an output layer of 10 units, all with
# biases. How many parameters are trained?
#
# Unit: parameters.
#
# Counted as right: exact (a count is exact).

# %% [markdown]
# ### 27. The sign of the output's error
#
# `output_error` · one choice · 1 point
#
# The output unit is a sigmoid with activation a, the label is y, and the loss is the binary cross-entropy. Weights are updated by
# w = w - rate * gradient. What is the derivative of the loss with respect to the output unit's logit?
#
# - `a_y`: a - y
# - `y_a`: y - a
# - `ratio`: -y / a + (1 - y) / (1 - a)
# - `with_slope`: (a - y) a (1 - a)

# %% [markdown]
# ### 28. The gradient of a bias
#
# `bias_of_batch` · one choice · 1 point
#
# A dense layer receives an upstream gradient of shape (batch, units), in which the loss's division by the batch size is already
# contained. What is the gradient of its bias?
#
# - `whole`: the upstream gradient itself
# - `across`: the sum of the upstream gradient over the units
# - `total`: the sum of the upstream gradient over the batch
# - `average`: the mean of the upstream gradient over the batch

# %% [markdown]
# ### 29. Shapes in the backward pass
#
# `gradient_shapes` · match · 4 points
#
# A dense layer with 7 units gets a batch x of shape (32, 20). Match what occurs in its backward pass with its shape.
#
# Rows:
#
# - `upstream`: the upstream gradient
# - `of_kernel`: the gradient of the kernel
# - `of_bias`: the gradient of the bias
# - `of_x`: the gradient of x
#
# Shape:
#
# - `s20`: (20,)
# - `s7`: (7,)
# - `s20x7`: (20, 7)
# - `s32x7`: (32, 7)
# - `s32x20`: (32, 20)
# - `s7x20`: (7, 20)

# %% [markdown]
# ### 30. Where two paths meet
#
# `paths_meet` · one choice · 1 point
#
# In a network with a skip connection the input x goes both through two hidden layers and around them, and both reach the output. How
# is the gradient of the loss with respect to x found?
#
# - `both`: as the sum of the gradients that come back along the two paths
# - `mean`: as the mean of the gradients of the two paths
# - `short`: from the short path alone, as it is the stronger one
# - `product`: as the product of the gradients of the two paths

# %% [markdown]
# ### 31. Against vanishing gradients
#
# `against_vanishing` · every choice that is right · 3 points
#
# A network of 20 layers with sigmoids in all hidden layers learns next to nothing in its first layers. Which changes go to the root of
# it?
#
# - `small_rate`: a smaller learning rate, so that training is stable
# - `deeper`: ten layers more, to give the gradient more room
# - `relu_he`: ReLU and He initialization in the hidden layers
# - `normalize`: batch normalization between the layers
# - `skip`: skip connections
# - `big_batch`: larger batches, so that the gradient is known more exactly

# %% [markdown]
# ### 32. The cost of a numerical gradient
#
# `passes_to_check` · a number · 2 points
#
# The gradient of a network with 266,610 parameters is to be checked by central differences, all parameters one by one. How many times
# is the loss computed?
#
# Unit: evaluations.
#
# Counted as right: exact (a count is exact).

# %% [markdown]
# ### 33. Backpropagation in words
#
# `backprop_in_words` · in your own words · read by a person
#
# Explain in four or five sentences, without formulas, what a layer does in the backward pass: what it receives, what it has to
# remember from the forward pass, and what it gives back.

# %% [markdown]
# ## Initializers, optimizers, schedules

# %% [markdown]
# ### 34. Weights that begin at 0
#
# `all_zero` · one choice · 1 point
#
# All kernels and biases of a network with one hidden layer of 50 tanh units and a sigmoid output are set to 0 before training. What
# happens?
#
# - `kernels_stay`: The kernels never change; at most the output's bias learns.
# - `explode`: The gradients explode, as the activations are divided by 0.
# - `slow`: It learns as always, only the first epochs are slow.
# - `apart`: Each hidden unit soon learns a feature of its own, as each gets its own gradient.

# %% [markdown]
# ### 35. An initializer for an activation
#
# `which_initializer` · match · 4 points
#
# Which initializer is made for hidden layers with this activation? A choice may serve more than once.
#
# Rows:
#
# - `with_relu`: ReLU
# - `with_elu`: ELU
# - `with_tanh`: tanh
# - `with_selu`: SELU
#
# Initializer:
#
# - `zeros`: zeros
# - `glorot`: Glorot: variance 2 / (fan_in + fan_out)
# - `lecun`: LeCun: variance 1 / fan_in
# - `he`: He: variance 2 / fan_in

# %% [markdown]
# ### 36. Glorot's variance
#
# `glorot_number` · a number · 2 points
#
# A dense layer has 300 inputs and 100 units. Which variance does Glorot initialization give its weights?
#
# Counted as right: within 1e-05 (five decimals are enough).

# %% [markdown]
# ### 37. Momentum and an adaptive rate
#
# `momentum_and_scale` · every choice that is right · 2 points
#
# Which optimizers, with Keras's defaults, have both: a running mean of gradients (momentum), and a step that is scaled for each
# parameter by the size of its gradients?
#
# - `nadam`: Nadam
# - `rmsprop`: RMSprop
# - `adamw`: AdamW
# - `adagrad`: Adagrad
# - `adam`: Adam
# - `sgd_nesterov`: SGD with Nesterov momentum

# %% [markdown]
# ### 38. A sign in RMSprop
#
# `second_sign` · one choice · 1 point
#
# A slide prints RMSprop's running mean as s = b * s - (1 - b) * g * g, with a minus. s begins at 0. What goes wrong with the first step
# if one programs what is printed?
#
# - `no_root`: s is negative, and its square root is not a number.
# - `no_change`: Nothing, as g is squared and its sign does not matter.
# - `smaller`: The step is a little too small; it works otherwise.
# - `uphill`: The step goes uphill, as the minus turns it around.

# %% [markdown]
# ### 39. Two steps with momentum
#
# `two_with_momentum` · a number · 2 points
#
# Keras's SGD with learning rate 0.1 and momentum 0.9 starts at w = 0 with velocity 0, and the gradient is 1 in every step. What is w
# after two steps?
#
# Counted as right: within 0.001 (three decimals are enough).

# %% [markdown]
# ### 40. Adam's bias correction
#
# `first_steps` · one choice · 1 point
#
# Adam divides its two running means by `1 - beta**t`. What for?
#
# - `zero_division`: To keep the denominator away from 0.
# - `warm`: They begin at 0, and are too small in the first steps.
# - `bias_vector`: To treat the biases of a layer in another way than its kernel.
# - `decay`: To make the learning rate decay as training goes on.

# %% [markdown]
# ### 41. Adagrad after a long time
#
# `adagrad_late` · one choice · 1 point
#
# Adagrad trains well at first and then hardly moves, though the minimum is not reached. Why?
#
# - `sum`: Its sum of squared gradients only grows, so its steps only shrink.
# - `forgets`: Its running mean forgets old gradients too soon.
# - `momentum`: Its momentum carries it around the minimum in circles.
# - `schedule`: It lowers its learning rate by a schedule, epoch by epoch.

# %% [markdown]
# ### 42. Nesterov's idea
#
# `look_ahead` · one choice · 1 point
#
# What does Nesterov's method do in another way than plain momentum?
#
# - `adapt`: It gives each parameter a learning rate of its own.
# - `twice`: It takes two gradients in each step and uses their mean.
# - `curve`: It uses second derivatives to find the length of a step.
# - `where`: It takes the gradient at the place where the velocity is about to lead.

# %% [markdown]
# ### 43. How much an optimizer keeps
#
# `more_memory` · all in the right order · 3 points
#
# Order these optimizers by how many arrays of state they keep for each parameter array, the fewest first.
#
# - `velocity`: SGD with momentum
# - `amsgrad`: Adam with amsgrad=True
# - `adam`: Adam
# - `plain`: SGD

# %% [markdown]
# ### 44. The course of 1cycle
#
# `one_cycle` · all in the right order · 3 points
#
# Put the phases of a 1cycle schedule in order.
#
# - `recovery`: The learning rate returns to where it began, and so does momentum.
# - `maximum`: The learning rate is at its maximum, momentum at its minimum.
# - `powers_of_ten`: In a last stretch the learning rate falls by several powers of ten.
# - `falling_momentum`: The learning rate grows from a tenth of its maximum, while momentum falls.

# %% [markdown]
# ## Regularization, normalization, practice

# %% [markdown]
# ### 45. Reading a curve of the mean squared error
#
# `mse_curve` · one choice · 1 point
#
# A network was trained for 100 epochs, and its weights at the end of each epoch were kept. Which weights would you use, and why?
#
# ![Mean squared error against the epoch, 0 to 100. The line for the training rows falls all the way, quickly from 1.0 to 0.3 until epoch 20, and then more and more slowly to 0.06 at epoch 100. The line for the validation rows falls from 1.05 at the start to 0.69 at epoch 5, to 0.4 at epoch 20 and to 0.38 at epoch 35; it is 0.40 at epoch 50, and rises on to 0.62 at epoch 100.](figures/overfitting_curve.svg)
#
# - `bigger`: none of them: the network underfits and needs more units
# - `about_35`: those of about epoch 35: later it learns what holds for these rows only
# - `at_100`: those of epoch 100: the error on the training rows is smallest there
# - `go_on`: none of them: the training error still falls, so it has to be trained longer
# - `at_5`: those of about epoch 5: there the two lines are closest together

# %% [markdown]
# ### 46. Against overfitting
#
# `less_overfit` · every choice that is right · 4 points
#
# A network fits its training rows perfectly and does badly on the validation rows. Which changes may help?
#
# - `no_validation`: training on the validation rows as well, and reporting the error on them
# - `stop`: early stopping
# - `wider`: twice as many hidden units
# - `longer`: twice as many epochs
# - `rows`: more training rows
# - `penalty`: an L2 penalty on the kernels
# - `dropout`: dropout after the hidden layers

# %% [markdown]
# ### 47. What dropout makes of an activation
#
# `kept_activation` · a number · 2 points
#
# Keras's `Dropout(0.2)` is in use during training. An activation of 3 is not dropped. What does the layer put out in its place?
#
# Counted as right: within 0.001 (three decimals are enough).

# %% [markdown]
# ### 48. Dropout when predicting
#
# `dropout_predicts` · one choice · 1 point
#
# Texts on dropout differ. What does a `Dropout` layer of Keras do when `predict` is called?
#
# - `weights`: It multiplies by the keep probability, as more units are active than in training.
# - `drops`: It drops at random as in training, so that both are alike.
# - `divides`: It divides by the keep probability, to make up for what was dropped.
# - `passes`: Nothing: it scaled in training, and now hands on what it gets.

# %% [markdown]
# ### 49. What batch normalization trains
#
# `norm_parameters` · a number · 2 points
#
# A `BatchNormalization` layer with Keras's defaults follows a layer of 100 units. How many of its parameters are changed by the
# optimizer?
#
# Unit: parameters.
#
# Counted as right: exact (a count is exact).

# %% [markdown]
# ### 50. Batch normalization when predicting
#
# `norm_predicts` · one choice · 1 point
#
# With which mean and variance does batch normalization work when predicting?
#
# - `current`: with those of the batch that is predicted
# - `learned`: with gamma and beta, which the optimizer has learned for this
# - `moving`: with running averages that were collected in training
# - `fixed`: with 0 and 1, as the inputs were standardized

# %% [markdown]
# ### 51. A dense layer before batch normalization
#
# `bias_before_norm` · one choice · 1 point
#
# Why is a dense layer that is directly followed by batch normalization often built with `use_bias=False`?
#
# - `forbidden`: Keras refuses to normalize the output of a layer that has a bias.
# - `speed`: Without biases the gradients of the kernel are larger, which speeds training up.
# - `cancels`: Whatever the bias adds is subtracted again with the mean.
# - `unstable`: A bias would make the variance of the batch infinite.

# %% [markdown]
# ### 52. A penalty that makes zeros
#
# `exact_zeros` · one choice · 1 point
#
# Which penalty drives many weights to exactly 0, and why?
#
# - `both`: L1 and L2 alike: both are smallest when all weights are 0.
# - `dropout`: Dropout: what it drops is 0.
# - `l2`: L2: it punishes with the square, which is the stronger punishment.
# - `l1`: L1: its pull towards 0 does not weaken as a weight gets small.

# %% [markdown]
# ### 53. Two ways of clipping
#
# `clip_direction` · one choice · 1 point
#
# The gradient is [0.9, 100]. What is the difference between clipping by value at 1 and clipping by norm at 1?
#
# - `same`: None, as both give entries of at most 1.
# - `zeroed`: By value the entry of 100 is set to 0, by norm it is set to 1.
# - `swapped`: By norm the direction changes, by value it is kept.
# - `turned`: By value the direction changes, by norm it is kept.

# %% [markdown]
# ### 54. What Keras 3 takes
#
# `keras_today` · every choice that is right · 2 points
#
# Older texts and slides show code that is gone. Which of these does Keras 3 take without an error or a warning?
#
# - `rate_by_name`: `keras.optimizers.SGD(learning_rate=0.1)`
# - `wrapper`: `keras.wrappers.scikit_learn.KerasRegressor(build)`
# - `lr_by_name`: `keras.optimizers.SGD(lr=0.1)`
# - `decay_by_name`: `keras.optimizers.Adam(learning_rate=0.001, decay=0.01)`
# - `input_first`: `keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(10)])`

# %% [markdown]
# ### 55. What a self-normalizing network needs
#
# `selu_needs` · every choice that is right · 3 points
#
# A network of dense layers with SELU is to keep mean 0 and variance 1 by itself. What belongs to this recipe?
#
# - `alpha`: AlphaDropout, if there is to be dropout
# - `inputs`: standardized inputs
# - `he`: He initialization
# - `lecun`: LeCun normal initialization
# - `batch_norm`: a batch normalization after each layer
# - `plain_dropout`: ordinary dropout, if there is to be dropout

# %% [markdown]
# ### 56. From raw data to an honest number
#
# `honest_workflow` · all in the right order · 4 points
#
# Put these steps in the order in which an honest test error is reached.
#
# - `choose`: Choose the model with the smallest error on the validation rows.
# - `divide`: Divide the rows into training, validation and test rows.
# - `scale`: Compute mean and standard deviation of the training rows, and standardize all rows with them.
# - `report`: Compute the chosen model's error on the test rows, once.
# - `train`: Train several models on the training rows.

# %% [markdown]
# ### 57. What to do next
#
# `what_next` · in your own words · read by a person
#
# Your classifier has an accuracy of 0.99 on its training rows and 0.71 on the validation rows. Name what is wrong, three things that you
# would try, in which order, and how you would know that one of them helped.

# %% [markdown]
# ## Your answers
#
# Replace each `...` by your answer; what is left open is to do, and not wrong.

# %%
answers = {
    "why_no_steps": ...,
    "which_way": ...,
    "why_descent": ...,
    "convex": ...,
    "rate_curves": ...,
    "costly_update": ...,
    "updates_in_epoch": ...,
    "one_step": ...,
    "recall_of_test": ...,
    "rare_fault": ...,
    "stack_of_lines": ...,
    "whose_mean": ...,
    "two_boundaries": ...,
    "outputs_and_losses": ...,
    "why_entropy": ...,
    "lost_sign": ...,
    "ten_classes": ...,
    "softmax_facts": ...,
    "four_sigmoids": ...,
    "left_of_zero": ...,
    "alive_on_left": ...,
    "entropy_value": ...,
    "why_bend": ...,
    "backprop_steps": ...,
    "who_differentiates": ...,
    "count_weights": ...,
    "output_error": ...,
    "bias_of_batch": ...,
    "gradient_shapes": ...,
    "paths_meet": ...,
    "against_vanishing": ...,
    "passes_to_check": ...,
    "backprop_in_words": ...,
    "all_zero": ...,
    "which_initializer": ...,
    "glorot_number": ...,
    "momentum_and_scale": ...,
    "second_sign": ...,
    "two_with_momentum": ...,
    "first_steps": ...,
    "adagrad_late": ...,
    "look_ahead": ...,
    "more_memory": ...,
    "one_cycle": ...,
    "mse_curve": ...,
    "less_overfit": ...,
    "kept_activation": ...,
    "dropout_predicts": ...,
    "norm_parameters": ...,
    "norm_predicts": ...,
    "bias_before_norm": ...,
    "exact_zeros": ...,
    "clip_direction": ...,
    "keras_today": ...,
    "selu_needs": ...,
    "honest_workflow": ...,
    "what_next": ...,
}
