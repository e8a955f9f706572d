### What a lesson is called, its question, its challenges and hints, and the runs it compares.

section-A = Regression
section-B = Classification
section-C = Neural networks
section-D = Convolutional networks
section-E = Detection
section-F = Making a model better

# A1
lab-cost-function = The cost function
    .question = How does one number say how wrong a line is, and why are errors squared?
    .bottom = Drag the ball to where J of training is at most 0.02.
    .bottom-hint = Blue is low. Zoom in with + when you are near.

# A2
lab-gradient-descent = Gradient descent
    .question = What does gradient descent do, and how could it reach the best minimum rather than the nearest?
    .down = Reach J of training at most 0.02 within 60 steps.
    .down-hint = α near 0.1 is fast and still safe. Reset, then step.
    .race = Run the race and find the two runs that differ only in the order of the updates.
    .race-hint = Press +10 a few times and compare the colours.
    .run-1 = α = 0.005
    .run-2 = α = 0.1
    .run-3 = α = 0.1, w before b
    .run-4 = α = 0.16

# A3
lab-feature-scaling = Feature scaling
    .question = What balances features of different size?
    .few = Reach J of training at most 0.0045 within 300 steps.
    .few-hint = Choose z-score, reset, and step.
    .race = Run the four side by side.
    .race-hint = { CONTROL("compare_run") } stands below the chart.
    .run-1 = none
    .run-2 = x / max
    .run-3 = mean normalisation
    .run-4 = z-score

# A4
lab-normal-equation = The normal equation
    .question = Can one jump to the bottom without walking?
    .solve = Solve it, and look at the rank and the condition.
    .solve-hint = The panel { CONTROL("regression") } has the button.
    .time = Measure how its time grows with n.
    .time-hint = It takes a few seconds; the curve comes point by point.

# A5
lab-multiple-regression = Multiple linear regression
    .question = How does a model come to weigh the features that matter?
    .fit = Reach R² ≥ 0.55 on cross-validation.
    .fit-hint = With z-score a few hundred steps do it, or solve it.

# A6
lab-polynomial-regression = Polynomial regression
    .question = How does a line learn to bend, and how far should it?
    .sweep = Sweep the degree from 1 to 15.
    .sweep-hint = { CONTROL("sweep_run") } below the network. Log J shows the turn best.
    .choose = Take the degree with the lowest J of cross-validation into the run.
    .choose-hint = It is marked in the list under the chart.

# B1
lab-logistic-regression = Logistic regression
    .question = How does a line become a yes or no?
    .train = Reach 90% accuracy on cross-validation.
    .train-hint = Play; with little overlap it is quick.
    .recall = Move the threshold until no more than one in a hundred is missed (recall ≥ 99% on cross-validation).
    .recall-hint = Lower it.

# B2
lab-why-not-squared-error = Why not squared error here
    .question = Squared error worked for prices. Why not for yes and no?
    .race = Run both and see which one gets away.
    .race-hint = { CONTROL("compare_run") } below the chart; wait for a few hundred steps.
    .free = Free the run shown: accuracy of training at least 90%.
    .free-hint = Change its loss, or drag the ball off the flat.
    .run-1 = squared error
    .run-2 = log loss

# B3
lab-polynomial-boundary = A boundary that bends
    .question = Can a linear model separate a disc from a ring?
    .ring = Reach 95% on cross-validation without any hidden layer.
    .ring-hint = Squares of both inputs are enough.

# B4
lab-perceptron = The perceptron
    .question = What could the first neuron learn, and what could it never?
    .and = Train it without a mistake.
    .and-hint = And is easy: press { CONTROL("play") }.
    .xor = Solve exclusive or. You may add a hidden layer and change the activation and the loss.
    .xor-hint = Choose exclusive or, then press the remedy that the page offers, and play.

# B5
lab-softmax-regression = Softmax regression
    .question = How does a model choose among several classes?
    .five = Reach 97% on cross-validation with five clouds.
    .five-hint = Choose five clouds and play.

