### What the server refuses, by the code of its problem document, in words for a student (docs/translating.md).
###
### A message may use the parameters of its code (docs/errors.md lists them) and, always: $where, $layer and $setting, the
### place that is to blame; $bounds, which of $minimum, $above, $maximum and $below are there. Names and numbers are
### isolated by themselves, so that they read in order inside right-to-left text.

## Parts of messages

place =
    { $where ->
        [layer] Layer { $layer }
        [layer-setting] Layer { $layer }, { setting-name }
        [setting] { setting-name }
       *[nothing] The request
    }
nothing = nothing
separator = {", "}
yes = true
no = false
# How the page shows a sentence that has no message here: it is in English whatever the reader's language.
in-english = { $detail }
other = { in-english }
bounds =
    { $bounds ->
        [minimum] {" "}of at least { $minimum }
        [maximum] {" "}of at most { $maximum }
        [minimum-maximum] {" "}from { $minimum } to { $maximum }
        [above] {" "}above { $above }
        [below] {" "}below { $below }
        [above-maximum] {" "}above { $above } and at most { $maximum }
        [above-below] {" "}above { $above } and below { $below }
        [minimum-below] {" "}of at least { $minimum } and below { $below }
       *[any] {""}
    }
setting-name =
    { $setting ->
        [units] neurons
        [activation] activation
        [filters] filters
        [kernel_size] filter size
        [strides] stride
        [padding] padding
        [pool_size] window
        [rate] dropout rate
        [dropout] dropout
        [target_shape] shape
        [kernel_initializer] weight initialiser
        [bias_initializer] bias initialiser
        [type] type of the layer
        [id] name of the layer
        [layers] layers
        [loss-name] loss
        [optimizer-name] optimiser
        [data-name] data set
        [learning_rate] learning rate α
        [batch_size] batch size
        [samples] number of examples
        [noise] noise
        [degree] degree of the polynomial
        [scaling] feature scaling
        [target_scaling] scaling of the target
        [features] inputs
        [inputs] inputs
        [points] points
        [classes] classes
        [size] size of the pictures
        [split] split of the data
        [train] training set
        [cv] cross-validation set
        [train_rows] training examples used
        [target] target
        [upload] uploaded file
        [file] file
        [picture] picture
        [momentum] momentum
        [nesterov] Nesterov momentum
        [weight_decay] weight decay
        [schedule] learning-rate schedule
        [patience] patience of early stopping
        [augmentation] augmentation
        [seed] seed
        [split_seed] seed of the split
        [optimizer] optimiser
        [loss] loss
        [data] data
        [spec] settings
        [lab] lesson
        [views] views
        [run] run
        [seeds] repetitions
        [steps] steps
        [point] choice
        [photograph] photograph
        [framework] framework
        [shuffle] order of the examples
        [updates] order of the updates
        [early_stopping] early stopping
        [regularization] regularisation
        [l1] L1
        [l2] L2
        [trainable] whether the layer learns
        [use_bias] bias
        [pretrained] trained weights
        [epsilon] ε
        [negative_slope] slope below zero
        [max_value] ceiling
        [threshold] threshold
        [objects] number of objects
        [smallest] smallest object
        [largest] largest object
        [overlap] overlap
        [clutter] clutter
        [mirror] mirroring
        [zoom] zoom
        [rotate] rotation
        [shift] shift
        [colour] colour
        [value] value
        [index] place
        [tensor] weights
        [op] command
        [count] number of steps
        [token] token
        [step] step
        [format] form
        [lang] language
        [body] file
        [j_train] J of the training set
       *[other] { $setting }
    }
layer-kind =
    { $type ->
        [Dense] a dense layer
        [Conv2D] a convolution
        [DepthwiseConv2D] a depthwise convolution
        [SeparableConv2D] a separable convolution
        [MaxPooling2D] max pooling
        [AveragePooling2D] average pooling
        [GlobalAveragePooling2D] global average pooling
        [GlobalMaxPooling2D] global max pooling
        [ZeroPadding2D] zero padding
        [UpSampling2D] enlarging
        [BatchNormalization] batch normalisation
        [Dropout] dropout
        [Flatten] flattening
        [Reshape] reshaping
        [Activation] an activation
        [ReLU] a ReLU
       *[other] a layer of type { $type }
    }
