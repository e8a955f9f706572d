### Questions that the course answers, and the answers in short.

question-squared-error = Why is squared error used so much?
    .answer = It is smooth, its slope is the error itself, a linear model gets one bowl with one bottom, and with Gaussian noise its minimum is the most likely model.
question-descent = What does gradient descent do, and how could it reach the best minimum rather than the nearest?
    .answer = It steps against the slope again and again, and ends in the valley it began in. Several starts, momentum, the noise of small batches and a rate that falls slowly help to leave shallow valleys; nothing guarantees the deepest.
question-balance = What balances features of different size?
    .answer = Scaling: divide by the maximum, by the range around the mean, or by the standard deviation. The bowl gets round.
question-propagation = What are forward and back propagation?
    .answer = Forward: each layer's sums and bends, up to the loss. Back: the chain rule from the loss to every weight.
question-bias-variance = What are bias and variance?
    .answer = Bias: the gap from what is reachable to J of training. Variance: the gap from J of training to J of cross-validation.
question-features-that-matter = How does a network come to weigh the features that matter?
    .answer = A weight is pushed by the mean of error times feature. Where they go together the pushes add up; where they do not, they cancel.
question-hidden-neurons = How do hidden neurons come to specialise, and what differs in w and b between neurons of one layer?
    .answer = They start different at random, and each follows the error the others leave. w is the direction a neuron looks in; b, divided by the length of w, is how far out its cut lies.
question-updates = When are parameters updated: per batch or per epoch?
    .answer = After every batch; an epoch has as many updates as batches.
question-which-loss = Which losses exist, and when does each fit?
    .answer = For numbers: squared error, or MAE or Huber with outliers. For two classes: log loss or hinge. For several: cross-entropy.
question-flat-ends = Why do flat ends slow learning?
    .answer = The way back multiplies by g′(z) in every layer. On a flat end that is nearly zero.
question-hyperparameters = Which are the hyperparameters?
    .answer = Whatever training does not set: α and its schedule, λ, dropout, layers, units, activations, batch size, epochs, degree, the split.