# C1
lab-layers-and-neurons = Layers and neurons
    .question = How do hidden neurons come to specialise?
    .three = Reach 95% on cross-validation with at most three hidden neurons.
    .three-hint = Three cuts make a triangle around the disc. If it gets stuck, start from other weights.

# C2
lab-activations = Activations
    .question = Why must a neuron bend, and why do flat ends slow learning?
    .race = Run the four nets and compare the first layer's gradient.
    .race-hint = { CONTROL("compare_run") }; the bars are on a logarithmic scale.
    .deep = Get 95% on cross-validation with at least five layers.
    .deep-hint = Change all hidden layers to ReLU: the page offers it as a remedy when gradients vanish.
    .run-1 = sigmoid
    .run-2 = tanh
    .run-3 = ReLU
    .run-4 = linear

# C3
lab-propagation = Forward and back propagation
    .question = What are forward and back propagation, number by number?
    .through = Step through to the update.
    .through-hint = { CONTROL("prop_next") }, or let it play.

# C4
lab-define-compile-fit = Define, compile, fit
    .question = How does one say all this in code?
    .fit = Fit it until 95% on cross-validation.
    .fit-hint = Press “Fit”.
    .copy = Copy the code.
    .copy-hint = The button stands beside its title.

# C5
lab-epochs-batches = Epochs and batches
    .question = When are the parameters updated: per batch or per epoch?
    .race = Let the three race.
    .race-hint = Press +1 a few times, then +10.
    .epoch = Reach J of training ≤ 0.025 within two epochs.
    .epoch-hint = Single examples make the most of an epoch.
    .run-1 = full batch
    .run-2 = batches of 10
    .run-3 = single examples

# C6
lab-optimisers = Optimisers
    .question = Can one go down better than straight down?
    .race = Run the race.
    .race-hint = +100 a few times, and compare who has reached the floor's end.
    .fast = Leave the cottages unscaled and bring this run below J = 0.02 in at most 80 steps.
    .fast-hint = Adam at α = 0.2 needs more. RMSprop with a larger α, momentum, or Adam with a larger α; plain SGD crawls along the floor.
    .run-1 = SGD
    .run-2 = momentum
    .run-3 = RMSprop
    .run-4 = Adam
    .run-5 = Adagrad

# C7
lab-initialisation = Initialisation and symmetry
    .question = Why may weights not start at zero?
    .start = Break the symmetry: 95% on cross-validation.
    .start-hint = Glorot, then play.
    .race = Race five ways to start.
    .race-hint = { CONTROL("compare_run") } in the comparison.
    .run-1 = zeros
    .run-2 = small normal
    .run-3 = Glorot
    .run-4 = He
    .run-5 = too large

# C8
lab-losses = Losses
    .question = Which losses exist, and when does each fit?
    .robust = Bring the mean absolute error of training below 0.5.
    .robust-hint = Choose the loss that does not run after outliers.

# C9
lab-autoencoder = Autoencoder
    .question = How few numbers can a picture be squeezed into?
    .walk = Find a place of the latent plane that decodes to something between two digits.
    .walk-hint = Move the pointer over the plane, or walk there with the arrow keys.
    .wide = Bring the cross-validation error below 0.02.
    .wide-hint = Move the bottleneck's slider to 12 or more, and give it a minute.

# D1
lab-convolution = Convolution
    .question = What does a filter do to a picture?
    .edges = Set a filter to horizontal edges and look at the map it makes of the astronaut.
    .edges-hint = Point at a map of c1; below the picture there is { CONTROL("filter_presets") }.
    .own = Let the network answer to a picture of your own: from the camera, or a file.
    .own-hint = { CONTROL("own_picture") } stands under { CONTROL("output") }.

# D2
lab-parameter-sharing = Parameter sharing
    .question = Why does a convolution need so few weights?
    .few = Reach 95 % on the cross-validation digits with fewer than 1,500 weights.
    .few-hint = Keep the convolution, add a second one, and let a global average stand before the output.
    .run-1 = Convolution, 8 filters of 3×3
    .run-2 = Dense layer of the same shape, 512 units