kind-name =
    { $kind ->
        [layer] type of layer
        [loss] loss
        [optimizer] optimiser
        [activation] activation
        [initializer] initialiser
        [regularizer] regulariser
        [schedule] learning-rate schedule
        [data-set] data set
        [architecture] architecture
        [scaling] scaling
        [feature] input
        [view] view
        [metric] metric
        [op] command
       *[other] { $kind }
    }
task-wants =
    { $task ->
        [regression] one number
        [binary] one probability
        [multiclass] { $outputs ->
            [one] one number
           *[other] { $outputs } numbers, one for each class
        }
        [reconstruction] its own input again
        [landmarks] x and y of every landmark: { $outputs } numbers
        [localisation] a box and its class: { $outputs } numbers
        [detection] a grid of cells with { $outputs } numbers each
       *[other] something else
    }
task-name =
    { $task ->
        [regression] a number
        [binary] yes or no
        [multiclass] one of several classes
        [reconstruction] the input itself
        [landmarks] landmarks
        [localisation] one object and its box
        [detection] all objects and their boxes
       *[other] something else
    }
box-place =
    { $unit ->
        [line] { $file }, line { $number }
       *[annotation] { $file }, annotation { $number }
    }

## Values of settings and requests

value-missing = { place }: { $key } is missing.
value-unknown = { place }: there is nothing called { $key } here.
value-whole = { place }: a whole number{ bounds } was expected; { $got } came.
value-number = { place }: a number{ bounds } was expected; { $got } came.
value-range = { place }: a number{ bounds } was expected; { $got } came.
value-finite = { place }: a finite number was expected; { $got } came.
value-large = { place }: { $got } is too large. A number here may be at most ±{ $most }.
value-yes-no = { place }: true or false was expected; { $got } came.
value-text = { place }: a text was expected; { $got } came.
value-list = { place }: a list was expected; { $got } came.
value-object = { place }: settings with names were expected; { $got } came.
value-none = { place }: nothing was expected here; { $got } came.
value-choice = { place }: { $got } is not among the choices. They are: { $choices }.
value-shape = { place }: a shape, such as 28 × 28 × 1, was expected; { $got } came.
value-pair = { place }: a whole number{ bounds }, or two of them, was expected; { $got } came.
value-sides = { place }: a whole number{ bounds } or one for each side was expected; { $got } came.
value-sizes = { place }: 1 to 20 pairs of width and height, above 0 and at most 2, were expected; { $got } came.
text-short = { place }: the text is too short. It needs at least { $minimum ->
        [one] one character
       *[other] { $minimum } characters
    }.
text-long = { place }: the text is too long. It may have at most { $maximum ->
        [one] one character
       *[other] { $maximum } characters
    }.
name-letters = { place }: a name has letters (A–Z), digits, - and _, at most 32 of them, and begins with a letter; { $got } came.
list-short = { place }: the list is too short. It needs at least { $minimum ->
        [one] one entry
       *[other] { $minimum } entries
    }.
list-long = { place }: the list is too long. It may have at most { $maximum ->
        [one] one entry
       *[other] { $maximum } entries
    }.
limit-value = { place }: this server allows at most { $most }; { $got } came.
numbers-finite = { place }: a number is not finite or too large: { $got }. At most ±{ $most } is possible.
numbers-large = { place }: a number is too large. At most ±{ $most } is possible.
numbers-only = { place }: numbers were expected; { $got } came.
number-large = A whole number in the request is too large (more than 64 bits).
rows-ragged = { place }: the rows have different lengths.
too-deep = The request is a list inside a list inside a list, too many levels deep.
half-character = The text in the request holds half a character and cannot be read.
not-json = The request is not valid JSON.
unknown-name = There is no { kind-name } called { $name }. There are: { $known }.
unknown-name-near = There is no { kind-name } called { $name }. Did you mean { $near }?
not-here = There is no { kind-name } called { $name } here; other frameworks have one.
unknown-argument = { place }: { $who } has no setting called { $name }.
unknown-argument-near = { place }: { $who } has no setting called { $name }. Did you mean { $near }?
argument-missing = { place }: a value for { $argument } is missing.
argument-foreign = { place }: { $who } cannot do { $argument }, which other frameworks have.
interval-empty = { place }: the lower end, { $low }, is above the upper end, { $high }.
initializer-wanted = { place }: the name of an initialiser was expected; { $got } came.
no-entry = There is no entry { $place }: the list has { $entries ->
        [one] one entry
       *[other] { $entries } entries
    }.
