"""Right answers, put in one by one, by statements of different kinds."""

from collections import OrderedDict

answers = OrderedDict()
answers["why_no_steps"] = "slope"
answers["which_way"] = "minus"
answers["why_descent"] = "formula"
answers["convex"] = "anywhere"
answers["rate_curves"] = {}
answers["rate_curves"]["curve_a"] = "tiny"
answers["rate_curves"]["curve_b"] = "fitting"
answers["rate_curves"]["curve_c"] = "high"
answers["rate_curves"]["curve_d"] = "beyond"
answers["costly_update"] = "full"
answers["updates_in_epoch"] = 33
answers["one_step"] = 2.8 * (1 + 1e-9)
answers["recall_of_test"] = 0.6 * (1 + 1e-9)
answers["rare_fault"] = "split"
answers["stack_of_lines"] = "equal"
answers["whose_mean"] = "seen"
answers["two_boundaries"] = frozenset(["steadier", "train_acc"])
answers["outputs_and_losses"] = {}
answers["outputs_and_losses"]["temperature"] = ["linear", "mse"]
answers["outputs_and_losses"]["spam"] = ["sigmoid", "bce"]
answers["outputs_and_losses"]["digit_rows"] = ["softmax", "cce"]
answers["outputs_and_losses"]["digit_numbers"] = ["softmax", "scce"]
answers["outputs_and_losses"]["tags"] = ["sigmoid", "bce"]
answers["why_entropy"] = "pull"
answers["lost_sign"] = "worst"
answers["ten_classes"] = "compete"
answers["softmax_facts"] = frozenset(["order", "shift"])
answers["four_sigmoids"] = 0.00390625 * (1 + 1e-9)
answers["left_of_zero"] = "small"
answers["alive_on_left"] = ["elu", "leaky_relu", "softplus"] + ["elu"]
answers["entropy_value"] = 1.6094379124341003 * (1 + 1e-9)
answers.update(
    why_bend="A composition of linear maps is linear: x W1 W2 = x (W1 W2), so without activations depth adds nothing. A non-linear activation between the layers prevents this collapse. Task: XOR, or any two classes that no straight line separates. Must hold: the collapse, and a task that is not linearly separable."
)
answers["backprop_steps"] = "activate compare delta carry move".split()
answers["who_differentiates"] = "backprop"
answers["count_weights"] = 266610
answers["output_error"] = "a_y"
answers["bias_of_batch"] = "total"
answers["gradient_shapes"] = {}
answers["gradient_shapes"]["upstream"] = "s32x7"
answers["gradient_shapes"]["of_kernel"] = "s20x7"
answers["gradient_shapes"]["of_bias"] = "s7"
answers["gradient_shapes"]["of_x"] = "s32x20"
answers["paths_meet"] = "both"
answers["against_vanishing"] = ["normalize", "relu_he", "skip"] + ["normalize"]
answers["passes_to_check"] = 533220
answers.update(
    backprop_in_words="It receives the gradient of the loss with respect to its output. From it, and from its input kept in the forward pass, it computes the gradients of its own parameters, summed over the batch. It hands on the gradient with respect to its input, which is the upstream gradient of the layer before. Must hold: upstream gradient, the kept input, gradients of parameters, gradient of the input."
)
answers["all_zero"] = "kernels_stay"
answers["which_initializer"] = {}
answers["which_initializer"]["with_relu"] = "he"
answers["which_initializer"]["with_elu"] = "he"
answers["which_initializer"]["with_tanh"] = "glorot"
answers["which_initializer"]["with_selu"] = "lecun"
answers["glorot_number"] = 0.005 * (1 + 1e-9)
answers["momentum_and_scale"] = ["adam", "adamw", "nadam"] + ["adam"]
answers["second_sign"] = "no_root"
answers["two_with_momentum"] = -0.29 * (1 + 1e-9)
answers["first_steps"] = "warm"
answers["adagrad_late"] = "sum"
answers["look_ahead"] = "where"
answers["more_memory"] = "plain velocity adam amsgrad".split()
answers["one_cycle"] = "falling_momentum maximum recovery powers_of_ten".split()
answers["mse_curve"] = "about_35"
answers["less_overfit"] = ["dropout", "penalty", "rows", "stop"] + ["dropout"]
answers["kept_activation"] = 3.75 * (1 + 1e-9)
answers["dropout_predicts"] = "passes"
answers["norm_parameters"] = 200
answers["norm_predicts"] = "moving"
answers["bias_before_norm"] = "cancels"
answers["exact_zeros"] = "l1"
answers["clip_direction"] = "turned"
answers["keras_today"] = frozenset(["input_first", "rate_by_name"])
answers["selu_needs"] = ["alpha", "inputs", "lecun"] + ["alpha"]
answers["honest_workflow"] = "divide scale train choose report".split()
answers.update(
    what_next="It overfits. Reasonable orders put cheap things first: early stopping, L2 or dropout, a smaller network, more or augmented data. One change at a time, judged by the validation accuracy; the test rows are used once, at the end. Must hold: the diagnosis, three measures that fit it, judging by validation."
)