# D3
lab-one-by-one = 1×1 convolution
    .question = What is a window of one pixel good for?
    .cheap = Train a network that has a 5×5 convolution to 90 % on the cross-validation digits with at most 1.5 million multiplications.
    .cheap-hint = The 1×1 layer before it decides: 4 or 8 channels are enough.
    .run-1 = 5×5 on all 32 channels
    .run-2 = 1×1 to 8 channels, then 5×5

# D4
lab-pooling = Pooling
    .question = What is lost when a map shrinks to a quarter, and what is gained?
    .see = Point at a number of the pooled map and find the winner in its window.
    .see-hint = The winner has a red frame; walk with the arrow keys.
    .race = Run maximum, average and no pooling side by side.
    .race-hint = Press { CONTROL("compare_run") } in the comparison.
    .run-1 = Maximum of 2×2
    .run-2 = Average of 2×2
    .run-3 = No pooling

# D5
lab-lenet = LeNet-5
    .question = How does a network read handwriting?
    .accuracy = Train to 98 % on the cross-validation digits, which it does not train on.
    .accuracy-hint = Press { CONTROL("play") } and wait: within about ten epochs.
    .draw = Draw a digit and watch every layer answer.
    .draw-hint = The pad is under { CONTROL("output") }.

# D6
lab-alexnet = AlexNet
    .question = What made the net of 2012 so large?
    .pass = Send a photograph through the full-size net.
    .pass-hint = Choose a photograph and press { CONTROL("walk") }.
    .small = Train the small sibling to 95 % on the cross-validation digits.
    .small-hint = Press { CONTROL("play") }.

# D7
lab-vgg = VGG-16
    .question = Why are two small filters better than a large one?
    .pass = Send a photograph through the full-size net and find the layer with the most weights.
    .pass-hint = It is not a convolution.
    .small = Train the small sibling to 95 % on the cross-validation digits.
    .small-hint = Press { CONTROL("play") }.

# D8
lab-resnet = ResNet: the shortcut
    .question = Why does a deeper plain net learn worse, and what fixes it?
    .race = Run plain and residual nets of three depths side by side.
    .race-hint = { CONTROL("compare_run") } in the comparison; eight epochs are enough.
    .deep = Get a net of at least 12 layers to J below 0.15 on the cross-validation digits.
    .deep-hint = Residual blocks; nothing else is needed.
    .run-1 = plain, 5 convolutions
    .run-2 = plain, 17 convolutions
    .run-3 = plain, 33 convolutions
    .run-4 = residual, 5 convolutions
    .run-5 = residual, 17 convolutions
    .run-6 = residual, 33 convolutions

# D9
lab-inception = Inception
    .question = Which size of window is best? Why not all of them?
    .race = Measure a step with and without the bottlenecks.
    .race-hint = { CONTROL("compare_run") } in the comparison: look at multiplications and at ms per step.
    .good = Train it to 96 % on the cross-validation digits.
    .good-hint = Press { CONTROL("play") }.
    .run-1 = without 1×1 bottlenecks
    .run-2 = with bottlenecks
    .run-3 = with bottlenecks and a side branch

# D10
lab-mobilenet = MobileNet
    .question = How can a convolution cost an eighth?
    .race = Measure the ratio of multiplications and of time.
    .race-hint = { CONTROL("compare_run") } in the comparison.
    .small = Reach 95 % on the cross-validation digits with fewer than 10,000 weights.
    .small-hint = The split blocks are enough as they are.
    .run-1 = ordinary 3×3
    .run-2 = depthwise + pointwise (v1)
    .run-3 = expand, depthwise, project (v2)

# E1
lab-localisation = One object: is it there, and where?
    .question = How can a network say where something is?
    .near = Get mAP@0.5 above 80 % in cross-validation.
    .near-hint = Press { CONTROL("play") }; half a minute.

# E2
lab-landmarks = Landmarks
    .question = How does a network point at the corners of a mouth?
    .near = Bring the mean error below 2 % of the side (MAE in cross-validation below 0.02).
    .near-hint = Press { CONTROL("play") }.