no-setting = There is no setting { $place }. There are: { $known }.
nothing-inside = There is no setting { $place }: { $outside } has nothing inside.

## Data

split-whole = The training and cross-validation sets together are more than all examples (a share of { $got }).
augmentation-boxes = Augmentation: boxes and landmarks would not move along with the picture. Only the colours may change.
augmentation-no-pictures = Augmentation is for pictures, and the data set { $data } has none.
images-features = The examples of { $data } are pictures, so no extra inputs can be built from them.
no-features = The network needs at least one input.
features-many = Degree { $degree } makes { $got } inputs out of { $inputs ->
        [one] one
       *[other] { $inputs }
    }. At most { $most } are possible: lower the degree.
feature-size =
    { $way ->
        [large] The input { $feature } becomes too large to compute. Lower the degree, or measure the data in larger units.
       *[small] The input { $feature } becomes too small to compute. Lower the degree, or measure the data in smaller units.
    }
input-too-large = The input { $feature } reaches { $got }, too large to train on. Scale the inputs or lower the degree.
input-too-small = The input { $feature } is at most { $got }, so small that it counts as 0. Scale the inputs.
target-too-small = The target { $target } is at most { $got }, so small that it counts as 0. Scale the target.
points-few = At least 2 points are needed; { $got ->
        [0] there are none
        [one] there is one
       *[other] there are { $got }
    }.
points-one-class = One class cannot be told from another if there is only one. Choose values, or 2 to 10 classes.
point-class = A point has the class { $got }. The classes are 0 to { $most }.
no-upload = The uploaded file is no longer here. Upload it again.
upload-no-boxes = This upload has no boxes.

## Tables

csv-zero-byte = This is not a text file. Save the table as CSV and try again.
csv-not-utf8 = The file cannot be read as text (UTF-8), from byte { $byte } on. Save it as CSV UTF-8.
csv-broken = Row { $row }: this cell cannot be read. Perhaps a quotation mark is not closed.
csv-empty = The file is empty. A row of headings and at least two rows of data are needed.
csv-rows = At least two rows of data are needed below the headings; { $got ->
        [0] there are none
        [one] there is one
       *[other] there are { $got }
    }.
csv-cells = Row { $row } has { $got ->
        [one] one cell
       *[other] { $got } cells
    }, but the row of headings has { $wanted }.
csv-columns = The table has { $got } columns. At most { $most } are read.
csv-no-name = Column { $column } has no heading.
csv-name-twice = Column { $column }: another column is called { $name }, too.
csv-no-header = The first row holds only numbers. Put a row with the names of the columns above it.
csv-no-column = There is no column { $name }. The file has: { $known }.
csv-target-input = The column { $name } cannot be both an input and the target.
csv-no-inputs = No column of numbers is left for the inputs.
csv-whole-rows = At least two rows without missing values are needed; { $got ->
        [0] there are none
        [one] there is one
       *[other] there are { $got }
    }.
csv-one-class = The column { $name } has the same class, { $only }, in every row. At least two are needed.
csv-classes = The column { $name } has { $got } classes. At most { $most } are possible.
csv-number = Row { $row }, column { $name }: a number was expected; { $got } is none.
csv-number-large = Row { $row }, column { $name }: { $got } is too large. At most ±{ $most } is possible.

## Pictures and boxes

not-zip = This is not a ZIP archive.
form-names = Two of the files are called { $name }. Every file needs a name of its own.
form-broken = The files did not arrive whole. Try again.
file-large = The file has { $got } bytes. At most { $most } are allowed.
pictures-none = There are no pictures in the archive. Put them into folders, one for each class.
pictures-many = There are { $got } pictures. At most { $most } are read.
pictures-large = The pictures have { $got } bytes in all. At most { $most } are allowed.
picture-no-folder = { $file }: the picture must lie in a folder that is named after its class.
picture-pixels = { $file }: { $width } × { $height } pixels are too many.
picture-unreadable = { $file }: this cannot be read as a picture.
folders = { $got ->
        [one] There is only one folder
       *[other] There are { $got } folders
    }. 2 to { $most } are needed, one for each class.
folder-one = The folder { $folder } needs at least 2 pictures.
boxes-none = There are no boxes. Add a file of COCO JSON, or a text file beside each picture.
boxes-pictures = 1 to { $most } pictures are needed; { $got ->
        [0] there are none
        [one] there is one
       *[other] there are { $got }
    }.
boxes-classes = 1 to { $most } classes are needed; { $got ->
        [0] there are none
        [one] there is one
       *[other] there are { $got }
    }.
boxes-many = { $file }: the picture has { $got } boxes. At most { $most } are read.
box-numbers = { box-place }: five numbers were expected (class x y w h); this came: { $got }
box-class = { box-place }: the class must be a whole number from 0 to { $most }; { $got } came.
box-empty = { box-place }: the box needs a width and a height above 0.
box-outside = { box-place }: the box lies outside its picture.
coco-broken = { $file }: this is not COCO JSON.
coco-no-picture = { $file }, annotation { $number }: the picture { $picture } is not in the archive.
picture-base64 = The picture did not arrive whole (its base64 cannot be read).
picture-bytes = The picture must be { $shape } pixels, { $wanted } bytes; { $got } came.

## The network

layer-ids-equal = Two layers are called { $id }. Every layer needs a name of its own.
layer-needs-pictures = Layer { $layer }: { layer-kind } needs pictures; these data have { $size ->
        [one] one number
       *[other] { $size } numbers
    } per example at this point.
layer-needs-vectors = Layer { $layer }: { layer-kind } needs a row of numbers; here a picture of { $got } arrives. Put a flattening layer before it.
layer-needs-features = Layer { $layer }: at least one number per example is needed.
window-too-large = Layer { $layer }: the window of { $window } does not fit into a picture of { $got }. Make it smaller, or choose the padding “same”.
strides-and-dilation = Layer { $layer }: stride and dilation cannot both be above 1.
groups = Layer { $layer }: { $groups } groups must divide both the { $channels } channels and the { $filters } filters.
branches-differ = Layer { $layer }: its branches end in different sizes.
block-shortcut = Layer { $layer }: the block ends in the shape { $got }, but its shortcut in { $wanted }.
block-input = Layer { $layer }: the block turns { $wanted } into { $got }, so the two cannot be added. Give it a shortcut that changes the shape.
layer-built-for = Layer { $layer } was made for inputs of { $wanted }; { $got } came.
side-output = Layer { $layer }: the side branch must answer with { $wanted }, like the network; it answers with { $got }.
relu-threshold = Layer { $layer }: the threshold { $threshold } must be below the ceiling { $max_value }.
reshape-size = Layer { $layer }: { $size } numbers cannot be put into the shape { $got }.
reshape-empty = Layer { $layer }: every side of the shape must be at least 1; it is { $got }.
layer-nested = { place }: { $type } is made of lists of layers, which cannot be written here. Use one of the blocks.
layer-no-kernel = { place }: { layer-kind } has no weights to regularise.
layer-has-no = { place }: { layer-kind } has no setting called { $name }.
units-auto = { place }: only the last layer can choose its number of neurons by itself. Say how many this one has.
units-null = { place }: the number of neurons is missing.
output-shape = The last layer must answer with { task-wants }; it answers with { $got }.
loss-task = The loss { $loss } does not fit: the network answers with { task-name }. These fit: { $known }.
no-logits = The loss { $loss } takes no logits; only the cross-entropies do.
clips = Gradients can be clipped in one way only; { $clips } are set.
adagrad-start = Adagrad would divide 0 by 0: the starting value of its sum or ε must be above 0.
updates-sequential = Changing one weight after the other works with plain SGD only, without momentum.
limit-total =
    { $what ->
        [weights] The network has { $got } weights. This server allows at most { $most }.
        [work] One step needs { $got } multiplications. This server allows at most { $most }.
       *[memory] The network needs { $got } bytes of memory. This server allows at most { $most }.
    }
slide-padding = Layer { $layer } pads its pictures with zeros, so a window cannot slide through this network in one pass.
slide-strides = Layer { $layer } has different strides down and across, { $got }, so a window cannot slide through it.
slide-layer = A window cannot slide through layer { $layer } ({ layer-kind }).
regularizer-wanted = { place }: a regulariser was expected; { $got } came.

## A run and its commands