# E3
lab-sliding-window = Sliding window
    .question = Can a classifier find things without learning to point?
    .sweep = Train the classifier to 95 % and sweep a scene with it.
    .sweep-hint = Play first, then { CONTROL("sweep") }.

# E4
lab-convolutional-window = The sliding window as a convolution
    .question = Why compute the same pixels again for every window?
    .fine = Sweep with a stride of 4: the one pass has the same scores.
    .fine-hint = Move the stride's slider to 4, then { CONTROL("sweep") }.

# E5
lab-yolo = YOLO
    .question = How does one look find all objects at once?
    .map = Reach mAP@0.5 of 80 % on scenes it does not train on.
    .map-hint = Press { CONTROL("play") }; half a minute.
    .own = Show it a picture of your own.
    .own-hint = { CONTROL("own_picture") } under { CONTROL("output") }: a file or the camera.

# E6
lab-iou = Intersection over union
    .question = When is a box good enough?
    .match = Bring the two boxes to an IoU above 0.75.
    .match-hint = Drag one onto the other, then its corner.
    .apart = Pull them apart until it is 0.
    .apart-hint = Disjoint boxes have no overlap at all, wherever they are.

# E7
lab-nms = Non-max suppression
    .question = Ten boxes around one thing: which one stays?
    .step = Step through the suppression of a picture to its end.
    .step-hint = Train a little, lower the confidence, open { CONTROL("tab_nms") } below, { CONTROL("nms_next") }.

# E8
lab-anchors = Anchor boxes by k-means
    .question = Two objects in one cell: who is responsible?
    .cluster = Run k-means over the true boxes.
    .cluster-hint = { CONTROL("tab_anchors") }, below: { CONTROL("kmeans_play") }.
    .map = With anchors, reach mAP@0.5 of 70 % in cross-validation.
    .map-hint = { CONTROL("anchors_use") }, then play.

# E9
lab-scoring = Scoring a detector
    .question = What does mAP count?
    .both = Reach mAP@[.5:.95] of 50 % in cross-validation.
    .both-hint = Strict thresholds need well-placed boxes: train longer.

# F1
lab-split = Training, cross-validation, test
    .question = How do you choose a model without fooling yourself?
    .reveal = Choose a degree by J of cross-validation, then open the test set.
    .reveal-hint = Run the sweep; the choice stands under the chart.

# F2
lab-bias-variance = Bias and variance
    .question = The model is not good enough. What should one change?
    .diagnose = Have a trained model diagnosed.
    .diagnose-hint = Train first, then { CONTROL("diagnose") }.
    .cure = Try a remedy.
    .cure-hint = It trains pairs of runs; that takes a few seconds.
    .good = Bring J of cross-validation below 0.02.
    .good-hint = A rich net and all examples.

# F3
lab-regularisation = Regularisation
    .question = How does one keep a rich model from memorising?
    .sweep = Sweep λ.
    .sweep-hint = { CONTROL("sweep_run") }, log J.
    .good = Keep degree 15 and bring J of cross-validation below 0.03 with the λ that your sweep found.
    .good-hint = Take the best λ of the sweep into the run, then solve.

# F4
lab-learning-curves = Learning curves
    .question = Would more data help?
    .curve = Draw a learning curve.
    .curve-hint = { CONTROL("sweep_run") }.

# F5
lab-error-analysis = Error analysis
    .question = Which mistakes are worth working on?
    .tag = Tag a mistake.
    .tag-hint = Type a tag, press { CONTROL("tag_add") }, then press it under a picture.
    .look = Send a mistake through the net.
    .look-hint = Press its picture.

# F6
lab-augmentation = Data augmentation
    .question = How does one get more data without collecting any?
    .race = Run both nets side by side.
    .race-hint = { CONTROL("compare_run") } below the chart.
    .good = With 300 examples, reach 93% on cross-validation.
    .good-hint = Shift, rotate and zoom a little.
    .run-1 = as they are
    .run-2 = augmented