no-run = There is no run { $run }.
run-follows-itself = A run cannot be followed by itself.
run-elsewhere = The run is not here any more.
run-ended = The run has ended.
run-of-another-version = This run was stored by another version of Descent, and this one cannot read it.
run-recovering = The run is being brought back. Try again in a second.
run-token = Only who started this run can steer it. Anyone may watch.
spec-or-lab = A run needs either settings or a lesson, one of the two.
unknown-lab = There is no lesson called { $name }.
diverged = The run diverged at step { $step }: its numbers grew beyond all bounds. Rewind it or reset it first.
steps-running = The steps that were asked for before are still being made.
empty-pile =
    { $op ->
        [undo] There is nothing to undo.
       *[redo] There is nothing to redo.
    }
no-earlier = No earlier moment of the run is kept.
no-surface = There is no cost surface to move on. Open it first.
no-parameter = There is no parameter { $name }. They are called like { $like }.
no-weight = There is no weight { $name }. The network has: { $known }.
weight-index = { $name } has the shape { $shape }; there is no place { $index } in it.
weight-shape = { $who } must have the shape { $wanted }; { $got } came.
variance-negative = { $who }: a variance cannot be below 0; { $got } came.
weights-missing = The file lacks the weights { $name }.
weights-kind = The weights { $name } are of the kind { $got }; these can be read: { $kinds }.
weights-not-safetensors = This is not a safetensors file.
solve-one-layer = The normal equation solves one linear layer only; this network has hidden layers or an activation.
solve-loss = The normal equation minimises the squared error; the loss is { $loss }.
solve-l1 = The normal equation knows no L1 penalty. Set L1 to 0 (L2 works).
inputs-shape = The inputs must have the shape { $wanted } per example; { $got } came.
inputs-many = At most { $most } examples can be predicted at once; { $got } came.
views-many = At most { $most } views can be watched at once; { $got } were asked for.
view-parameter = The view { $view } has no setting called { $name }.
view-parameters = The view { $view } needs settings with names; { $got } came.

## Sweeps

no-sweep = There is no sweep { $sweep }.
sweep-token = Only who started this sweep can steer it. Anyone may read it.
sweep-running = The sweep is still running. Choose when it is done.
sweep-cancelled = The sweep was cancelled.
sweep-runs-many = The sweep would have { $got } runs. At most { $most } are allowed.
sweep-long = The sweep would take { $got } multiplications. At most { $most } are allowed. Try fewer steps or a smaller network.
sweeps-full = { $running ->
        [one] A sweep is running already
       *[other] { $running } sweeps are running already
    }. Try again in a minute.
test-opened = The test set was opened for setting { $point }. To look again would be choosing by it.

## The server

runs-full = All { $most } places are taken. Try again in a few minutes, or watch a run.
client-runs-full = { $runs ->
        [one] A run of this address is active already
       *[other] { $runs } runs of this address are active already
    }. End one, then try again.
playing-full = { $playing ->
        [one] A run is training already
       *[other] { $playing } runs are training already
    }. Pause one, or try again in a minute.
jobs-full = { $running ->
        [one] Another computation of this kind is running
       *[other] { $running } computations of this kind are running
    } already. Try again in a few seconds.
job-long = The computation took more than { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    } and was ended. Try a smaller network.
commands-many = Too many commands in a short time. Slow down and send the last one again.
unstored-move = The weights were moved, but the server cannot store anything at present: a restart of it would take the move back. Try again soon.
unstored-command = The server cannot store anything at present, so nothing was changed. Try again soon.
unstored-run = The server cannot store anything at present, so no run was started. Try again soon.
worker-ended = The training process ended. The run is being brought back.
no-worker = No training process is up yet. Try again in a second.
not-ready = The server is not ready yet. Try again in a moment.
restarting = The server is being restarted. Try again in a few seconds.
memory = There is not enough memory for this. Try a smaller network or fewer examples.
fault = Something went wrong on our side. It has been noted.
body-large = The request is too large. At most { $most } bytes are allowed.
content-length = The request does not say how long it is.
host-foreign = This address is not answered here.
origin-foreign = Requests from this site are not accepted here.
no-page = There is nothing at this address.
no-method = This address exists, but not for this kind of request.
stream-token = Only who started this run can steer it: send the token first.
stream-binary = Messages must be text; this one was not.
stream-no-op = The message does not say what to do (“op”).
