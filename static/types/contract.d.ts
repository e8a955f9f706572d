/**
 * Made from the server's OpenAPI document by `make docs`; do not edit. Types of specs, commands, reports, states, the
 * catalogue, messages of the stream and problems. Longer than other files since nobody writes or reads it whole.
 */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The client has drawn frame n; two may be unacknowledged. */
        Ack: {
            frame: number;
            /** @description quoted in the answer */
            id?: number | string | null;
            /** @constant */
            op: "ack";
        };
        /** @description g and g′ over −6 … 6. */
        ActivationCurve: {
            /** @description g(z) */
            a?: number[];
            /** @description g′(z) */
            slope?: number[];
            /** @description where */
            z?: number[];
        };
        ActivationEntry: {
            /** @description empty for softmax, which has no single input */
            curve: components["schemas"]["ActivationCurve"];
            formula: string;
            name: string;
            /** @description least and largest g(z); null: no bound */
            range: (number | null)[];
        };
        /** @description an activation as a layer of its own */
        ActivationLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Activation";
            units?: null;
        };
        /** @description Of the view activations: every layer's z and a for one example of the data; pixels of its input are uint8. */
        ActivationsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description the example's place in its part; null: the part is empty */
            index: number | null;
            /** @description larger weights are left out of the frame */
            limit: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description its row in the data; null: the visitor's probe */
            row: number | null;
            /** @description most pixels on a side of a picture that is the input */
            side: number;
            /** @description what should come out, where that is one number (of the target) */
            target?: number;
        };
        /** @description every layer's z and a for one example of the data; pixels of its input are uint8 */
        ActivationsView: {
            /**
             * @description which example of the part; −1: the visitor's probe
             * @default 0
             */
            index?: number;
            /**
             * @description larger weights are left out of the frame
             * @default 20000
             */
            limit?: number;
            /**
             * @description which part
             * @default train
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description most pixels on a side of a picture that is the input
             * @default 512
             */
            side?: number;
        };
        /** @description s \leftarrow s + g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon} */
        AdagradOptimizer: {
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * @description s at the start
             * @default 0.1
             */
            initial_accumulator_value?: number;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate: number;
            /** @constant */
            name: "Adagrad";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description s \leftarrow s + g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon} */
        AdagradOptimizerInput: {
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * @description s at the start
             * @default 0.1
             */
            initial_accumulator_value?: number;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate?: number;
            /** @constant */
            name: "Adagrad";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description p \leftarrow p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon) */
        AdamOptimizer: {
            /**
             * @description how slowly the mean gradient follows
             * @default 0.9
             */
            beta_1?: number;
            /**
             * @description how slowly the mean square follows
             * @default 0.999
             */
            beta_2?: number;
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate: number;
            /** @constant */
            name: "Adam";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description p \leftarrow p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon) */
        AdamOptimizerInput: {
            /**
             * @description how slowly the mean gradient follows
             * @default 0.9
             */
            beta_1?: number;
            /**
             * @description how slowly the mean square follows
             * @default 0.999
             */
            beta_2?: number;
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate?: number;
            /** @constant */
            name: "Adam";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description p \leftarrow (1 - \alpha\lambda) p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon) */
        AdamWOptimizer: {
            /**
             * @description how slowly the mean gradient follows
             * @default 0.9
             */
            beta_1?: number;
            /**
             * @description how slowly the mean square follows
             * @default 0.999
             */
            beta_2?: number;
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate: number;
            /** @constant */
            name: "AdamW";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
            /**
             * @description λ
             * @default 0.004
             */
            weight_decay?: number;
        };
        /** @description p \leftarrow (1 - \alpha\lambda) p - \alpha\, \hat m / (\sqrt{\hat v} + \varepsilon) */
        AdamWOptimizerInput: {
            /**
             * @description how slowly the mean gradient follows
             * @default 0.9
             */
            beta_1?: number;
            /**
             * @description how slowly the mean square follows
             * @default 0.999
             */
            beta_2?: number;
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate?: number;
            /** @constant */
            name: "AdamW";
            schedule?: components["schemas"]["ScheduleSpec"] | null;
            /**
             * @description λ
             * @default 0.004
             */
            weight_decay?: number;
        };
        /** @description Of the view anchors: sizes of the true boxes, the anchors in use, and k-means over the sizes round by round. */
        AnchorsAbout: {
            /** @description width and height of the anchors in use (parts of the side) */
            anchors: number[][];
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description clusters */
            k: number;
            /** @description another start */
            seed: number;
        };
        /** @description sizes of the true boxes, the anchors in use, and k-means over the sizes round by round */
        AnchorsView: {
            /**
             * @description clusters
             * @default 3
             */
            k?: number;
            /**
             * @description another start
             * @default 0
             */
            seed?: number;
        };
        /** @description A full-size architecture, layer by layer. */
        Architecture: {
            input_shape: number[];
            layers: components["schemas"]["ArchitectureBlock"][];
            name: string;
            paper: string;
            parameters: number;
            photographs: string[];
            sibling: components["schemas"]["LayerSpecInput"][];
            source: string;
            title: string;
            totals: components["schemas"]["ArchitectureTotals"];
        };
        ArchitectureBlock: {
            id: string;
            /** @description the layers of a block */
            inside?: components["schemas"]["ArchitectureRow"][];
            multiplications: number;
            output_shape: number[];
            parameters: number;
            type: string;
        };
        /** @description A full-size architecture; sibling: the layers of a small net in the same spirit. */
        ArchitectureEntry: {
            input_shape: number[];
            name: string;
            paper: string;
            parameters: number;
            sibling: components["schemas"]["LayerSpecInput"][];
            source: string;
            title: string;
        };
        /** @description A layer of a full-size architecture. */
        ArchitectureRow: {
            id: string;
            multiplications: number;
            output_shape: number[];
            parameters: number;
            type: string;
        };
        ArchitectureTotals: {
            multiplications: number;
            parameters: number;
        };
        /** @description An argument of a part: what is right for it, and what stands if nothing is said. */
        ArgumentEntry: {
            /** @description values are above this one */
            above?: number;
            /** @description values are below this one */
            below?: number;
            /** @description the values there are */
            choices?: string[];
            default: components["schemas"]["JsonValue"];
            doc: string;
            /** @enum {string} */
            kind: "int" | "float" | "bool" | "choice" | "text" | "shape" | "sizes" | "pair" | "sides";
            /** @description the largest value */
            maximum?: number;
            /** @description the least value */
            minimum?: number;
            name: string;
            /**
             * @description null is right, too
             * @constant
             */
            optional?: true;
        };
        /** @description A moment of a run: a step, and the revision that the run had then. */
        At: {
            revision: number;
            step: number;
        };
        /** @description How training pictures are changed at random, each by its own draw; other parts stay as they are. */
        AugmentationSpec: {
            /**
             * @description contrast, brightness and tint
             * @default 0
             */
            colour: number;
            /**
             * @description left and right change places in half of them
             * @default false
             */
            mirror: boolean;
            /**
             * @description ± degrees
             * @default 0
             */
            rotate: number;
            /**
             * @description ± a part of the side
             * @default 0
             */
            shift: number;
            /**
             * @description sizes times 1 − zoom to 1 + zoom
             * @default 0
             */
            zoom: number;
        };
        /** @description How training pictures are changed at random, each by its own draw; other parts stay as they are. */
        AugmentationSpecInput: {
            /**
             * @description contrast, brightness and tint
             * @default 0
             */
            colour?: number;
            /**
             * @description left and right change places in half of them
             * @default false
             */
            mirror?: boolean;
            /**
             * @description ± degrees
             * @default 0
             */
            rotate?: number;
            /**
             * @description ± a part of the side
             * @default 0
             */
            shift?: number;
            /**
             * @description sizes times 1 − zoom to 1 + zoom
             * @default 0
             */
            zoom?: number;
        };
        /** @description Of the view augmented: training pictures as the next steps may see them: each row one picture, the first as it is. */
        AugmentedAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description pictures of each */
            columns: number;
            /** @description the first example of the training part */
            index: number;
            /** @description examples */
            rows: number;
        };
        /** @description training pictures as the next steps may see them: each row one picture, the first as it is */
        AugmentedView: {
            /**
             * @description pictures of each
             * @default 6
             */
            columns?: number;
            /**
             * @description the first example of the training part
             * @default 0
             */
            index?: number;
            /**
             * @description examples
             * @default 2
             */
            rows?: number;
        };
        /** @description The right to steer; may come first, or at any time. */
        Auth: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /** @constant */
            op: "auth";
            token: string;
        };
        /** @description This socket may steer. */
        Authorized: {
            id: number | string | null;
            /** @constant */
            ok: true;
            /** @constant */
            op: "auth";
            step: number;
        };
        /** @description What fits the data: half_mse, binary_crossentropy, sparse_categorical_crossentropy, mse, mse, localisation, yolo. */
        AutoLoss: {
            /** @constant */
            name: "auto";
        };
        /** @description What fits the data: half_mse, binary_crossentropy, sparse_categorical_crossentropy, mse, mse, localisation, yolo. */
        AutoLossInput: {
            /** @constant */
            name?: "auto";
        };
        /** @description keeps the mean of each window */
        AveragePooling2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description valid: windows inside alone; same: zeros around
             * @default valid
             * @enum {string}
             */
            padding?: "valid" | "same";
            /**
             * @description height and width of the window
             * @default 2
             */
            pool_size?: number | number[];
            /**
             * @description pixels between windows; null: pool_size
             * @default null
             */
            strides?: (number | number[]) | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "AveragePooling2D";
            units?: null;
        };
        /** @description brings each feature to mean 0 and deviation 1 over the batch, then scales and shifts */
        BatchNormalizationLayer: {
            activation?: null;
            /**
             * @description learn β
             * @default true
             */
            center?: boolean;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description added to the variance
             * @default 0.001
             */
            epsilon?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description how slowly the moving averages follow
             * @default 0.99
             */
            momentum?: number;
            /**
             * @description learn γ
             * @default true
             */
            scale?: boolean;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "BatchNormalization";
            units?: null;
        };
        /** @description L = -y \ln \hat y - (1 - y) \ln(1 - \hat y) */
        BinaryCrossentropyLoss: {
            /**
             * @description the model answers with z, not with g(z)
             * @default false
             */
            from_logits?: boolean;
            /** @constant */
            name: "binary_crossentropy";
        };
        /** @description a residual block that works on fewer channels inside */
        BottleneckBlockLayer: {
            activation?: null;
            /**
             * @description batch normalisation behind every convolution
             * @default true
             */
            batch_normalization?: boolean;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description output channels are filters times this
             * @default 4
             */
            expansion?: number;
            /**
             * @description channels inside
             * @default 16
             */
            filters?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description pixels between windows; 2 halves the image
             * @default 1
             */
            strides?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "BottleneckBlock";
            units?: null;
        };
        /** @description Of the view boundary: what the model answers over the input plane (or along the line). */
        BoundaryAbout: {
            /** @description the raw input along the horizontal axis */
            across: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /**
             * @description what it lies over; none: the inputs are pictures
             * @enum {string}
             */
            kind: "none" | "line" | "plane";
            /** @description what the colours mean (of the numbers) */
            scale: components["schemas"]["ScaleTold"];
            /** @description pixels on a side */
            size: number;
            /** @description what the network is to do */
            task: string;
            /** @description the raw input along the vertical axis */
            up: number;
            /** @description bounds of the horizontal axis (of the inputs) */
            x: number[];
            /** @description bounds of the vertical axis; of a line there is none (of the inputs) */
            y?: number[];
        };
        /** @description Of the view boundary, where it has nothing to show. */
        BoundaryNothing: {
            /** @description the raw input along the horizontal axis */
            across: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /**
             * @description what it lies over; none: the inputs are pictures
             * @enum {string}
             */
            kind: "none" | "line" | "plane";
            /** @description pixels on a side */
            size: number;
            /** @description the raw input along the vertical axis */
            up: number;
        };
        /** @description what the model answers over the input plane (or along the line) */
        BoundaryView: {
            /**
             * @description the raw input along the horizontal axis
             * @default 0
             */
            across?: number;
            /**
             * @description pixels on a side
             * @default 80
             */
            size?: number;
            /**
             * @description the raw input along the vertical axis
             * @default 1
             */
            up?: number;
        };
        /** @description A picture and its boxes. */
        BoxedPicture: {
            /** @description class, x, y, width, height in pixels, x and y of the top left corner */
            boxes: number[][];
            file: string;
            height: number;
            width: number;
        };
        /** @description Of the view boxes: what a detector finds on pictures, beside the truth and who is responsible for it. */
        BoxesAbout: {
            /** @description width and height of each anchor (parts of the side) */
            anchors: number[][];
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description NMS for each class by itself */
            by_class: boolean;
            /** @description names of the classes */
            classes: string[];
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description pictures */
            count: number;
            /** @description the first picture */
            first: number;
            /** @description rows and columns of the detector's grid; null: it is no detector */
            grid: number[] | null;
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /** @description objects that no place of the grid is left for */
            lost: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description whether the first is the visitor's own input */
            probe: boolean;
            /** @description row in the data of each picture */
            rows: number[];
        };
        /** @description Of the view boxes, where it has nothing to show. */
        BoxesNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description NMS for each class by itself */
            by_class: boolean;
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description pictures */
            count: number;
            /** @description the first picture */
            first: number;
            /** @description rows and columns of the detector's grid; null: it is no detector */
            grid: number[] | null;
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
        };
        /** @description what a detector finds on pictures, beside the truth and who is responsible for it */
        BoxesView: {
            /**
             * @description NMS for each class by itself
             * @default true
             */
            by_class?: boolean;
            /**
             * @description least score of a box that is shown
             * @default 0.5
             */
            confidence?: number;
            /**
             * @description pictures
             * @default 4
             */
            count?: number;
            /**
             * @description the first picture
             * @default 0
             */
            first?: number;
            /**
             * @description NMS strikes out what overlaps more
             * @default 0.5
             */
            iou?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
        };
        BriefActivation: {
            formula: string;
            name: string;
        };
        /** @description What menus are made of: the catalogue without curves, forms of views, schemas, and the specs of labs. */
        BriefCatalog: {
            activations: components["schemas"]["BriefActivation"][];
            datasets: components["schemas"]["DatasetEntry"][];
            exports: string[];
            labs: components["schemas"]["MenuEntry"][];
            layers: components["schemas"]["LayerEntry"][];
            losses: components["schemas"]["BriefLoss"][];
            optimizers: components["schemas"]["FormulaEntry"][];
            scalings: string[];
            schedules: components["schemas"]["FormulaEntry"][];
        };
        BriefLoss: {
            formula: string;
            name: string;
            tasks: string[];
        };
        /** @description Every part there is. */
        Catalog: {
            activations: components["schemas"]["ActivationEntry"][];
            architectures: components["schemas"]["ArchitectureEntry"][];
            commands: string[];
            datasets: components["schemas"]["DatasetEntry"][];
            default_spec: components["schemas"]["Spec"];
            exports: string[];
            initializers: components["schemas"]["InitializerEntry"][];
            labs: (components["schemas"]["LabEntry"] | components["schemas"]["PresetEntry"])[];
            layers: components["schemas"]["LayerEntry"][];
            losses: components["schemas"]["LossEntry"][];
            max_degree: number;
            metrics: components["schemas"]["MetricEntry"][];
            optimizers: components["schemas"]["FormulaEntry"][];
            scalings: string[];
            schedules: components["schemas"]["FormulaEntry"][];
            /** @description JSON schema of a spec */
            spec_schema: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            views: components["schemas"]["ViewEntry"][];
        };
        /** @description L = -\sum_k y_k \ln \hat y_k */
        CategoricalCrossentropyLoss: {
            /**
             * @description the model answers with z, not with g(z)
             * @default false
             */
            from_logits?: boolean;
            /** @constant */
            name: "categorical_crossentropy";
        };
        /** @description Of the view cell: one cell of the output volume taken apart: its raw numbers, and what they are read as. */
        CellAbout: {
            /** @description width and height of each anchor (parts of the side) */
            anchors: number[][];
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the classes */
            classes: string[];
            /** @description column of the cell */
            column: number;
            /** @description rows and columns of the detector's grid; null: it is no detector */
            grid: number[] | null;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description which picture of the part; −1: the visitor's probe */
            picture: number;
            /** @description row of the cell */
            row: number;
        };
        /** @description Of the view cell, where it has nothing to show. */
        CellNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description column of the cell */
            column: number;
            /** @description rows and columns of the detector's grid; null: it is no detector */
            grid: number[] | null;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description which picture of the part; −1: the visitor's probe */
            picture: number;
            /** @description row of the cell */
            row: number;
        };
        /** @description one cell of the output volume taken apart: its raw numbers, and what they are read as */
        CellView: {
            /**
             * @description column of the cell
             * @default 0
             */
            column?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description which picture of the part; −1: the visitor's probe
             * @default 0
             */
            picture?: number;
            /**
             * @description row of the cell
             * @default 0
             */
            row?: number;
        };
        /** @description Something to reach; met when all goals are met at once, or when the page saw the visitor do `done`. */
        Challenge: {
            /** @description something done by hand: edited, compared, decoded, probed, walked, … */
            done: string | null;
            goals: components["schemas"]["Goal"][];
            hint: {
                [key: string]: string;
            };
            id: string;
            text: {
                [key: string]: string;
            };
        };
        Choice: {
            /** @description the setting that was chosen by J_cv */
            point: number;
        };
        /** @description Boxes as COCO JSON. */
        Coco: {
            annotations: components["schemas"]["CocoAnnotation"][];
            categories: components["schemas"]["CocoCategory"][];
            images: components["schemas"]["CocoImage"][];
        };
        CocoAnnotation: {
            area: number;
            /** @description x, y, width, height in pixels */
            bbox: number[];
            category_id: number;
            id: number;
            image_id: number;
            iscrowd: number;
        };
        CocoCategory: {
            id: number;
            name: string;
        };
        CocoImage: {
            file_name: string;
            height: number;
            id: number;
            width: number;
        };
        /** @description A column as guessed. */
        ColumnEntry: {
            /** @description values in order of appearance, at most 50 */
            classes: string[];
            distinct: number;
            /** @description the header is row 1 */
            first_missing_row: number | null;
            high: number | null;
            /** @enum {string} */
            kind: "number" | "class";
            low: number | null;
            /** @description empty cells */
            missing: number;
            name: string;
        };
        Command: components["schemas"]["Play"] | components["schemas"]["Pause"] | components["schemas"]["Step"] | components["schemas"]["Speed"] | components["schemas"]["Pace"] | components["schemas"]["Reset"] | components["schemas"]["Set"] | components["schemas"]["Edit"] | components["schemas"]["Undo"] | components["schemas"]["Redo"] | components["schemas"]["Seek"] | components["schemas"]["Rewind"] | components["schemas"]["Probe"] | components["schemas"]["Solve"] | components["schemas"]["Move"];
        /** @description A command has been carried out between two steps. */
        CommandAnswer: {
            /**
             * @description a later command of the same path took its place
             * @constant
             */
            coalesced?: true;
            /** @description the command's own */
            id: number | string | null;
            /** @constant */
            ok: true;
            op: string;
            /** @description edits that can be made again; not with coalesced */
            redo?: number;
            /** @description with spec */
            report?: components["schemas"]["Report"];
            /** @description to solve */
            solution?: components["schemas"]["Solution"];
            /** @description if the spec is another one now */
            spec?: components["schemas"]["Spec"];
            /** @description the state afterwards; not with coalesced */
            state?: components["schemas"]["RunState"];
            /** @description at which it took effect */
            step: number;
            /** @description edits that can be undone; not with coalesced */
            undo?: number;
            /** @description to a set: what is likely to surprise */
            warnings?: components["schemas"]["SpecWarning"][];
        };
        /** @description Runs side by side, with their specs. */
        ComparisonPage: {
            /** @description so many of the unit in eleven seconds; null: the lab's clock, in steps */
            clock: number | null;
            log: boolean;
            /** @enum {string} */
            part: "train" | "cv" | "test";
            runs: components["schemas"]["ContestantPage"][];
            shared: boolean;
            show: "gradients" | null;
            surface: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /**
             * @description in which nobody is ahead of the others
             * @enum {string}
             */
            unit: "step" | "epoch" | "multiplications";
        };
        /** @description Of the view confusion: confusion matrix: rows the true class, columns the predicted one. */
        ConfusionAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the classes; none: it is no classifier */
            classes: string[];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description from this probability on: class 1 */
            threshold: number;
        };
        /** @description confusion matrix: rows the true class, columns the predicted one */
        ConfusionView: {
            /**
             * @description which part
             * @default test
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description from this probability on: class 1
             * @default 0.5
             */
            threshold?: number;
        };
        /** @description \alpha = \alpha_0 */
        ConstantSchedule: {
            /** @constant */
            name: "constant";
        };
        /** @description One of several runs that are watched side by side. */
        ContestantPage: {
            label: {
                [key: string]: string;
            };
            spec: components["schemas"]["Spec"];
            surface: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
        };
        /** @description slides learnt filters over an image */
        Conv2DLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * @description how b starts
             * @default zeros
             * @enum {string}
             */
            bias_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for b
             * @default null
             */
            bias_regularizer?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            filters?: number | "auto";
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * @description how W starts
             * @default glorot_uniform
             * @enum {string}
             */
            kernel_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description l1·Σ|W| + l2·ΣW²
             * @default null
             */
            kernel_regularizer?: null;
            /**
             * @description height and width of the window
             * @default 3
             */
            kernel_size?: number | number[];
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description valid: windows inside alone; same: zeros around
             * @default valid
             * @enum {string}
             */
            padding?: "valid" | "same";
            /**
             * @description pixels between windows
             * @default 1
             */
            strides?: number | number[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Conv2D";
            units?: null;
            /**
             * @description add b
             * @default true
             */
            use_bias?: boolean;
        };
        /** @description \alpha = \alpha_0 \tfrac{1 + \cos(\pi t/s)}{2} */
        CosineDecaySchedule: {
            /**
             * @description what is left at the end
             * @default 0
             */
            alpha?: number;
            /**
             * @description optimiser steps of one decay
             * @default 1000
             */
            decay_steps?: number;
            /** @constant */
            name: "cosine_decay";
            /**
             * @description steps of a straight climb from 0 first
             * @default 0
             */
            warmup_steps?: number;
        };
        /** @description Of the view cost: J over the train, cross-validation and test parts, without penalty. */
        CostAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description J of the best constant answer on the training part (J) */
            constant: number | null;
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description α of the coming step */
            learning_rate: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /** @description names of the parts, in order */
            parts: string[];
            /** @description what l1 and l2 add to J at that moment (J) */
            penalty: number | null;
        };
        /** @description The newest row of the cost history; null: not measured at that row. */
        Costs: {
            cv: number | null;
            epoch: number;
            loss: number | null;
            step: number;
            test: number | null;
            train: number | null;
        };
        /** @description J over the train, cross-validation and test parts, without penalty */
        CostView: Record<string, never>;
        /** @description What the examples are. */
        DataAbout: {
            /** @description what plots show of each input, a margin around its values included; none for pictures */
            bounds: number[][];
            classes: string[];
            /** @description examples of each part */
            counts: {
                [key: string]: number;
            };
            examples: number;
            /** @description engineered inputs */
            features: string[];
            inputs: string[];
            /** @enum {string} */
            kind: "line" | "plane" | "table" | "image";
            /** @description of one example */
            shape: number[];
            target: string;
            task: string;
        };
        /** @description Of GET /runs/{id}/data: tensors x, y and part. */
        DataMeta: {
            /** @description JSON object: DataAbout */
            about: string;
            /** @constant */
            kind: "data";
            /** @description whole number: the run's, when the examples were read */
            revision: string;
            run: string;
        };
        /** @description A data set or a generator of data. */
        DatasetEntry: {
            arguments: components["schemas"]["ArgumentEntry"][];
            classes: string[];
            doc: string;
            /** @description null where the spec says how many */
            examples: number | null;
            /** @description engineered inputs that can be switched on by name */
            features: string[];
            /** @description parts for training, cross-validation and test it comes in */
            fixed_split: number[] | null;
            inputs: string[];
            /** @description line (one input), plane (two), table (more) or image */
            kind: string;
            name: string;
            outputs: number | null;
            /** @description of one example */
            shape: number[];
            /** @description sizes its pictures can be had in */
            sides: number[];
            task: string;
            /** @description whether a file of the visitor's holds it, which data.upload names */
            uploaded: boolean;
        };
        /** @description Which data, how much, split, engineered and scaled how. */
        DataSpec: {
            /**
             * @description classes of 'points'; 0 for values
             * @default 2
             */
            classes: number;
            /**
             * @description all monomials of the inputs up to this degree
             * @default 1
             */
            degree: number;
            /** @description engineered inputs; null for the raw ones */
            features: string[] | null;
            /**
             * @description what to answer; inputs: an autoencoder
             * @default target
             * @enum {string}
             */
            goal: "target" | "inputs";
            /** @description input columns of 'csv' */
            inputs: string[] | null;
            /**
             * @description a data set of the catalogue, 'points' or 'csv'
             * @default circle
             */
            name: string;
            /**
             * @description 0 is clean, 1 drowns the shape
             * @default 0.1
             */
            noise: number;
            /** @description [x1, x2, value] of 'points' */
            points: number[][] | null;
            /**
             * @description how many examples
             * @default 500
             */
            samples: number;
            /**
             * @default none
             * @enum {string}
             */
            scaling: "none" | "max" | "mean" | "zscore";
            scene: components["schemas"]["SceneSpec"];
            /**
             * @description another seed, another sample
             * @default 0
             */
            seed: number;
            /** @description side of the pictures, where the data set has several */
            size: number | null;
            split: components["schemas"]["Split"];
            /** @default 0 */
            split_seed: number;
            /** @description target column of 'csv' */
            target: string | null;
            /**
             * @description regression targets
             * @default none
             * @enum {string}
             */
            target_scaling: "none" | "max" | "mean" | "zscore";
            /** @description m: only so many of the training part; null for all */
            train_rows: number | null;
            /** @description id of the CSV of 'csv' */
            upload: string | null;
        };
        /** @description Which data, how much, split, engineered and scaled how. */
        DataSpecInput: {
            /**
             * @description classes of 'points'; 0 for values
             * @default 2
             */
            classes?: number;
            /**
             * @description all monomials of the inputs up to this degree
             * @default 1
             */
            degree?: number;
            /** @description engineered inputs; null for the raw ones */
            features?: string[] | null;
            /**
             * @description what to answer; inputs: an autoencoder
             * @default target
             * @enum {string}
             */
            goal?: "target" | "inputs";
            /** @description input columns of 'csv' */
            inputs?: string[] | null;
            /**
             * @description a data set of the catalogue, 'points' or 'csv'
             * @default circle
             */
            name?: string;
            /**
             * @description 0 is clean, 1 drowns the shape
             * @default 0.1
             */
            noise?: number;
            /** @description [x1, x2, value] of 'points' */
            points?: number[][] | null;
            /**
             * @description how many examples
             * @default 500
             */
            samples?: number;
            /**
             * @default none
             * @enum {string}
             */
            scaling?: "none" | "max" | "mean" | "zscore";
            scene?: components["schemas"]["SceneSpecInput"];
            /**
             * @description another seed, another sample
             * @default 0
             */
            seed?: number;
            /** @description side of the pictures, where the data set has several */
            size?: number | null;
            split?: components["schemas"]["SplitInput"];
            /** @default 0 */
            split_seed?: number;
            /** @description target column of 'csv' */
            target?: string | null;
            /**
             * @description regression targets
             * @default none
             * @enum {string}
             */
            target_scaling?: "none" | "max" | "mean" | "zscore";
            /** @description m: only so many of the training part; null for all */
            train_rows?: number | null;
            /** @description id of the CSV of 'csv' */
            upload?: string | null;
        };
        /** @description every output sees every input */
        DenseLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * @description how b starts
             * @default zeros
             * @enum {string}
             */
            bias_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for b
             * @default null
             */
            bias_regularizer?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * @description how W starts
             * @default glorot_uniform
             * @enum {string}
             */
            kernel_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description l1·Σ|W| + l2·ΣW²
             * @default null
             */
            kernel_regularizer?: null;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Dense";
            units: number | "auto" | null;
            /**
             * @description add b
             * @default true
             */
            use_bias?: boolean;
        };
        /** @description every output sees every input */
        DenseLayerInput: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * @description how b starts
             * @default zeros
             * @enum {string}
             */
            bias_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for b
             * @default null
             */
            bias_regularizer?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * @description how W starts
             * @default glorot_uniform
             * @enum {string}
             */
            kernel_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description l1·Σ|W| + l2·ΣW²
             * @default null
             */
            kernel_regularizer?: null;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type?: "Dense";
            units: number | "auto" | null;
            /**
             * @description add b
             * @default true
             */
            use_bias?: boolean;
        };
        /** @description one small filter for each channel by itself */
        DepthwiseConv2DLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * @description how b starts
             * @default zeros
             * @enum {string}
             */
            bias_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for b
             * @default null
             */
            bias_regularizer?: null;
            /**
             * @description filters for each channel
             * @default 1
             */
            depth_multiplier?: number;
            /**
             * @description how W starts
             * @default glorot_uniform
             * @enum {string}
             */
            depthwise_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description l1·Σ|W| + l2·ΣW²
             * @default null
             */
            depthwise_regularizer?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * @description height and width of the window
             * @default 3
             */
            kernel_size?: number | number[];
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description valid: windows inside alone; same: zeros around
             * @default valid
             * @enum {string}
             */
            padding?: "valid" | "same";
            /**
             * @description pixels between windows
             * @default 1
             */
            strides?: number | number[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "DepthwiseConv2D";
            units?: null;
            /**
             * @description add b
             * @default true
             */
            use_bias?: boolean;
        };
        /** @description bias = J_train − baseline, variance = J_cv − J_train; shares are parts of scale = J_constant − baseline. */
        Diagnosis: {
            bias: number;
            bias_share: number;
            high_bias: boolean;
            high_variance: boolean;
            remedies: components["schemas"]["RemedyEntry"][];
            scale: number;
            variance: number;
            variance_share: number;
        };
        /** @description Where the numbers stopped being finite. */
        Divergence: {
            /** @description a kept moment to rewind to */
            last_good_step: number;
            layer: string;
            step: number;
            /** @description layer/name of the first such weight */
            weight: string | null;
        };
        /** @description Of the view dropout: which units took part in the last step (its first example): 1 kept, 0 switched off. */
        DropoutAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
        };
        /** @description switches off a random part of its inputs in each training step */
        DropoutLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description the part switched off
             * @default 0.5
             */
            rate?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Dropout";
            units?: null;
        };
        /** @description which units took part in the last step (its first example): 1 kept, 0 switched off */
        DropoutView: Record<string, never>;
        /** @description Why early stopping ended the training, and where the run went back to. */
        EarlyStop: {
            best_epoch: number;
            best_step: number;
            /** @description J_cv at the best moment */
            cost: number;
            epoch: number;
            step: number;
        };
        /** @description The run stops when J_cv has not fallen for so many epochs, and takes back its best weights. */
        EarlyStoppingSpec: {
            /**
             * @description epochs without a smaller J_cv
             * @default 10
             */
            patience: number;
        };
        /** @description The run stops when J_cv has not fallen for so many epochs, and takes back its best weights. */
        EarlyStoppingSpecInput: {
            /**
             * @description epochs without a smaller J_cv
             * @default 10
             */
            patience?: number;
        };
        /** @description Sets one number of a weight: tensor 'h1/kernel', index [input, unit]. */
        Edit: {
            /**
             * @description a slider on its way: undone together with the edit before it
             * @default false
             */
            continues?: boolean;
            /** @description quoted in the answer */
            id?: number | string | null;
            index: number[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "edit";
            tensor: string;
            value: number;
        };
        /** @description Of the view effective_steps: how far each parameter moved at the last step, in units of α·|gradient| and of α: what an adaptive optimiser does. */
        EffectiveStepsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description parameters that are sent */
            most: number;
            /** @description names of the parameters */
            names: string[];
            /** @description α of the coming step */
            rate: number;
        };
        /** @description how far each parameter moved at the last step, in units of α·|gradient| and of α: what an adaptive optimiser does */
        EffectiveStepsView: {
            /**
             * @description parameters that are sent
             * @default 24
             */
            most?: number;
        };
        /** @description The run has been deleted. */
        Ended: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "ended";
        };
        Event: components["schemas"]["Hello"] | components["schemas"]["StateEvent"] | components["schemas"]["Recovered"] | components["schemas"]["Lost"] | components["schemas"]["Ended"] | components["schemas"]["Moved"];
        /** @description \alpha = \alpha_0 r^{t/s} */
        ExponentialDecaySchedule: {
            /**
             * @description how much it decays
             * @default 0.5
             */
            decay_rate?: number;
            /**
             * @description optimiser steps of one decay
             * @default 1000
             */
            decay_steps?: number;
            /** @constant */
            name: "exponential_decay";
            /**
             * @description in jumps instead of smoothly
             * @default false
             */
            staircase?: boolean;
        };
        /** @description Of the view face_landmarks: 68 landmarks of every face that a trained face detector finds. */
        FaceLandmarksAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description pictures */
            count: number;
            /** @description faces that were found */
            faces: number;
            /** @description the first picture */
            first: number;
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
        };
        /** @description 68 landmarks of every face that a trained face detector finds */
        FaceLandmarksView: {
            /**
             * @description least score of a box that is shown
             * @default 0.5
             */
            confidence?: number;
            /**
             * @description pictures
             * @default 4
             */
            count?: number;
            /**
             * @description the first picture
             * @default 0
             */
            first?: number;
            /**
             * @description NMS strikes out what overlaps more
             * @default 0.5
             */
            iou?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
        };
        /** @description One wrong place of a request. */
        FieldProblem: {
            /** @description what is wrong, as in Problem */
            code: string;
            detail: string;
            /** @description a path into what was sent */
            field: string;
            /** @description what the code's message is about */
            params: {
                [key: string]: string | number | boolean | (string | number | boolean | null)[] | null;
            };
        };
        /** @description What is found wrong in a layer; units: their places. */
        Finding: {
            amount: number | null;
            examples: number;
            /** @enum {string} */
            kind: "diverged" | "dead" | "saturated" | "vanishing" | "exploding" | "twins" | "cycle";
            lasting: boolean;
            layer: string;
            rows: number;
            /** @enum {string} */
            severity: "alarm" | "watch" | "note";
            share: number;
            step: number | null;
            units: number[];
            weight: string | null;
        };
        /** @description an image or volume becomes a vector */
        FlattenLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Flatten";
            units?: null;
        };
        Fork: {
            /** @description path → value, as in the set command */
            changes?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** @description a kept moment near this step; null for what is shown */
            step?: number | null;
        };
        /** @description An optimiser or a schedule. */
        FormulaEntry: {
            arguments: components["schemas"]["ArgumentEntry"][];
            formula: string;
            name: string;
        };
        /** @description What one reader passes back, where that is a formula. */
        FormulaPart: {
            formula: string;
            /** @enum {string} */
            kind: "formula" | "same" | "padding" | "slope" | "scale";
            name: string;
            numbers: string;
            parts: {
                [key: string]: number | null;
            };
            stage: string;
            value: number | null;
        };
        /** @description A formula as plain JSON. */
        FormulaTold: {
            formula: string;
            /** @enum {string} */
            kind: "formula" | "same" | "padding" | "slope" | "scale";
            name: string;
            numbers: string;
            parts: {
                [key: string]: number | null;
            };
            value: number | null;
        };
        /** @description Of a frame: tensors are called view/name. All values are text; numbers are written as text, too. */
        FrameMeta: {
            /** @description number */
            epoch: string;
            /** @description whole number: what to acknowledge */
            frame: string;
            /** @constant */
            kind: "frame";
            run: string;
            /** @description JSON object: FrameState */
            state: string;
            /** @description whole number: the step on show */
            step: string;
            /** @description number: Unix time, seconds */
            time: string;
            /** @description JSON object: ViewAbouts, each view's parameters and facts, such as the value that 255 stands for */
            views: string;
        };
        /** @description What a frame says of its run. */
        FrameState: {
            /** @description the step training has come to */
            head: number;
            /** @description steps a second that the pace allows now; null: the machine alone holds it */
            held: number | null;
            playing: boolean;
            /** @description measured steps a second */
            rate: number;
            /** @description of the moment on show: it grows with every edit and every seek, not with steps */
            revision: number;
            /** @description milliseconds of one step */
            step_ms: number;
            /** @description whether an earlier moment is on show */
            viewing: boolean;
        };
        /** @description Of the view gallery: pictures of one cell of the confusion matrix: examples of a true class with a given answer. */
        GalleryAbout: {
            /** @description the answer, or −1 for any wrong one */
            answer: number;
            /** @description the class answered for each */
            answers: number[];
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description so many there are */
            found: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description at most so many, the surest first */
            most: number;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description row in the data of each */
            rows: number[];
            /** @description the true class, or −1 for any */
            truth: number;
            /** @description the true class of each */
            truths: number[];
        };
        /** @description Of the view gallery, where it has nothing to show. */
        GalleryNothing: {
            /** @description the answer, or −1 for any wrong one */
            answer: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description so many there are */
            found: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description at most so many, the surest first */
            most: number;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description row in the data of each */
            rows: number[];
            /** @description the true class, or −1 for any */
            truth: number;
        };
        /** @description pictures of one cell of the confusion matrix: examples of a true class with a given answer */
        GalleryView: {
            /**
             * @description the answer, or −1 for any wrong one
             * @default -1
             */
            answer?: number;
            /**
             * @description at most so many, the surest first
             * @default 24
             */
            most?: number;
            /**
             * @description which part
             * @default test
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description the true class, or −1 for any
             * @default -1
             */
            truth?: number;
        };
        /** @description the mean of each channel over the whole image */
        GlobalAveragePooling2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "GlobalAveragePooling2D";
            units?: null;
        };
        /** @description the largest number of each channel in the whole image */
        GlobalMaxPooling2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "GlobalMaxPooling2D";
            units?: null;
        };
        /** @description A figure of the run and where it has to be, or a setting of its spec (a dotted path) and what it has to equal. */
        Goal: {
            at_least: number | null;
            at_most: number | null;
            equals: unknown;
            figure: string | null;
            setting: string | null;
        };
        /** @description Of the view gradients: ∂J/∂w of the last step: norm and histogram per layer, and every number if asked. */
        GradientsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description bars of a histogram */
            bins: number;
            /** @description send every gradient */
            full: boolean;
            /** @description the layer of each row */
            layers: string[];
            /** @description larger weights are left out of the frame */
            limit: number;
            /** @description of each row: the histogram goes over ± this */
            reach: number[];
        };
        /** @description ∂J/∂w of the last step: norm and histogram per layer, and every number if asked */
        GradientsView: {
            /**
             * @description bars of a histogram
             * @default 32
             */
            bins?: number;
            /**
             * @description send every gradient
             * @default false
             */
            full?: boolean;
            /**
             * @description larger weights are left out of the frame
             * @default 20000
             */
            limit?: number;
        };
        /** @description L = \tfrac12 (\hat y - y)^2 */
        HalfMseLoss: {
            /** @constant */
            name: "half_mse";
        };
        /** @description Of the view health: dead, saturated and twin units, vanishing and exploding gradients, divergence. */
        HealthAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description what was found, none if all is well */
            findings: components["schemas"]["Finding"][];
            /** @description whether what depends on J is still to be measured */
            measuring: boolean;
        };
        /** @description dead, saturated and twin units, vanishing and exploding gradients, divergence */
        HealthView: Record<string, never>;
        /** @description The first message: the run as GET /runs/{id} has it. */
        Hello: {
            /** @description Unix time, seconds */
            created: number;
            epoch: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "hello";
            id: string;
            metrics: components["schemas"]["Costs"] | null;
            /** @description the run that its owner has gone on to; who watches may follow */
            moved_to: string | null;
            /** @description the run it was forked from */
            parent: string | null;
            parent_step: number | null;
            playing: boolean;
            /** @constant */
            protocol: "descent.v1";
            /** @description edits that can be made again */
            redo: number;
            report: components["schemas"]["Report"];
            run: string;
            /** @description the spec of the earlier moment on show, if one is */
            shown_spec: components["schemas"]["Spec"] | null;
            spec: components["schemas"]["Spec"];
            state: components["schemas"]["RunState"];
            step: number;
            /** @description edits that can be undone */
            undo: number;
            viewers: number;
        };
        /** @description L = \max(0, 1 - y \hat y) */
        HingeLoss: {
            /** @constant */
            name: "hinge";
        };
        /** @description Rows of the cost history. */
        History: {
            /** @description step, epoch, loss (mean over the batches since the row before, with penalty), train, cv, test (J over the whole part, without penalty; of a run at rest the last row is exact) */
            columns: string[];
            /** @description the first row's number */
            from: number;
            /** @description a number a column; null: not measured at this row */
            rows: (number | null)[][];
            run: string;
        };
        /** @description Of rows of the cost history: tensors cost/step, cost/epoch, cost/loss, cost/train, cost/cv, cost/test. */
        HistoryMeta: {
            /** @description whole number: the first row's place; later ones you had are forgotten */
            from: string;
            /** @constant */
            kind: "history";
            /** @description which rows these are; to be sent back with `have` when one comes again */
            mark: string;
            /** @description whole number: how many */
            rows: string;
            run: string;
            /** @description whole number: of the last row */
            step: string;
        };
        /** @description L = \tfrac12 e^2 \text{ if } |e| \le \delta \text{ else } \delta |e| - \tfrac12 \delta^2 */
        HuberLoss: {
            /**
             * @description where it turns from squared to absolute
             * @default 1
             */
            delta?: number;
            /** @constant */
            name: "huber";
        };
        /** @description several kernel sizes side by side */
        InceptionBlockLayer: {
            activation?: null;
            /**
             * @description batch normalisation behind every convolution
             * @default false
             */
            batch_normalization?: boolean;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description channels of the 1×1 branch
             * @default 8
             */
            filters_1x1?: number;
            /**
             * @description channels of the 3×3 branch
             * @default 12
             */
            filters_3x3?: number;
            /**
             * @description channels of the 5×5 branch
             * @default 4
             */
            filters_5x5?: number;
            /**
             * @description channels of the pooling branch
             * @default 4
             */
            filters_pool?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description bottleneck before the 3×3, 0 for none
             * @default 8
             */
            reduce_3x3?: number;
            /**
             * @description bottleneck before the 5×5, 0 for none
             * @default 2
             */
            reduce_5x5?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "InceptionBlock";
            units?: null;
        };
        InitializerEntry: {
            doc: string;
            name: string;
        };
        /** @description \alpha = \frac{\alpha_0}{1 + r t/s} */
        InverseTimeDecaySchedule: {
            /**
             * @description how much it decays
             * @default 0.5
             */
            decay_rate?: number;
            /**
             * @description optimiser steps of one decay
             * @default 1000
             */
            decay_steps?: number;
            /** @constant */
            name: "inverse_time_decay";
            /**
             * @description in jumps instead of smoothly
             * @default false
             */
            staircase?: boolean;
        };
        /** @description widens, filters each channel, narrows, and adds its input */
        InvertedResidualLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description channels inside are the input's times this
             * @default 6
             */
            expansion?: number;
            /**
             * @description output channels
             * @default 16
             */
            filters?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description pixels between windows; 2 halves the image
             * @default 1
             */
            strides?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "InvertedResidual";
            units?: null;
        };
        JsonValue: unknown;
        /** @description A lab of the course. */
        LabEntry: {
            /** @description the knee of J in steps, for the command pace */
            clock: number;
            /** @description the view that the page gives the middle to */
            hero: string;
            id: string;
            number: string;
            question: {
                [key: string]: string;
            };
            spec: components["schemas"]["Spec"];
            title: {
                [key: string]: string;
            };
        };
        /** @description A lab whole: spec, text, what is compared, challenges. */
        LabPage: {
            architecture: string | null;
            baseline: number | null;
            challenges: components["schemas"]["Challenge"][];
            /** @description the knee of J in steps, for the command pace */
            clock: number;
            comparison: components["schemas"]["ComparisonPage"] | null;
            /** @description the view that has the middle: what the lesson is about */
            hero: string;
            /** @description the text, with formulas as MathML */
            html: string;
            id: string;
            language: string;
            number: string;
            panels: string[];
            /** @description the unit or map that is looked at first */
            pick: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            question: {
                [key: string]: string;
            };
            spec: components["schemas"]["Spec"];
            surface: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            sweep: components["schemas"]["SweepPlan"] | null;
            title: {
                [key: string]: string;
            };
            /** @description how the page shows it */
            view: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /** @description Of the view latent: where the examples lie in a layer (the narrowest, if none is named), and what comes out at any place there. */
        LatentAbout: {
            /** @description the unit along the horizontal axis */
            across: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description least and largest number along each axis of the plane (a) */
            bounds: number[][];
            /** @description decode a grid of so many places a side, too */
            grid: number;
            /** @description the layer that is shown; null: none has a code to walk through */
            layer: string | null;
            /** @description units of that layer */
            units: number;
            /** @description the unit along the vertical axis */
            up: number;
            /** @description the place to decode, along the horizontal axis */
            x: number;
            /** @description along the vertical axis */
            y: number;
        };
        /** @description Of the view latent, where it has nothing to show. */
        LatentNothing: {
            /** @description the unit along the horizontal axis */
            across: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description decode a grid of so many places a side, too */
            grid: number;
            /** @description the layer that is shown; null: none has a code to walk through */
            layer: string | null;
            /** @description the unit along the vertical axis */
            up: number;
            /** @description the place to decode, along the horizontal axis */
            x: number;
            /** @description along the vertical axis */
            y: number;
        };
        /** @description where the examples lie in a layer (the narrowest, if none is named), and what comes out at any place there */
        LatentView: {
            /**
             * @description the unit along the horizontal axis
             * @default 0
             */
            across?: number;
            /**
             * @description decode a grid of so many places a side, too
             * @default 0
             */
            grid?: number;
            /**
             * @description the layer's id
             * @default
             */
            layer?: string;
            /**
             * @description the unit along the vertical axis
             * @default 1
             */
            up?: number;
            /**
             * @description the place to decode, along the horizontal axis
             * @default 0
             */
            x?: number;
            /**
             * @description along the vertical axis
             * @default 0
             */
            y?: number;
        };
        LayerEntry: {
            arguments: components["schemas"]["ArgumentEntry"][];
            doc: string;
            name: string;
            /** @description whether it has a kernel that a spec's l1 and l2 keep small */
            regularized: boolean;
        };
        /** @description A layer of a spec as it would be built. */
        LayerRow: {
            id: string;
            input_shape: number[];
            /** @description the layers of a block */
            inside?: components["schemas"]["Leaf"][];
            /** @description parameters and activations of one batch, float32 */
            memory_bytes: number;
            multiplications: number;
            output_shape: number[];
            parameters: number;
            /** @description the same as they work, joints of branches too; the last gives what it gives */
            stages?: components["schemas"]["StageBrief"][];
            type: string;
        };
        /** @description One layer: its type, and that type's arguments beside it. */
        LayerSpec: components["schemas"]["DenseLayer"] | components["schemas"]["ActivationLayer"] | components["schemas"]["LeakyReLULayer"] | components["schemas"]["ReLULayer"] | components["schemas"]["Conv2DLayer"] | components["schemas"]["DepthwiseConv2DLayer"] | components["schemas"]["DropoutLayer"] | components["schemas"]["BatchNormalizationLayer"] | components["schemas"]["MaxPooling2DLayer"] | components["schemas"]["AveragePooling2DLayer"] | components["schemas"]["GlobalAveragePooling2DLayer"] | components["schemas"]["GlobalMaxPooling2DLayer"] | components["schemas"]["ResidualBlockLayer"] | components["schemas"]["BottleneckBlockLayer"] | components["schemas"]["InceptionBlockLayer"] | components["schemas"]["SeparableBlockLayer"] | components["schemas"]["InvertedResidualLayer"] | components["schemas"]["SideClassifierLayer"] | components["schemas"]["SeparableConv2DLayer"] | components["schemas"]["FlattenLayer"] | components["schemas"]["ReshapeLayer"] | components["schemas"]["ZeroPadding2DLayer"] | components["schemas"]["UpSampling2DLayer"];
        /** @description One layer: its type, and that type's arguments beside it. */
        LayerSpecInput: components["schemas"]["DenseLayerInput"] | components["schemas"]["ActivationLayer"] | components["schemas"]["LeakyReLULayer"] | components["schemas"]["ReLULayer"] | components["schemas"]["Conv2DLayer"] | components["schemas"]["DepthwiseConv2DLayer"] | components["schemas"]["DropoutLayer"] | components["schemas"]["BatchNormalizationLayer"] | components["schemas"]["MaxPooling2DLayer"] | components["schemas"]["AveragePooling2DLayer"] | components["schemas"]["GlobalAveragePooling2DLayer"] | components["schemas"]["GlobalMaxPooling2DLayer"] | components["schemas"]["ResidualBlockLayer"] | components["schemas"]["BottleneckBlockLayer"] | components["schemas"]["InceptionBlockLayer"] | components["schemas"]["SeparableBlockLayer"] | components["schemas"]["InvertedResidualLayer"] | components["schemas"]["SideClassifierLayer"] | components["schemas"]["SeparableConv2DLayer"] | components["schemas"]["FlattenLayer"] | components["schemas"]["ReshapeLayer"] | components["schemas"]["ZeroPadding2DLayer"] | components["schemas"]["UpSampling2DLayer"];
        /** @description A layer inside a block. */
        Leaf: {
            id: string;
            multiplications: number;
            output_shape: number[];
            parameters: number;
            type: string;
        };
        /** @description a ReLU that lets a little through below zero */
        LeakyReLULayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description slope below zero
             * @default 0.3
             */
            negative_slope?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "LeakyReLU";
            units?: null;
        };
        /** @description The weights have been taken, whole. */
        Loaded: {
            step: number;
        };
        /** @description L = \mathrm{BCE}(p_c) + 1_{p_c}\left[\lambda_b \lVert b - \hat b \rVert^2 - \ln c_k\right] */
        LocalisationLoss: {
            /**
             * @description λ of centre and size
             * @default 5
             */
            box_weight?: number;
            /**
             * @description λ of the class
             * @default 1
             */
            class_weight?: number;
            /** @constant */
            name: "localisation";
            /**
             * @description λ of p_c where nothing is
             * @default 0.5
             */
            no_object_weight?: number;
        };
        /** @description L over x: of numbers against ŷ − y, of two classes against p with y = 1 (one) and y = 0 (zero). */
        LossCurve: {
            one: number[];
            x: number[];
            /** @description of two classes */
            zero?: number[];
        };
        LossCurves: {
            /** @description where it is for two classes */
            binary?: components["schemas"]["LossCurve"];
            /** @description where the loss is for numbers */
            regression?: components["schemas"]["LossCurve"];
        };
        LossEntry: {
            arguments: components["schemas"]["ArgumentEntry"][];
            curves: components["schemas"]["LossCurves"];
            doc: string;
            formula: string;
            name: string;
            tasks: string[];
        };
        /** @description A loss of the catalogue, or auto. */
        LossSpec: components["schemas"]["AutoLoss"] | components["schemas"]["MseLoss"] | components["schemas"]["HalfMseLoss"] | components["schemas"]["MaeLoss"] | components["schemas"]["HuberLoss"] | components["schemas"]["BinaryCrossentropyLoss"] | components["schemas"]["CategoricalCrossentropyLoss"] | components["schemas"]["SparseCategoricalCrossentropyLoss"] | components["schemas"]["HingeLoss"] | components["schemas"]["PerceptronLoss"] | components["schemas"]["YoloLoss"] | components["schemas"]["LocalisationLoss"];
        /** @description A loss of the catalogue, or auto. */
        LossSpecInput: components["schemas"]["AutoLossInput"] | components["schemas"]["MseLoss"] | components["schemas"]["HalfMseLoss"] | components["schemas"]["MaeLoss"] | components["schemas"]["HuberLoss"] | components["schemas"]["BinaryCrossentropyLoss"] | components["schemas"]["CategoricalCrossentropyLoss"] | components["schemas"]["SparseCategoricalCrossentropyLoss"] | components["schemas"]["HingeLoss"] | components["schemas"]["PerceptronLoss"] | components["schemas"]["YoloLoss"] | components["schemas"]["LocalisationLoss"];
        /** @description Of the view loss_terms: the terms of a detector's loss over the steps: object, no object, centre, size, class. */
        LossTermsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the terms, in the order of the columns */
            terms: string[];
        };
        /** @description the terms of a detector's loss over the steps: object, no object, centre, size, class */
        LossTermsView: Record<string, never>;
        /** @description A loss of one output as plain JSON. */
        LossTold: {
            loss: components["schemas"]["FormulaTold"];
            over: number;
            slope: components["schemas"]["FormulaTold"];
        };
        /** @description The run could not be brought back. */
        Lost: {
            /** @description why, as in Problem */
            code: string;
            /** @description why, in English */
            detail: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "lost";
            /** @description what the code's message is about */
            params: {
                [key: string]: string | number | boolean | (string | number | boolean | null)[] | null;
            };
        };
        /** @description L = |\hat y - y| */
        MaeLoss: {
            /** @constant */
            name: "mae";
        };
        /** @description keeps the largest number of each window */
        MaxPooling2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description valid: windows inside alone; same: zeros around
             * @default valid
             * @enum {string}
             */
            padding?: "valid" | "same";
            /**
             * @description height and width of the window
             * @default 2
             */
            pool_size?: number | number[];
            /**
             * @description pixels between windows; null: pool_size
             * @default null
             */
            strides?: (number | number[]) | null;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "MaxPooling2D";
            units?: null;
        };
        /** @description What is known of a run, for the diagnosis. */
        Measured: {
            /**
             * @description the J that people, or the best known model, reach
             * @default 0
             */
            baseline?: number;
            /** @description the J of a constant answer; the scale of the gaps */
            constant?: number | null;
            j_cv: number;
            j_train: number;
            spec: components["schemas"]["SpecInput"];
        };
        /** @description A lab or a preset by its name. */
        MenuEntry: {
            /** @description of a preset: the view that the page gives the middle to */
            hero?: string;
            id: string;
            /** @description of a lab of the course */
            number?: string;
            title: {
                [key: string]: string;
            };
        };
        MetricEntry: {
            name: string;
            tasks: string[];
        };
        /** @description Of the view metrics: accuracy, precision, recall and F1, or MAE, MSE and R², for each part. */
        MetricsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description names of the columns */
            names: string[];
            /** @description examples of train, cv and test that there are */
            of: number[];
            /** @description names of the rows */
            parts: string[];
            /** @description from this probability on: class 1 */
            threshold: number;
        };
        /** @description accuracy, precision, recall and F1, or MAE, MSE and R², for each part */
        MetricsView: {
            /**
             * @description from this probability on: class 1
             * @default 0.5
             */
            threshold?: number;
        };
        /** @description Of the view mistakes: examples of a part with a wrong answer, the surest first, for error analysis. */
        MistakesAbout: {
            /** @description the class answered for each */
            answers: number[];
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description examples that were looked at */
            examples: number;
            /** @description so many are passed over */
            first: number;
            /** @description wrong answers there are */
            found: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description at most so many */
            most: number;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description place in the part of each */
            places: number[];
            /** @description row in the data of each */
            rows: number[];
            /** @description probability of each answer (0 … 1) */
            shares: number[];
            /** @description from this probability on: class 1 */
            threshold: number;
            /** @description the true class of each */
            truths: number[];
        };
        /** @description Of the view mistakes, where it has nothing to show. */
        MistakesNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description examples that were looked at */
            examples: number;
            /** @description so many are passed over */
            first: number;
            /** @description wrong answers there are */
            found: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description at most so many */
            most: number;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description row in the data of each */
            rows: number[];
            /** @description from this probability on: class 1 */
            threshold: number;
        };
        /** @description examples of a part with a wrong answer, the surest first, for error analysis */
        MistakesView: {
            /**
             * @description so many are passed over
             * @default 0
             */
            first?: number;
            /**
             * @description at most so many
             * @default 24
             */
            most?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description from this probability on: class 1
             * @default 0.5
             */
            threshold?: number;
        };
        /** @description Other weights: the point (u, v) of the cost surface that was last asked for. */
        Move: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "move";
            u: number;
            v: number;
        };
        /** @description The run's owner has gone on to another one; who watches may follow. */
        Moved: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "moved";
            run: string;
        };
        /** @description L = (\hat y - y)^2 */
        MseLoss: {
            /** @constant */
            name: "mse";
        };
        /** @description Of the view neurons: every unit's live map: over the input plane, along the input line, or over sample images. */
        NeuronsAbout: {
            /** @description the raw input along the horizontal axis */
            across: number;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description of pictures: names of the classes */
            classes?: string[];
            /** @description which example of the part; −1: the visitor's probe */
            index: number;
            /** @description blocks of image layers whose stages are sent, too, by id: b1,b2 */
            inside: string;
            /**
             * @description what the maps lie over
             * @enum {string}
             */
            kind: "line" | "plane" | "image";
            /** @description of pictures: weights, samples, maps, filters or gradients, by layer */
            kinds?: {
                [key: string]: string;
            };
            /** @description one layer only (its position), or −1 for all */
            layer: number;
            /** @description units of a layer that are sent */
            most: number;
            /**
             * @description whose example goes through the network
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description most pixels of a layer's maps, about */
            pixels: number;
            /** @description by layer what the colours mean; a reach of 0: each map has its own (a) */
            scales: {
                [key: string]: components["schemas"]["ScaleTold"];
            };
            /**
             * @description of image layers: feature maps, filters, or ∂J/∂maps
             * @enum {string}
             */
            show: "maps" | "filters" | "gradients";
            /** @description most pixels on a side of a feature map */
            side: number;
            /** @description pixels on a side */
            size: number;
            /**
             * @description which maps share a colour range
             * @enum {string}
             */
            spread: "map" | "layer" | "net";
            /** @description one unit only, or −1 */
            unit: number;
            /** @description the raw input along the vertical axis */
            up: number;
            /** @description bounds of the horizontal axis (of the inputs) */
            x?: number[];
            /** @description bounds of the vertical axis; of a line there is none (of the inputs) */
            y?: number[];
        };
        /** @description every unit's live map: over the input plane, along the input line, or over sample images */
        NeuronsView: {
            /**
             * @description the raw input along the horizontal axis
             * @default 0
             */
            across?: number;
            /**
             * @description which example of the part; −1: the visitor's probe
             * @default 0
             */
            index?: number;
            /**
             * @description blocks of image layers whose stages are sent, too, by id: b1,b2
             * @default
             */
            inside?: string;
            /**
             * @description one layer only (its position), or −1 for all
             * @default -1
             */
            layer?: number;
            /**
             * @description units of a layer that are sent
             * @default 64
             */
            most?: number;
            /**
             * @description whose example goes through the network
             * @default train
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description most pixels of a layer's maps, about
             * @default 1048576
             */
            pixels?: number;
            /**
             * @description of image layers: feature maps, filters, or ∂J/∂maps
             * @default maps
             * @enum {string}
             */
            show?: "maps" | "filters" | "gradients";
            /**
             * @description most pixels on a side of a feature map
             * @default 64
             */
            side?: number;
            /**
             * @description pixels on a side
             * @default 24
             */
            size?: number;
            /**
             * @description which maps share a colour range
             * @default layer
             * @enum {string}
             */
            spread?: "map" | "layer" | "net";
            /**
             * @description one unit only, or −1
             * @default -1
             */
            unit?: number;
            /**
             * @description the raw input along the vertical axis
             * @default 1
             */
            up?: number;
        };
        /** @description A spec, or the name of a lab (preset). */
        NewRun: {
            /**
             * @description begins slowly, by the clock of the lab or preset (200 steps for a spec); see the command pace
             * @default false
             */
            clock?: boolean;
            lab?: string | null;
            spec?: components["schemas"]["SpecInput"] | null;
        };
        /** @description Runs of `spec` with each of `points` (changes, path → value, as in the set command), each over some seeds. */
        NewSweep: {
            /**
             * @description solve: the normal equation (linear models)
             * @default train
             * @enum {string}
             */
            method?: "train" | "solve";
            points: {
                [key: string]: components["schemas"]["JsonValue"];
            }[];
            /**
             * @description repetitions, each with other weights and another split
             * @default 1
             */
            seeds?: number;
            spec: components["schemas"]["SpecInput"];
            /**
             * @description training steps of each run
             * @default 500
             */
            steps?: number;
        };
        /** @description An optimiser of the catalogue with its arguments. */
        OptimizerSpec: components["schemas"]["SGDOptimizer"] | components["schemas"]["AdagradOptimizer"] | components["schemas"]["RMSpropOptimizer"] | components["schemas"]["AdamOptimizer"] | components["schemas"]["AdamWOptimizer"];
        /** @description An optimiser of the catalogue with its arguments. */
        OptimizerSpecInput: components["schemas"]["SGDOptimizerInput"] | components["schemas"]["AdagradOptimizerInput"] | components["schemas"]["RMSpropOptimizerInput"] | components["schemas"]["AdamOptimizerInput"] | components["schemas"]["AdamWOptimizerInput"];
        /**
         * @description By a clock: two steps a second at first, `knee` steps in the first eleven seconds, then as fast as it goes.
         *
         *     It begins at the present step, and anew at a reset; speed ends it. It changes when steps are made, and no number.
         */
        Pace: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /** @description null: the run's own, as its state has it, else 200 */
            knee?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "pace";
        };
        Pause: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "pause";
        };
        Penalty: {
            /**
             * @description l1·Σ|w|
             * @default 0
             */
            l1: number;
            /**
             * @description l2·Σw²; the course's λ/m
             * @default 0
             */
            l2: number;
        };
        PenaltyInput: {
            /**
             * @description l1·Σ|w|
             * @default 0
             */
            l1?: number;
            /**
             * @description l2·Σw²; the course's λ/m
             * @default 0
             */
            l2?: number;
        };
        /** @description L = (\hat y - y)\, z */
        PerceptronLoss: {
            /**
             * @description the model answers with z, not with g(z)
             * @default false
             */
            from_logits?: boolean;
            /** @constant */
            name: "perceptron";
        };
        /** @description What was asked for, word for word. */
        Picked: {
            example: number;
            number: number;
            place: number[];
            stage: string;
            weight: string | null;
        };
        /** @description What a number of a stage is made of, and one of its weights. */
        PickedTerms: {
            activation?: components["schemas"]["FormulaTold"] | null;
            activation_slope?: components["schemas"]["FormulaTold"] | null;
            backward?: (components["schemas"]["SumPart"] | components["schemas"]["FormulaPart"])[];
            forward?: components["schemas"]["SumTold"] | components["schemas"]["FormulaTold"];
            gradient?: components["schemas"]["SumTold"] | null;
            loss?: components["schemas"]["LossTold"] | null;
            open: {
                [key: string]: (number | null)[];
            };
            picked: components["schemas"]["Picked"];
            place?: number[];
            update?: components["schemas"]["FormulaTold"][];
        };
        /** @description Of the view pictures: examples of a part as pixels; they do not change: one frame of them is enough. */
        PicturesAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description pictures */
            count: number;
            /** @description the first picture */
            first: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description one row of the data instead */
            row: number;
            /** @description row in the data of each picture */
            rows: number[];
        };
        /** @description examples of a part as pixels; they do not change: one frame of them is enough */
        PicturesView: {
            /**
             * @description pictures
             * @default 4
             */
            count?: number;
            /**
             * @description the first picture
             * @default 0
             */
            first?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description one row of the data instead
             * @default -1
             */
            row?: number;
        };
        /** @description \alpha = \alpha_0 f_i */
        PiecewiseConstantDecaySchedule: {
            boundaries: number[];
            factors: number[];
            /** @constant */
            name: "piecewise_constant_decay";
        };
        /** @description Answered at once: for who has heard nothing for a while. */
        Ping: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /** @constant */
            op: "ping";
        };
        /** @description Train until told otherwise. */
        Play: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "play";
        };
        /** @description Of the view points: landmarks on pictures: where the network sees them, beside the truth. */
        PointsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description pictures */
            count: number;
            /** @description the first picture */
            first: number;
            /** @description names of the landmarks */
            names: string[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description whether the first is the visitor's own input */
            probe: boolean;
            /** @description row in the data of each picture */
            rows: number[];
        };
        /** @description Of the view points, where it has nothing to show. */
        PointsNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description pictures */
            count: number;
            /** @description the first picture */
            first: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description row in the data of each picture */
            rows: number[];
        };
        /** @description landmarks on pictures: where the network sees them, beside the truth */
        PointsView: {
            /**
             * @description pictures
             * @default 4
             */
            count?: number;
            /**
             * @description the first picture
             * @default 0
             */
            first?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
        };
        /** @description \alpha = \alpha_0 (1 - t/s)^p */
        PolynomialDecaySchedule: {
            /**
             * @description optimiser steps of one decay
             * @default 1000
             */
            decay_steps?: number;
            /**
             * @description what is left at the end
             * @default 0
             */
            end_factor?: number;
            /** @constant */
            name: "polynomial_decay";
            /**
             * @description 1 is a straight line
             * @default 1
             */
            power?: number;
        };
        /** @description The connection lives. */
        Pong: {
            id: number | string | null;
            /** @constant */
            ok: true;
            /** @constant */
            op: "ping";
            step: number;
        };
        Predict: {
            /**
             * @description every layer's z and a as well
             * @default false
             */
            activations?: boolean;
            /** @description raw inputs, one example a row */
            inputs: components["schemas"]["JsonValue"][];
        };
        /** @description The model's answers to given inputs. */
        Prediction: {
            /** @description every layer's z and a, by layer/z and layer/a */
            activations?: {
                [key: string]: components["schemas"]["JsonValue"][];
            };
            classes: string[];
            /** @description a (nested) list of numbers for each input, in the data's own units */
            outputs: components["schemas"]["JsonValue"][];
            /** @description of the run at that step */
            revision: number;
            step: number;
        };
        /** @description Of the view predictions: the model's answers on the points, in the order of GET /runs/{id}/data. */
        PredictionsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description at most so many points */
            most: number;
        };
        /** @description the model's answers on the points, in the order of GET /runs/{id}/data */
        PredictionsView: {
            /**
             * @description at most so many points
             * @default 1000
             */
            most?: number;
        };
        /** @description A preset, which has no text of its own. */
        PresetEntry: {
            /** @description the knee of J in steps, for the command pace */
            clock: number;
            /** @description the view that the page gives the middle to */
            hero: string;
            id: string;
            spec: components["schemas"]["Spec"];
            title: {
                [key: string]: string;
            };
        };
        /** @description Shows the network a picture of the visitor's: views with index −1 look at it. null takes it away. */
        Probe: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "probe";
            /** @description base64 of the pixels, uint8 in rows, (H, W, C) */
            picture: string | null;
        };
        /** @description What went wrong, as RFC 9457 has it. */
        Problem: {
            /** @description what went wrong: a message of languages/*\/errors.ftl, listed in docs/errors.md */
            code: string;
            /** @description the sentence in English: who wanted what, and what came */
            detail: string;
            /** @description every wrong place */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description the place that is to blame, a path into what was sent */
            field?: string;
            /** @description the id of the layer that this place lies in */
            layer?: string;
            /** @description true where a setting of the server is the limit */
            limit?: boolean;
            /** @description what the message is about, by name: numbers, names, lists of them */
            params: {
                [key: string]: string | number | boolean | (string | number | boolean | null)[] | null;
            };
            status: number;
            /** @description the kind of error in a few words */
            title: string;
            /** @description the page that explains this kind of error, /docs/errors#STATUS */
            type: string;
        };
        /** @description Of the view propagation: one example or a small batch stepped through: a and z forward, ∂J/∂a, ∂J/∂z, ∂J/∂w backward, and the new weights; and what one number that is picked is made of. */
        PropagationAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description J of the batch (J) */
            cost: number | null;
            /** @description examples of the batch */
            count: number;
            /** @description its example in the batch */
            example: number;
            /** @description the first example of the training part */
            index: number;
            /** @description the stages, in order */
            layers: components["schemas"]["StageRow"][];
            /** @description arrays with more numbers than the limit */
            left_out: string[];
            /** @description larger arrays are left out */
            limit: number;
            /** @description the loss with its arguments */
            loss: {
                [key: string]: unknown;
            };
            /** @description its place in the stage's output in reading order; −1: a weight alone */
            number: number;
            /** @description the optimiser with its arguments */
            optimizer: {
                [key: string]: unknown;
            };
            /** @description which of its numbers, along the axes left open */
            place: number[];
            /** @description its α */
            rate: number;
            /** @description row in the data of each example */
            rows: number[];
            /** @description what the colours of answers and target mean; null: they are no such numbers */
            scale: components["schemas"]["ScaleTold"] | null;
            /** @description the stage of the number that is picked; null: none is */
            stage: string | null;
            /** @description the step that would come */
            step: number;
            /** @description what the number that is picked is made of; null: none is */
            terms: components["schemas"]["PickedTerms"] | null;
            /** @description a weight of that stage; null: none is picked */
            weight: string | null;
        };
        /** @description one example or a small batch stepped through: a and z forward, ∂J/∂a, ∂J/∂z, ∂J/∂w backward, and the new weights; and what one number that is picked is made of */
        PropagationView: {
            /**
             * @description examples of the batch
             * @default 1
             */
            count?: number;
            /**
             * @description its example in the batch
             * @default 0
             */
            example?: number;
            /**
             * @description the first example of the training part
             * @default 0
             */
            index?: number;
            /**
             * @description larger arrays are left out
             * @default 40000
             */
            limit?: number;
            /**
             * @description its place in the stage's output in reading order; −1: a weight alone
             * @default -1
             */
            number?: number;
            /**
             * @description which of its numbers, along the axes left open
             * @default []
             */
            place?: number[];
            /**
             * @description the stage of the number that is picked; null: none is
             * @default null
             */
            stage?: string | null;
            /**
             * @description a weight of that stage; null: none is picked
             * @default null
             */
            weight?: string | null;
        };
        /** @description Of the view reconstruction: examples of a part and what the network makes of them (targets that are the inputs). */
        ReconstructionAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples */
            count: number;
            /** @description the first example */
            first: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description whether the first is the visitor's own input */
            probe: boolean;
            /** @description row in the data of each */
            rows: number[];
        };
        /** @description Of the view reconstruction, where it has nothing to show. */
        ReconstructionNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description examples */
            count: number;
            /** @description the first example */
            first: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description row in the data of each */
            rows: number[];
        };
        /** @description examples of a part and what the network makes of them (targets that are the inputs) */
        ReconstructionView: {
            /**
             * @description examples
             * @default 8
             */
            count?: number;
            /**
             * @description the first example
             * @default 0
             */
            first?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
        };
        /** @description The training process died; the run goes on from its last checkpoint and what was asked since. */
        Recovered: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "recovered";
            state: components["schemas"]["RunState"];
            step: number;
        };
        /** @description Makes the edit that was undone last again. */
        Redo: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "redo";
        };
        /** @description What cannot be done, as in a problem document. */
        Refusal: {
            code: string;
            detail: string;
            params: {
                [key: string]: string | number | boolean | null | (string | number | boolean | null)[];
            };
        };
        /** @description A message that was not obeyed, and why. */
        Refused: {
            error: components["schemas"]["Problem"];
            id: number | string | null;
            /** @description of a command: the step at which it was refused */
            step?: number;
        };
        /** @description a ReLU with a ceiling, a threshold and a slope below it */
        ReLULayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description ceiling; null for none
             * @default null
             */
            max_value?: number | null;
            /**
             * @description slope below the threshold
             * @default 0
             */
            negative_slope?: number;
            /**
             * @description from where on numbers pass
             * @default 0
             */
            threshold?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "ReLU";
            units?: null;
        };
        /** @description A change that may help: path → value as in set; longer: how many times the steps. */
        RemedyEntry: {
            /** @enum {string} */
            against: "bias" | "variance";
            changes: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            id: string;
            longer: number;
        };
        /** @description What a spec becomes: shapes, parameters, multiplications, memory, and every choice filled in. */
        Report: {
            classes: string[];
            examples: number;
            /** @description of one example, without the batch */
            input_shape: number[];
            inputs: string[];
            layers: components["schemas"]["LayerRow"][];
            /** @description the spec with every auto replaced */
            resolved: components["schemas"]["Spec"];
            task: string;
            totals: components["schemas"]["Totals"];
            /** @constant */
            valid: true;
            warnings: components["schemas"]["SpecWarning"][];
        };
        /** @description Back to step 0: with the same initial weights, or another seed's. */
        Reset: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "reset";
            seed?: number | null;
        };
        /** @description the same numbers in another shape */
        ReshapeLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /** @description shape of one example, −1 for one unknown */
            target_shape?: number[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "Reshape";
            units?: null;
        };
        /** @description two convolutions and a way around them */
        ResidualBlockLayer: {
            activation?: null;
            /**
             * @description batch normalisation behind every convolution
             * @default true
             */
            batch_normalization?: boolean;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description output channels
             * @default 16
             */
            filters?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description the way around; off: a plain net's two convolutions
             * @default true
             */
            shortcut?: boolean;
            /**
             * @description pixels between windows; 2 halves the image
             * @default 1
             */
            strides?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "ResidualBlock";
            units?: null;
        };
        /** @description Of the view responses: z of one unit for many training examples: where on its activation they lie. */
        ResponsesAbout: {
            /** @description g in a = g(z); null: the layer has none of its own */
            activation: string | null;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description the layer's id */
            layer: string;
            /** @description examples */
            most: number;
            /** @description which unit */
            unit: number;
        };
        /** @description z of one unit for many training examples: where on its activation they lie */
        ResponsesView: {
            /**
             * @description the layer's id
             * @default
             */
            layer?: string;
            /**
             * @description examples
             * @default 80
             */
            most?: number;
            /**
             * @description which unit
             * @default 0
             */
            unit?: number;
        };
        /** @description Goes back to the kept moment nearest to a step and forgets what came after. */
        Rewind: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "rewind";
            step: number;
        };
        /** @description s \leftarrow \rho s + (1-\rho) g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon} */
        RMSpropOptimizer: {
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate: number;
            /**
             * @description how much of the last step is kept
             * @default 0
             */
            momentum?: number;
            /** @constant */
            name: "RMSprop";
            /**
             * @description how slowly s follows g²
             * @default 0.9
             */
            rho?: number;
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description s \leftarrow \rho s + (1-\rho) g^2,\quad p \leftarrow p - \alpha g / \sqrt{s + \varepsilon} */
        RMSpropOptimizerInput: {
            /**
             * @description keeps the division finite
             * @default 1e-7
             */
            epsilon?: number;
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate?: number;
            /**
             * @description how much of the last step is kept
             * @default 0
             */
            momentum?: number;
            /** @constant */
            name: "RMSprop";
            /**
             * @description how slowly s follows g²
             * @default 0.9
             */
            rho?: number;
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description A run: its spec, what the spec becomes, and what the run is doing. */
        Run: {
            /** @description Unix time, seconds */
            created: number;
            epoch: number;
            id: string;
            metrics: components["schemas"]["Costs"] | null;
            /** @description the run that its owner has gone on to; who watches may follow */
            moved_to: string | null;
            /** @description the run it was forked from */
            parent: string | null;
            parent_step: number | null;
            playing: boolean;
            /** @description edits that can be made again */
            redo: number;
            report: components["schemas"]["Report"];
            /** @description the spec of the earlier moment on show, if one is */
            shown_spec: components["schemas"]["Spec"] | null;
            spec: components["schemas"]["Spec"];
            state: components["schemas"]["RunState"];
            step: number;
            /** @description edits that can be undone */
            undo: number;
            viewers: number;
        };
        /** @description How fast a run may go: as fast as the machine (full), so many steps a second (fixed), or by a clock. */
        RunPace: {
            /** @enum {string} */
            kind: "full" | "fixed" | "clock";
            /** @description steps of the clock's first eleven seconds, also while it is not followed */
            knee: number | null;
            /** @description the step at which the clock began */
            since: number;
            /** @description steps a second, of a fixed pace */
            speed: number | null;
        };
        /** @description What a run is doing. */
        RunState: {
            /** @description epochs after which the weights come back to where they were, if they do */
            cycle: number | null;
            diverged: components["schemas"]["Divergence"] | null;
            epoch: number;
            /** @description what ended the training, if something did */
            failed: string | null;
            /** @description the step training has come to */
            head: number;
            /** @description steps a second that the pace allows now; null: the machine alone holds it */
            held: number | null;
            /** @description steps of the kept moments */
            keyframes: number[];
            pace: components["schemas"]["RunPace"];
            playing: boolean;
            /** @description measured steps a second */
            rate: number;
            /** @description goes up with every edit, and whenever another moment is on show; with the step it names a moment */
            revision: number;
            /** @description its id, where a command is answered */
            run?: string;
            /** @description steps a second; null: as fast as it goes */
            speed: number | null;
            /** @description of the moment on show */
            step: number;
            /** @description milliseconds of one step, in the run's own turns */
            step_ms: number;
            steps_per_epoch: number;
            stopped: components["schemas"]["EarlyStop"] | null;
            /** @description goes up with every change a frame could show */
            version: number;
            /** @description whether an earlier moment is on show */
            viewing: boolean;
        };
        Said: components["schemas"]["CommandAnswer"] | components["schemas"]["Authorized"] | components["schemas"]["Subscribed"] | components["schemas"]["Pong"] | components["schemas"]["Refused"];
        /** @description What the colours of a quantity mean: middle has the ground's colour, middle ± reach the ends'. */
        ScaleTold: {
            /** @enum {string} */
            kind: "signed" | "classes";
            middle: number;
            reach: number;
        };
        /** @description What is on generated scenes, and how it lies. */
        SceneSpec: {
            /**
             * @description one_cell: centres close together; same_shape: several of one shape at one place
             * @default free
             * @enum {string}
             */
            arrangement: "free" | "one_cell" | "same_shape";
            /**
             * @description scraps that are no objects
             * @default 0.3
             */
            clutter: number;
            /**
             * @description largest object
             * @default 0.45
             */
            largest: number;
            /**
             * @description at most so many objects
             * @default 3
             */
            objects: number;
            /**
             * @description largest IoU of two objects
             * @default 0.1
             */
            overlap: number;
            /**
             * @description smallest object, in parts of the side
             * @default 0.2
             */
            smallest: number;
        };
        /** @description What is on generated scenes, and how it lies. */
        SceneSpecInput: {
            /**
             * @description one_cell: centres close together; same_shape: several of one shape at one place
             * @default free
             * @enum {string}
             */
            arrangement?: "free" | "one_cell" | "same_shape";
            /**
             * @description scraps that are no objects
             * @default 0.3
             */
            clutter?: number;
            /**
             * @description largest object
             * @default 0.45
             */
            largest?: number;
            /**
             * @description at most so many objects
             * @default 3
             */
            objects?: number;
            /**
             * @description largest IoU of two objects
             * @default 0.1
             */
            overlap?: number;
            /**
             * @description smallest object, in parts of the side
             * @default 0.2
             */
            smallest?: number;
        };
        /** @description How the learning rate changes with the steps. */
        ScheduleSpec: components["schemas"]["ConstantSchedule"] | components["schemas"]["ExponentialDecaySchedule"] | components["schemas"]["InverseTimeDecaySchedule"] | components["schemas"]["PolynomialDecaySchedule"] | components["schemas"]["CosineDecaySchedule"] | components["schemas"]["PiecewiseConstantDecaySchedule"];
        /** @description Of the view scoring: precision and recall of a detector, average precision of each class, and its mistakes. */
        ScoringAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description of the class; null: it has no true box (0 … 1) */
            average_precision: number | null;
            /** @description names of the classes; none: it is no detector, or the part is empty */
            classes: string[];
            /** @description scores from which mistakes count */
            confidence: number;
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description mistakes: missed, false alarms, badly placed */
            counts: number[];
            /** @description objects that are found (0 … 1) */
            found: number | null;
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /** @description the class whose curve is drawn */
            label: number;
            /** @description its mean over IoU 0.5, 0.55 … 0.95 (0 … 1) */
            map: number | null;
            /** @description mean average precision at an IoU of 0.5 (0 … 1) */
            map50: number | null;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description true boxes of the class */
            positives: number;
        };
        /** @description Of the view scoring, where it has nothing to show. */
        ScoringNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the classes; none: it is no detector, or the part is empty */
            classes: string[];
            /** @description scores from which mistakes count */
            confidence: number;
            /** @description examples of train, cv and test that it is over: a random sample, or all */
            counted: number[];
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /** @description the class whose curve is drawn */
            label: number;
            /** @description whether newer or more exact numbers are on their way */
            measuring: boolean;
            /** @description examples of train, cv and test that there are */
            of: number[];
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
        };
        /** @description precision and recall of a detector, average precision of each class, and its mistakes */
        ScoringView: {
            /**
             * @description scores from which mistakes count
             * @default 0.5
             */
            confidence?: number;
            /**
             * @description NMS strikes out what overlaps more
             * @default 0.5
             */
            iou?: number;
            /**
             * @description the class whose curve is drawn
             * @default 0
             */
            label?: number;
            /**
             * @description which part
             * @default test
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
        };
        /** @description Shows the kept moment nearest to a step; the present is kept and comes back on play, or on a later step. */
        Seek: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "seek";
            step: number;
        };
        /** @description a convolution in two cheap halves: each channel by itself, then 1×1 */
        SeparableBlockLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * @description output channels
             * @default 16
             */
            filters?: number;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description depthwise and pointwise; off: one ordinary 3×3 convolution
             * @default true
             */
            split?: boolean;
            /**
             * @description pixels between windows; 2 halves the image
             * @default 1
             */
            strides?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "SeparableBlock";
            units?: null;
        };
        /** @description a depthwise convolution and a 1×1 convolution in one */
        SeparableConv2DLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * @description how b starts
             * @default zeros
             * @enum {string}
             */
            bias_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for b
             * @default null
             */
            bias_regularizer?: null;
            /**
             * @description depthwise filters for each channel
             * @default 1
             */
            depth_multiplier?: number;
            /**
             * @description how it starts
             * @default glorot_uniform
             * @enum {string}
             */
            depthwise_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description l1·Σ|W| + l2·ΣW²
             * @default null
             */
            depthwise_regularizer?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            filters?: number | "auto";
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * @description height and width of the window
             * @default 3
             */
            kernel_size?: number | number[];
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description valid: windows inside alone; same: zeros around
             * @default valid
             * @enum {string}
             */
            padding?: "valid" | "same";
            /**
             * @description how it starts
             * @default glorot_uniform
             * @enum {string}
             */
            pointwise_initializer?: "glorot_uniform" | "glorot_normal" | "he_normal" | "he_uniform" | "lecun_normal" | "lecun_uniform" | "random_normal" | "random_uniform" | "large_normal" | "zeros" | "ones" | "constant";
            /**
             * @description the same for the 1×1 kernel
             * @default null
             */
            pointwise_regularizer?: null;
            /**
             * @description pixels between windows
             * @default 1
             */
            strides?: number | number[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "SeparableConv2D";
            units?: null;
            /**
             * @description add b
             * @default true
             */
            use_bias?: boolean;
        };
        /** @description Changes the spec in place: path 'optimizer.learning_rate', 'layers.0.units', 'layers', or '' for the whole. */
        Set: {
            /**
             * @description a slider on its way: undone together with the edit before it
             * @default false
             */
            continues?: boolean;
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "set";
            path: string;
            value: unknown;
        };
        /** @description v \leftarrow \mu v - \alpha \nabla J,\quad p \leftarrow p + v */
        SGDOptimizer: {
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate: number;
            /**
             * @description μ, how much of the last step is kept
             * @default 0
             */
            momentum?: number;
            /** @constant */
            name: "SGD";
            /**
             * @description look ahead along the momentum
             * @default false
             */
            nesterov?: boolean;
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description v \leftarrow \mu v - \alpha \nabla J,\quad p \leftarrow p + v */
        SGDOptimizerInput: {
            /**
             * @description the gradient is scaled down to this norm
             * @default null
             */
            global_clipnorm?: number | null;
            /**
             * Learning Rate
             * @description α
             * @default 0.03
             */
            learning_rate?: number;
            /**
             * @description μ, how much of the last step is kept
             * @default 0
             */
            momentum?: number;
            /** @constant */
            name?: "SGD";
            /**
             * @description look ahead along the momentum
             * @default false
             */
            nesterov?: boolean;
            schedule?: components["schemas"]["ScheduleSpec"] | null;
        };
        /** @description a second, earlier answer with a loss of its own */
        SideClassifierLayer: {
            activation?: ("linear" | "relu" | "relu6" | "leaky_relu" | "elu" | "gelu" | "swish" | "sigmoid" | "step" | "tanh" | "softmax" | "softplus" | "selu" | "mish" | "softsign" | "hard_sigmoid") | "auto" | null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description the part of its loss in the whole
             * @default 0.3
             */
            loss_weight?: number;
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "SideClassifier";
            units?: number | "auto" | null;
        };
        /** @description Of the view sliding: a classifier on every window of a scene: by crops, and in one pass of the net made convolutional. */
        SlidingAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the classes; none: the network is no classifier of coloured windows */
            classes: string[];
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description of all windows, one by one */
            crop_multiplications: number;
            /** @description what they took (seconds) */
            crop_seconds: number;
            /** @description the largest where both have a window; null: none (0 … 1) */
            difference?: number | null;
            /** @description of the one pass */
            pass_multiplications?: number;
            /** @description what it took (seconds) */
            pass_seconds?: number;
            /** @description pixels between its windows (pixels) */
            pass_stride?: number;
            /** @description the same as a code, which a page can say in any language */
            refusal?: components["schemas"]["Refusal"];
            /** @description why there is no such pass, in English */
            refused?: string;
            /** @description which scene */
            scene: number;
            /** @description of the scene (pixels) */
            side: number;
            /** @description pixels between windows, for crops */
            stride: number;
            /** @description its side (pixels) */
            window: number;
            /** @description windows that were looked at */
            windows: number;
        };
        /** @description Of the view sliding, where it has nothing to show. */
        SlidingNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description names of the classes; none: the network is no classifier of coloured windows */
            classes: string[];
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description which scene */
            scene: number;
            /** @description pixels between windows, for crops */
            stride: number;
        };
        /** @description a classifier on every window of a scene: by crops, and in one pass of the net made convolutional */
        SlidingView: {
            /**
             * @description least score of a box that is shown
             * @default 0.5
             */
            confidence?: number;
            /**
             * @description which scene
             * @default 0
             */
            scene?: number;
            /**
             * @description pixels between windows, for crops
             * @default 4
             */
            stride?: number;
        };
        /** @description What the normal equation found. */
        Solution: {
            bias: number[];
            columns: number;
            /** @description null: infinite */
            condition: number | null;
            full_rank: boolean;
            method: string;
            rank: number;
            seconds: number;
            weights: number[];
        };
        /** @description The normal equation: a linear model's weights go where J is smallest. Answers with rank and condition. */
        Solve: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "solve";
        };
        /** @description L = -\ln \hat y_c */
        SparseCategoricalCrossentropyLoss: {
            /**
             * @description the model answers with z, not with g(z)
             * @default false
             */
            from_logits?: boolean;
            /** @constant */
            name: "sparse_categorical_crossentropy";
        };
        /** @description Everything that makes a run: data, layers, loss, optimiser, and the seed. */
        Spec: {
            augmentation: components["schemas"]["AugmentationSpec"];
            /** @default 10 */
            batch_size: number;
            data: components["schemas"]["DataSpec"];
            /**
             * @description after every hidden layer without its own
             * @default 0
             */
            dropout: number;
            early_stopping: components["schemas"]["EarlyStoppingSpec"] | null;
            layers: components["schemas"]["LayerSpec"][];
            loss: components["schemas"]["LossSpec"];
            optimizer: components["schemas"]["OptimizerSpec"];
            /** @description trained weights it starts with */
            pretrained: "tiny_face_detector" | null;
            regularization: components["schemas"]["Penalty"];
            /**
             * @description weights, shuffling, dropout
             * @default 1
             */
            seed: number;
            /**
             * @description another order of the examples in every epoch
             * @default true
             */
            shuffle: boolean;
            /**
             * @description sequential: each weight before the next one's slope is taken (plain SGD only)
             * @default simultaneous
             * @enum {string}
             */
            updates: "simultaneous" | "sequential";
            /**
             * @default 1
             * @constant
             */
            version: 1;
        };
        /** @description Everything that makes a run: data, layers, loss, optimiser, and the seed. */
        SpecInput: {
            augmentation?: components["schemas"]["AugmentationSpecInput"];
            /** @default 10 */
            batch_size?: number;
            data?: components["schemas"]["DataSpecInput"];
            /**
             * @description after every hidden layer without its own
             * @default 0
             */
            dropout?: number;
            early_stopping?: components["schemas"]["EarlyStoppingSpecInput"] | null;
            layers: components["schemas"]["LayerSpecInput"][];
            loss?: components["schemas"]["LossSpecInput"];
            optimizer?: components["schemas"]["OptimizerSpecInput"];
            /** @description trained weights it starts with */
            pretrained?: "tiny_face_detector" | null;
            regularization?: components["schemas"]["PenaltyInput"];
            /**
             * @description weights, shuffling, dropout
             * @default 1
             */
            seed?: number;
            /**
             * @description another order of the examples in every epoch
             * @default true
             */
            shuffle?: boolean;
            /**
             * @description sequential: each weight before the next one's slope is taken (plain SGD only)
             * @default simultaneous
             * @enum {string}
             */
            updates?: "simultaneous" | "sequential";
            /**
             * @default 1
             * @constant
             */
            version?: 1;
        };
        /** @description A change that is allowed and likely to surprise; `set` of `path` to `value` helps. */
        SpecWarning: {
            code: string;
            detail: string;
            params: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            path: string;
            value: components["schemas"]["JsonValue"];
        };
        /** @description Steps a second; null for as fast as it goes. */
        Speed: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "speed";
            steps_per_second?: number | null;
        };
        /** @description Parts of the examples for training and cross-validation; the rest is for the test. */
        Split: {
            /**
             * @description part to choose by (cross-validation)
             * @default 0.25
             */
            cv: number;
            /**
             * @description part to train on
             * @default 0.5
             */
            train: number;
        };
        /** @description Parts of the examples for training and cross-validation; the rest is for the test. */
        SplitInput: {
            /**
             * @description part to choose by (cross-validation)
             * @default 0.25
             */
            cv?: number;
            /**
             * @description part to train on
             * @default 0.5
             */
            train?: number;
        };
        /** @description A layer at work inside a block. */
        StageBrief: {
            id: string;
            /** @description the stages that it is given; “input” is what the block is given */
            inputs: string[];
            /** @description of what it gives */
            shape: number[];
            type: string;
        };
        /** @description A stage of the network, and whether its loss and activation are one formula. */
        StageRow: {
            activation: string | null;
            id: string;
            input_shape: number[];
            inputs: string[];
            joined: boolean;
            shape: number[];
            type: string;
            weights: {
                [key: string]: number[];
            };
        };
        /** @description A run that has just begun. */
        StartedRun: {
            /** @description Unix time, seconds */
            created: number;
            epoch: number;
            id: string;
            metrics: components["schemas"]["Costs"] | null;
            /** @description the run that its owner has gone on to; who watches may follow */
            moved_to: string | null;
            /** @description the run it was forked from */
            parent: string | null;
            parent_step: number | null;
            playing: boolean;
            /** @description edits that can be made again */
            redo: number;
            report: components["schemas"]["Report"];
            /** @description the spec of the earlier moment on show, if one is */
            shown_spec: components["schemas"]["Spec"] | null;
            spec: components["schemas"]["Spec"];
            state: components["schemas"]["RunState"];
            step: number;
            /** @description the right to steer it (Authorization: Bearer …); told once */
            token: string;
            /** @description edits that can be undone */
            undo: number;
            viewers: number;
        };
        /** @description A sweep that has just begun. */
        StartedSweep: {
            /** @description runs that have ended */
            done: number;
            error: string | null;
            id: string;
            /** @enum {string} */
            method: "train" | "solve";
            /** @description runs in all */
            of: number;
            /** @description the settings: changes of the spec, path → value */
            points: {
                [key: string]: components["schemas"]["JsonValue"];
            }[];
            /** @description the same as a document, with code and params */
            problem: components["schemas"]["Problem"] | null;
            /** @description from the since-th on */
            results: components["schemas"]["SweepResult"][];
            /** @description the setting whose test part has been opened */
            revealed: number | null;
            seconds: number;
            seeds: number[];
            since: number;
            /** @enum {string} */
            state: "running" | "done" | "failed" | "cancelled";
            steps: number;
            /** @description the right to cancel it and to open its test part; told once */
            token: string;
        };
        /** @description Something notable has changed: playing, the moment on show, divergence, pace, keyframes, or the spec. */
        StateEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "state";
            /** @description after a command: edits that can be made again */
            redo?: number;
            /** @description with spec: what the spec on show becomes */
            report?: components["schemas"]["Report"];
            /** @description with spec: the spec of the earlier moment on show, if one is */
            shown_spec?: components["schemas"]["Spec"] | null;
            /** @description after an edit or another moment on show */
            spec?: components["schemas"]["Spec"];
            state: components["schemas"]["RunState"];
            /** @description after a command: edits that can be undone */
            undo?: number;
        };
        /** @description A number of examples, batches or epochs. */
        Step: {
            /** @default 1 */
            count?: number;
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "step";
            /**
             * @default batch
             * @enum {string}
             */
            unit?: "example" | "batch" | "epoch";
        };
        /** @description Which views, how often at most; `have` is the number of history rows the client has already. */
        Subscribe: {
            /**
             * @description float32 instead of quantised numbers
             * @default false
             */
            exact?: boolean;
            /**
             * @description history rows the client has
             * @default 0
             */
            have?: number;
            /** @description quoted in the answer */
            id?: number | string | null;
            /** @description the mark that came with them; rows that changed since come again */
            mark?: string | null;
            /** @default 30 */
            max_fps?: number;
            /** @constant */
            op: "subscribe";
            /**
             * @description deflated messages, frames as differences: see docs/clients.md, Small frames
             * @default false
             */
            packed?: boolean;
            views: components["schemas"]["ViewRequests"];
        };
        /** @description Frames of these views will come. */
        Subscribed: {
            id: number | string | null;
            /** @constant */
            ok: true;
            /** @constant */
            op: "subscribe";
            step: number;
            /** @description with all their parameters */
            views: {
                [key: string]: {
                    [key: string]: components["schemas"]["JsonValue"];
                };
            };
        };
        Successor: {
            /** @description another run; null: its owner is here again */
            run?: string | null;
        };
        /** @description What one reader passes back. */
        SumPart: {
            count: number;
            factors: (number | null)[] | null;
            formula: string;
            /** @enum {string} */
            kind: "products" | "max" | "mean" | "add" | "weights" | "won" | "share" | "passed";
            over: number;
            rest: number | null;
            stage: string;
            total: number | null;
            value: number | null;
            values: (number | null)[];
        };
        /** @description A sum as plain JSON: of many terms the largest ones. */
        SumTold: {
            count: number;
            factors: (number | null)[] | null;
            formula: string;
            /** @enum {string} */
            kind: "products" | "max" | "mean" | "add" | "weights" | "won" | "share" | "passed";
            over: number;
            rest: number | null;
            total: number | null;
            value: number | null;
            values: (number | null)[];
        };
        /** @description Of the view suppression: non-max suppression of one picture, round by round. */
        SuppressionAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description NMS for each class by itself */
            by_class: boolean;
            /** @description names of the classes; none: it has nothing to say of this run */
            classes: string[];
            /** @description least score of a box that is shown */
            confidence: number;
            /** @description NMS strikes out what overlaps more */
            iou: number;
            /**
             * @description which part
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description which picture of the part; −1: the visitor's probe */
            picture: number;
            /** @description boxes before any is dropped */
            places: number;
            /** @description boxes that are kept, one a round */
            rounds: number;
        };
        /** @description non-max suppression of one picture, round by round */
        SuppressionView: {
            /**
             * @description NMS for each class by itself
             * @default true
             */
            by_class?: boolean;
            /**
             * @description least score of a box that is shown
             * @default 0.5
             */
            confidence?: number;
            /**
             * @description NMS strikes out what overlaps more
             * @default 0.5
             */
            iou?: number;
            /**
             * @description which part
             * @default cv
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description which picture of the part; −1: the visitor's probe
             * @default 0
             */
            picture?: number;
        };
        /** @description Of the view surface: J over two directions of parameter space, with the path of the run over it. */
        SurfaceAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description middle of the drawing */
            at_u: number;
            /** @description middle of the drawing */
            at_v: number;
            /** @description what lies along u and v */
            axes: string[];
            /**
             * @description through which moment the directions go
             * @enum {string}
             */
            centre: "now" | "start";
            /** @description how much of it is measured (0 … 1) */
            done: number;
            /** @description whether these two are all there is */
            exact: boolean;
            /** @description points on a side, at most, once more are measured where contours would change; below size: none are */
            finest: number;
            /** @description the parameter along u, such as out/kernel[0,0]; empty: the first */
            first: string;
            /**
             * @description two parameters, two random directions, or the path's own
             * @enum {string}
             */
            mode: "weights" | "random" | "path";
            /** @description parameters to choose from, of large networks the first */
            names: string[];
            /** @description the parameter along v; empty: the second */
            second: string;
            /** @description of the random directions */
            seed: number;
            /** @description contours between the places are what J is like there; else draw it place by place */
            settled: boolean;
            /** @description points on a side */
            size: number;
            /** @description half the width in u */
            span: number;
            /** @description half the height in v; 0: as in u */
            span_v: number;
            /** @description bounds of the horizontal axis */
            u: number[];
            /** @description bounds of the vertical axis */
            v: number[];
        };
        /** @description Of the view surface, where it has nothing to show. */
        SurfaceNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description middle of the drawing */
            at_u: number;
            /** @description middle of the drawing */
            at_v: number;
            /** @description what lies along u and v */
            axes: string[];
            /**
             * @description through which moment the directions go
             * @enum {string}
             */
            centre: "now" | "start";
            /** @description how much of it is measured (0 … 1) */
            done: number;
            /** @description whether these two are all there is */
            exact: boolean;
            /** @description points on a side, at most, once more are measured where contours would change; below size: none are */
            finest: number;
            /** @description the parameter along u, such as out/kernel[0,0]; empty: the first */
            first: string;
            /**
             * @description two parameters, two random directions, or the path's own
             * @enum {string}
             */
            mode: "weights" | "random" | "path";
            /** @description parameters to choose from, of large networks the first */
            names: string[];
            /** @description the parameter along v; empty: the second */
            second: string;
            /** @description of the random directions */
            seed: number;
            /** @description contours between the places are what J is like there; else draw it place by place */
            settled: boolean;
            /** @description points on a side */
            size: number;
            /** @description half the width in u */
            span: number;
            /** @description half the height in v; 0: as in u */
            span_v: number;
        };
        /** @description J over two directions of parameter space, with the path of the run over it */
        SurfaceView: {
            /**
             * @description middle of the drawing
             * @default 0
             */
            at_u?: number;
            /**
             * @description middle of the drawing
             * @default 0
             */
            at_v?: number;
            /**
             * @description through which moment the directions go
             * @default now
             * @enum {string}
             */
            centre?: "now" | "start";
            /**
             * @description points on a side, at most, once more are measured where contours would change; below size: none are
             * @default 0
             */
            finest?: number;
            /**
             * @description the parameter along u, such as out/kernel[0,0]; empty: the first
             * @default
             */
            first?: string;
            /**
             * @description two parameters, two random directions, or the path's own
             * @default weights
             * @enum {string}
             */
            mode?: "weights" | "random" | "path";
            /**
             * @description the parameter along v; empty: the second
             * @default
             */
            second?: string;
            /**
             * @description of the random directions
             * @default 0
             */
            seed?: number;
            /**
             * @description points on a side
             * @default 33
             */
            size?: number;
            /**
             * @description half the width in u
             * @default 1
             */
            span?: number;
            /**
             * @description half the height in v; 0: as in u
             * @default 0
             */
            span_v?: number;
        };
        /** @description How far a sweep is. */
        Sweep: {
            /** @description runs that have ended */
            done: number;
            error: string | null;
            id: string;
            /** @enum {string} */
            method: "train" | "solve";
            /** @description runs in all */
            of: number;
            /** @description the settings: changes of the spec, path → value */
            points: {
                [key: string]: components["schemas"]["JsonValue"];
            }[];
            /** @description the same as a document, with code and params */
            problem: components["schemas"]["Problem"] | null;
            /** @description from the since-th on */
            results: components["schemas"]["SweepResult"][];
            /** @description the setting whose test part has been opened */
            revealed: number | null;
            seconds: number;
            seeds: number[];
            since: number;
            /** @enum {string} */
            state: "running" | "done" | "failed" | "cancelled";
            steps: number;
        };
        /** @description What the sweep of the lab is about. */
        SweepPlan: {
            /** @enum {string} */
            kind: "l2" | "degree" | "width" | "train_rows" | "rate";
            /** @default 3 */
            seeds: number;
            /** @default 1000 */
            steps: number;
        };
        /** @description A run of a sweep that has ended; null: not measured, or diverged. */
        SweepResult: {
            /** @description of classifiers */
            "accuracy.cv"?: number;
            /** @description of classifiers */
            "accuracy.train"?: number;
            /** @description J_cv */
            cv: number | null;
            diverged: boolean;
            /** @description which setting */
            point: number;
            /** @description of processor time */
            seconds: number;
            seed: number;
            step: number;
            /** @description where early stopping ended it */
            stopped?: components["schemas"]["EarlyStop"];
            /** @description J_train */
            train: number | null;
        };
        /** @description J_test of the setting that was chosen. */
        SweepTest: {
            by_seed: (number | null)[];
            point: number;
            /** @description the mean over the seeds */
            test: number | null;
        };
        /** @description A tensor of a view, as docs/views.md explains. */
        TensorEntry: {
            doc: string;
            dtypes: string[];
            /** @description with {layer}, {weight} … where it stands for several */
            name: string;
            /** @description a number, a letter, or … for any number of axes */
            shape: string[];
            unit: string;
        };
        /** @description A term, what it means, and the lab that shows it. */
        Term: {
            id: string;
            lab: string;
            term: {
                [key: string]: string;
            };
            text: {
                [key: string]: string;
            };
        };
        /** @description Seconds of the processor at n features, or what happened. */
        TimingLine: {
            /** @description the normal equation */
            closed?: number;
            /** @description error: why, as in Problem */
            code?: string;
            /** @description a hundred steps of gradient descent */
            descent?: number;
            /** @description error: why, in English */
            detail?: string;
            /**
             * @description the timing was ended
             * @constant
             */
            event?: "error";
            /** @description features */
            n?: number;
            /** @description error: what the code's message is about */
            params?: {
                [key: string]: string | number | boolean | (string | number | boolean | null)[] | null;
            };
        };
        /** @description Sums over the layers. */
        Totals: {
            memory_bytes: number;
            /** @description of one example, forward */
            multiplications: number;
            parameters: number;
            /** @description of one training step */
            step_multiplications: number;
        };
        /** @description Takes the last edit of the spec or of a weight back; what was learnt since stays where it has a place. */
        Undo: {
            /** @description quoted in the answer */
            id?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "undo";
        };
        /** @description Pictures with boxes. For data.name own_boxes. */
        UploadedBoxes: {
            classes: string[];
            id: string;
            images: components["schemas"]["BoxedPicture"][];
            /** @constant */
            kind: "boxes";
            pictures: number;
        };
        /** @description Pictures in folders, one a class. For data.name pictures. */
        UploadedPictures: {
            classes: string[];
            counts: number[];
            id: string;
            /** @constant */
            kind: "pictures";
            pictures: number;
        };
        /** @description A CSV file: its columns and its first rows. Its id goes into data.upload of a spec with data.name csv. */
        UploadedTable: {
            columns: components["schemas"]["ColumnEntry"][];
            id: string;
            preview: string[][];
            rows: number;
        };
        /** @description makes an image larger by repeating its pixels */
        UpSampling2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description how many times each row and column is repeated
             * @default 2
             */
            size?: number | number[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "UpSampling2D";
            units?: null;
        };
        /** @description What a frame says of each view that was asked for: its parameters, and facts beside its numbers. */
        ViewAbouts: {
            activations?: components["schemas"]["ActivationsAbout"];
            anchors?: components["schemas"]["AnchorsAbout"];
            augmented?: components["schemas"]["AugmentedAbout"];
            boundary?: components["schemas"]["BoundaryAbout"] | components["schemas"]["BoundaryNothing"];
            boxes?: components["schemas"]["BoxesAbout"] | components["schemas"]["BoxesNothing"];
            cell?: components["schemas"]["CellAbout"] | components["schemas"]["CellNothing"];
            confusion?: components["schemas"]["ConfusionAbout"];
            cost?: components["schemas"]["CostAbout"];
            dropout?: components["schemas"]["DropoutAbout"];
            effective_steps?: components["schemas"]["EffectiveStepsAbout"];
            face_landmarks?: components["schemas"]["FaceLandmarksAbout"];
            gallery?: components["schemas"]["GalleryAbout"] | components["schemas"]["GalleryNothing"];
            gradients?: components["schemas"]["GradientsAbout"];
            health?: components["schemas"]["HealthAbout"];
            latent?: components["schemas"]["LatentAbout"] | components["schemas"]["LatentNothing"];
            loss_terms?: components["schemas"]["LossTermsAbout"];
            metrics?: components["schemas"]["MetricsAbout"];
            mistakes?: components["schemas"]["MistakesAbout"] | components["schemas"]["MistakesNothing"];
            neurons?: components["schemas"]["NeuronsAbout"];
            pictures?: components["schemas"]["PicturesAbout"];
            points?: components["schemas"]["PointsAbout"] | components["schemas"]["PointsNothing"];
            predictions?: components["schemas"]["PredictionsAbout"];
            propagation?: components["schemas"]["PropagationAbout"];
            reconstruction?: components["schemas"]["ReconstructionAbout"] | components["schemas"]["ReconstructionNothing"];
            responses?: components["schemas"]["ResponsesAbout"];
            scoring?: components["schemas"]["ScoringAbout"] | components["schemas"]["ScoringNothing"];
            sliding?: components["schemas"]["SlidingAbout"] | components["schemas"]["SlidingNothing"];
            suppression?: components["schemas"]["SuppressionAbout"];
            surface?: components["schemas"]["SurfaceAbout"] | components["schemas"]["SurfaceNothing"];
            weight_histograms?: components["schemas"]["WeightHistogramsAbout"];
            weights?: components["schemas"]["WeightsAbout"];
            window?: components["schemas"]["WindowAbout"] | components["schemas"]["WindowNothing"];
        };
        ViewEntry: {
            arguments: components["schemas"]["ArgumentEntry"][];
            doc: string;
            name: string;
            tensors: components["schemas"]["TensorEntry"][];
        };
        /** @description Views by name with their parameters; what is not said stands at its default. */
        ViewRequests: {
            activations?: components["schemas"]["ActivationsView"];
            anchors?: components["schemas"]["AnchorsView"];
            augmented?: components["schemas"]["AugmentedView"];
            boundary?: components["schemas"]["BoundaryView"];
            boxes?: components["schemas"]["BoxesView"];
            cell?: components["schemas"]["CellView"];
            confusion?: components["schemas"]["ConfusionView"];
            cost?: components["schemas"]["CostView"];
            dropout?: components["schemas"]["DropoutView"];
            effective_steps?: components["schemas"]["EffectiveStepsView"];
            face_landmarks?: components["schemas"]["FaceLandmarksView"];
            gallery?: components["schemas"]["GalleryView"];
            gradients?: components["schemas"]["GradientsView"];
            health?: components["schemas"]["HealthView"];
            latent?: components["schemas"]["LatentView"];
            loss_terms?: components["schemas"]["LossTermsView"];
            metrics?: components["schemas"]["MetricsView"];
            mistakes?: components["schemas"]["MistakesView"];
            neurons?: components["schemas"]["NeuronsView"];
            pictures?: components["schemas"]["PicturesView"];
            points?: components["schemas"]["PointsView"];
            predictions?: components["schemas"]["PredictionsView"];
            propagation?: components["schemas"]["PropagationView"];
            reconstruction?: components["schemas"]["ReconstructionView"];
            responses?: components["schemas"]["ResponsesView"];
            scoring?: components["schemas"]["ScoringView"];
            sliding?: components["schemas"]["SlidingView"];
            suppression?: components["schemas"]["SuppressionView"];
            surface?: components["schemas"]["SurfaceView"];
            weight_histograms?: components["schemas"]["WeightHistogramsView"];
            weights?: components["schemas"]["WeightsView"];
            window?: components["schemas"]["WindowView"];
        };
        /** @description A line of the walk. event: built, layer (one for each), done, or error. */
        WalkLine: {
            /** @description error: what happened, as in Problem */
            code?: string;
            /** @description error: what happened, in English */
            detail?: string;
            /** @enum {string} */
            event: "built" | "layer" | "done" | "error";
            /** @description layer */
            id?: string;
            /** @description layer: shape (n, h, w) of its first maps */
            maps?: number[];
            /** @description layer */
            multiplications?: number;
            /** @description layer */
            output_shape?: number[];
            /** @description built: of the whole net; layer: its own */
            parameters?: number;
            /** @description error: what the code's message is about */
            params?: {
                [key: string]: string | number | boolean | (string | number | boolean | null)[] | null;
            };
            /** @description layer: those maps, base64 of uint8, 128 at zero */
            pixels?: string;
            /** @description layer: of this pass */
            seconds?: number;
            /** @description layer */
            type?: string;
        };
        /** @description Of the view weight_histograms: how the weights of each layer are spread, over ± the largest. */
        WeightHistogramsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description bars of a histogram */
            bins: number;
            /** @description the layer of each row */
            layers: string[];
            /** @description of each row: the histogram goes over ± this */
            reach: number[];
        };
        /** @description how the weights of each layer are spread, over ± the largest */
        WeightHistogramsView: {
            /**
             * @description bars of a histogram
             * @default 32
             */
            bins?: number;
        };
        /** @description Of the view weights: every weight by layer: kernel (I, O), bias (O,), …. */
        WeightsAbout: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description weights with more numbers than the limit */
            left_out: string[];
            /** @description larger weights are left out of the frame */
            limit: number;
            /** @description the largest |w| of each layer's kernel */
            scale: {
                [key: string]: number | null;
            };
        };
        /** @description Of GET /runs/{id}/weights: tensors layer/name. */
        WeightsMeta: {
            /** @description whole number: of the run at that step */
            revision: string;
            /** @description JSON object: Spec */
            spec: string;
            step: string;
        };
        /** @description every weight by layer: kernel (I, O), bias (O,), … */
        WeightsView: {
            /**
             * @description larger weights are left out of the frame
             * @default 20000
             */
            limit?: number;
        };
        /** @description Of the view window: how one number of a feature map comes about: the window, the kernel, their products, and its receptive field. */
        WindowAbout: {
            /** @description the number (a) */
            a: number | null;
            /** @description g in a = g(z) */
            activation?: string;
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description the bias */
            b?: number | null;
            /** @description which map */
            channel: number;
            /** @description which column */
            column: number;
            /** @description the pixels it sees: first and last row and column; null: zeros alone */
            field: number[] | null;
            /** @description of a depthwise convolution: the map that it looks at */
            from_channel?: number;
            /** @description which example of the part; −1: the visitor's probe */
            index: number;
            /** @description of the maps it is made of */
            input_shape: number[];
            /** @description height and width of the window */
            kernel: number[];
            /**
             * @description what it is; none: no window moves there
             * @enum {string}
             */
            kind: "none" | "conv" | "pool";
            /** @description the layer's id; block/conv2d for one inside a block */
            layer: string;
            /** @description its first column */
            left: number;
            /**
             * @description whose example goes through the network
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description which row of it */
            row: number;
            /** @description what the colours mean (a, w) */
            scales: components["schemas"]["WindowScales"];
            /** @description height, width and channels of its maps */
            shape: number[];
            /** @description which map of its input is shown; −1: the first 16 */
            source: number;
            /** @description maps that it is made of */
            sources: number;
            /**
             * @description which maps share a colour range, as in neurons
             * @enum {string}
             */
            spread: "map" | "layer" | "net";
            /** @description pixels from one window to the next, down and across */
            strides: number[];
            /** @description its first row in the input; outside the image below 0 */
            top: number;
            /** @description the layer's class */
            type: string;
            /** @description of max pooling: the largest place of the window, in reading order */
            winner?: number;
            /** @description before the activation (z) */
            z?: number | null;
        };
        /** @description Of the view window, where it has nothing to show. */
        WindowNothing: {
            /** @description the moment that it is of */
            at: components["schemas"]["At"];
            /** @description which map */
            channel: number;
            /** @description which column */
            column: number;
            /** @description which example of the part; −1: the visitor's probe */
            index: number;
            /**
             * @description what it is; none: no window moves there
             * @enum {string}
             */
            kind: "none" | "conv" | "pool";
            /** @description the layer's id; block/conv2d for one inside a block */
            layer: string;
            /**
             * @description whose example goes through the network
             * @enum {string}
             */
            part: "train" | "cv" | "test";
            /** @description which row of it */
            row: number;
            /** @description which map of its input is shown; −1: the first 16 */
            source: number;
            /**
             * @description which maps share a colour range, as in neurons
             * @enum {string}
             */
            spread: "map" | "layer" | "net";
        };
        /** @description Of a window what the colours of the map, of what it is made of and of the filter mean. */
        WindowScales: {
            inputs: components["schemas"]["ScaleTold"];
            kernel?: components["schemas"]["ScaleTold"];
            map: components["schemas"]["ScaleTold"];
        };
        /** @description how one number of a feature map comes about: the window, the kernel, their products, and its receptive field */
        WindowView: {
            /**
             * @description which map
             * @default 0
             */
            channel?: number;
            /**
             * @description which column
             * @default 0
             */
            column?: number;
            /**
             * @description which example of the part; −1: the visitor's probe
             * @default 0
             */
            index?: number;
            /**
             * @description the layer's id; block/conv2d for one inside a block
             * @default
             */
            layer?: string;
            /**
             * @description whose example goes through the network
             * @default train
             * @enum {string}
             */
            part?: "train" | "cv" | "test";
            /**
             * @description which row of it
             * @default 0
             */
            row?: number;
            /**
             * @description which map of its input is shown; −1: the first 16
             * @default -1
             */
            source?: number;
            /**
             * @description which maps share a colour range, as in neurons
             * @default map
             * @enum {string}
             */
            spread?: "map" | "layer" | "net";
        };
        /** @description L = \sum_{\text{obj}} \left[\mathrm{BCE} + \lambda_b (\Delta_x^2 + \Delta_y^2 + \Delta_h^2 + \Delta_w^2) - \ln c_k\right] + \lambda_n \sum_{\text{no obj}} \mathrm{BCE} */
        YoloLoss: {
            /**
             * @description [width, height] of each anchor in parts of the image
             * @default null
             */
            anchors?: number[][] | null;
            /**
             * @description λ of centre and size
             * @default 5
             */
            box_weight?: number;
            /**
             * @description λ of the class
             * @default 1
             */
            class_weight?: number;
            /** @constant */
            name: "yolo";
            /**
             * @description λ of p_c where nothing is
             * @default 0.5
             */
            no_object_weight?: number;
        };
        /** @description puts rows and columns of zeros around an image */
        ZeroPadding2DLayer: {
            activation?: null;
            /**
             * Dropout
             * @description after this layer; null for the spec's own
             * @default null
             */
            dropout?: number | null;
            /**
             * Id
             * @description unique; learnt weights follow it through edits
             */
            id: string;
            /**
             * L1
             * @description null for the spec's own
             * @default null
             */
            l1?: number | null;
            /**
             * L2
             * @description null for the spec's own
             * @default null
             */
            l2?: number | null;
            /**
             * @description n, [rows, columns] or [[top, bottom], [left, right]]
             * @default 1
             */
            padding?: number | (number | number[])[];
            /**
             * Trainable
             * @description false: its weights stay as they are (Keras's layer.trainable)
             * @default true
             */
            trainable?: boolean;
            /** @constant */
            type: "ZeroPadding2D";
            units?: null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Ack = components['schemas']['Ack'];
export type ActivationCurve = components['schemas']['ActivationCurve'];
export type ActivationEntry = components['schemas']['ActivationEntry'];
export type ActivationLayer = components['schemas']['ActivationLayer'];
export type ActivationsAbout = components['schemas']['ActivationsAbout'];
export type ActivationsView = components['schemas']['ActivationsView'];
export type AdagradOptimizer = components['schemas']['AdagradOptimizer'];
export type AdagradOptimizerInput = components['schemas']['AdagradOptimizerInput'];
export type AdamOptimizer = components['schemas']['AdamOptimizer'];
export type AdamOptimizerInput = components['schemas']['AdamOptimizerInput'];
export type AdamWOptimizer = components['schemas']['AdamWOptimizer'];
export type AdamWOptimizerInput = components['schemas']['AdamWOptimizerInput'];
export type AnchorsAbout = components['schemas']['AnchorsAbout'];
export type AnchorsView = components['schemas']['AnchorsView'];
export type Architecture = components['schemas']['Architecture'];
export type ArchitectureBlock = components['schemas']['ArchitectureBlock'];
export type ArchitectureEntry = components['schemas']['ArchitectureEntry'];
export type ArchitectureRow = components['schemas']['ArchitectureRow'];
export type ArchitectureTotals = components['schemas']['ArchitectureTotals'];
export type ArgumentEntry = components['schemas']['ArgumentEntry'];
export type At = components['schemas']['At'];
export type AugmentationSpec = components['schemas']['AugmentationSpec'];
export type AugmentationSpecInput = components['schemas']['AugmentationSpecInput'];
export type AugmentedAbout = components['schemas']['AugmentedAbout'];
export type AugmentedView = components['schemas']['AugmentedView'];
export type Auth = components['schemas']['Auth'];
export type Authorized = components['schemas']['Authorized'];
export type AutoLoss = components['schemas']['AutoLoss'];
export type AutoLossInput = components['schemas']['AutoLossInput'];
export type AveragePooling2DLayer = components['schemas']['AveragePooling2DLayer'];
export type BatchNormalizationLayer = components['schemas']['BatchNormalizationLayer'];
export type BinaryCrossentropyLoss = components['schemas']['BinaryCrossentropyLoss'];
export type BottleneckBlockLayer = components['schemas']['BottleneckBlockLayer'];
export type BoundaryAbout = components['schemas']['BoundaryAbout'];
export type BoundaryNothing = components['schemas']['BoundaryNothing'];
export type BoundaryView = components['schemas']['BoundaryView'];
export type BoxedPicture = components['schemas']['BoxedPicture'];
export type BoxesAbout = components['schemas']['BoxesAbout'];
export type BoxesNothing = components['schemas']['BoxesNothing'];
export type BoxesView = components['schemas']['BoxesView'];
export type BriefActivation = components['schemas']['BriefActivation'];
export type BriefCatalog = components['schemas']['BriefCatalog'];
export type BriefLoss = components['schemas']['BriefLoss'];
export type Catalog = components['schemas']['Catalog'];
export type CategoricalCrossentropyLoss = components['schemas']['CategoricalCrossentropyLoss'];
export type CellAbout = components['schemas']['CellAbout'];
export type CellNothing = components['schemas']['CellNothing'];
export type CellView = components['schemas']['CellView'];
export type Challenge = components['schemas']['Challenge'];
export type Choice = components['schemas']['Choice'];
export type Coco = components['schemas']['Coco'];
export type CocoAnnotation = components['schemas']['CocoAnnotation'];
export type CocoCategory = components['schemas']['CocoCategory'];
export type CocoImage = components['schemas']['CocoImage'];
export type ColumnEntry = components['schemas']['ColumnEntry'];
export type Command = components['schemas']['Command'];
export type CommandAnswer = components['schemas']['CommandAnswer'];
export type ComparisonPage = components['schemas']['ComparisonPage'];
export type ConfusionAbout = components['schemas']['ConfusionAbout'];
export type ConfusionView = components['schemas']['ConfusionView'];
export type ConstantSchedule = components['schemas']['ConstantSchedule'];
export type ContestantPage = components['schemas']['ContestantPage'];
export type Conv2DLayer = components['schemas']['Conv2DLayer'];
export type CosineDecaySchedule = components['schemas']['CosineDecaySchedule'];
export type CostAbout = components['schemas']['CostAbout'];
export type Costs = components['schemas']['Costs'];
export type CostView = components['schemas']['CostView'];
export type DataAbout = components['schemas']['DataAbout'];
export type DataMeta = components['schemas']['DataMeta'];
export type DatasetEntry = components['schemas']['DatasetEntry'];
export type DataSpec = components['schemas']['DataSpec'];
export type DataSpecInput = components['schemas']['DataSpecInput'];
export type DenseLayer = components['schemas']['DenseLayer'];
export type DenseLayerInput = components['schemas']['DenseLayerInput'];
export type DepthwiseConv2DLayer = components['schemas']['DepthwiseConv2DLayer'];
export type Diagnosis = components['schemas']['Diagnosis'];
export type Divergence = components['schemas']['Divergence'];
export type DropoutAbout = components['schemas']['DropoutAbout'];
export type DropoutLayer = components['schemas']['DropoutLayer'];
export type DropoutView = components['schemas']['DropoutView'];
export type EarlyStop = components['schemas']['EarlyStop'];
export type EarlyStoppingSpec = components['schemas']['EarlyStoppingSpec'];
export type EarlyStoppingSpecInput = components['schemas']['EarlyStoppingSpecInput'];
export type Edit = components['schemas']['Edit'];
export type EffectiveStepsAbout = components['schemas']['EffectiveStepsAbout'];
export type EffectiveStepsView = components['schemas']['EffectiveStepsView'];
export type Ended = components['schemas']['Ended'];
export type Event = components['schemas']['Event'];
export type ExponentialDecaySchedule = components['schemas']['ExponentialDecaySchedule'];
export type FaceLandmarksAbout = components['schemas']['FaceLandmarksAbout'];
export type FaceLandmarksView = components['schemas']['FaceLandmarksView'];
export type FieldProblem = components['schemas']['FieldProblem'];
export type Finding = components['schemas']['Finding'];
export type FlattenLayer = components['schemas']['FlattenLayer'];
export type Fork = components['schemas']['Fork'];
export type FormulaEntry = components['schemas']['FormulaEntry'];
export type FormulaPart = components['schemas']['FormulaPart'];
export type FormulaTold = components['schemas']['FormulaTold'];
export type FrameMeta = components['schemas']['FrameMeta'];
export type FrameState = components['schemas']['FrameState'];
export type GalleryAbout = components['schemas']['GalleryAbout'];
export type GalleryNothing = components['schemas']['GalleryNothing'];
export type GalleryView = components['schemas']['GalleryView'];
export type GlobalAveragePooling2DLayer = components['schemas']['GlobalAveragePooling2DLayer'];
export type GlobalMaxPooling2DLayer = components['schemas']['GlobalMaxPooling2DLayer'];
export type Goal = components['schemas']['Goal'];
export type GradientsAbout = components['schemas']['GradientsAbout'];
export type GradientsView = components['schemas']['GradientsView'];
export type HalfMseLoss = components['schemas']['HalfMseLoss'];
export type HealthAbout = components['schemas']['HealthAbout'];
export type HealthView = components['schemas']['HealthView'];
export type Hello = components['schemas']['Hello'];
export type HingeLoss = components['schemas']['HingeLoss'];
export type History = components['schemas']['History'];
export type HistoryMeta = components['schemas']['HistoryMeta'];
export type HuberLoss = components['schemas']['HuberLoss'];
export type InceptionBlockLayer = components['schemas']['InceptionBlockLayer'];
export type InitializerEntry = components['schemas']['InitializerEntry'];
export type InverseTimeDecaySchedule = components['schemas']['InverseTimeDecaySchedule'];
export type InvertedResidualLayer = components['schemas']['InvertedResidualLayer'];
export type JsonValue = components['schemas']['JsonValue'];
export type LabEntry = components['schemas']['LabEntry'];
export type LabPage = components['schemas']['LabPage'];
export type LatentAbout = components['schemas']['LatentAbout'];
export type LatentNothing = components['schemas']['LatentNothing'];
export type LatentView = components['schemas']['LatentView'];
export type LayerEntry = components['schemas']['LayerEntry'];
export type LayerRow = components['schemas']['LayerRow'];
export type LayerSpec = components['schemas']['LayerSpec'];
export type LayerSpecInput = components['schemas']['LayerSpecInput'];
export type Leaf = components['schemas']['Leaf'];
export type LeakyReLuLayer = components['schemas']['LeakyReLULayer'];
export type Loaded = components['schemas']['Loaded'];
export type LocalisationLoss = components['schemas']['LocalisationLoss'];
export type LossCurve = components['schemas']['LossCurve'];
export type LossCurves = components['schemas']['LossCurves'];
export type LossEntry = components['schemas']['LossEntry'];
export type LossSpec = components['schemas']['LossSpec'];
export type LossSpecInput = components['schemas']['LossSpecInput'];
export type LossTermsAbout = components['schemas']['LossTermsAbout'];
export type LossTermsView = components['schemas']['LossTermsView'];
export type LossTold = components['schemas']['LossTold'];
export type Lost = components['schemas']['Lost'];
export type MaeLoss = components['schemas']['MaeLoss'];
export type MaxPooling2DLayer = components['schemas']['MaxPooling2DLayer'];
export type Measured = components['schemas']['Measured'];
export type MenuEntry = components['schemas']['MenuEntry'];
export type MetricEntry = components['schemas']['MetricEntry'];
export type MetricsAbout = components['schemas']['MetricsAbout'];
export type MetricsView = components['schemas']['MetricsView'];
export type MistakesAbout = components['schemas']['MistakesAbout'];
export type MistakesNothing = components['schemas']['MistakesNothing'];
export type MistakesView = components['schemas']['MistakesView'];
export type Move = components['schemas']['Move'];
export type Moved = components['schemas']['Moved'];
export type MseLoss = components['schemas']['MseLoss'];
export type NeuronsAbout = components['schemas']['NeuronsAbout'];
export type NeuronsView = components['schemas']['NeuronsView'];
export type NewRun = components['schemas']['NewRun'];
export type NewSweep = components['schemas']['NewSweep'];
export type OptimizerSpec = components['schemas']['OptimizerSpec'];
export type OptimizerSpecInput = components['schemas']['OptimizerSpecInput'];
export type Pace = components['schemas']['Pace'];
export type Pause = components['schemas']['Pause'];
export type Penalty = components['schemas']['Penalty'];
export type PenaltyInput = components['schemas']['PenaltyInput'];
export type PerceptronLoss = components['schemas']['PerceptronLoss'];
export type Picked = components['schemas']['Picked'];
export type PickedTerms = components['schemas']['PickedTerms'];
export type PicturesAbout = components['schemas']['PicturesAbout'];
export type PicturesView = components['schemas']['PicturesView'];
export type PiecewiseConstantDecaySchedule = components['schemas']['PiecewiseConstantDecaySchedule'];
export type Ping = components['schemas']['Ping'];
export type Play = components['schemas']['Play'];
export type PointsAbout = components['schemas']['PointsAbout'];
export type PointsNothing = components['schemas']['PointsNothing'];
export type PointsView = components['schemas']['PointsView'];
export type PolynomialDecaySchedule = components['schemas']['PolynomialDecaySchedule'];
export type Pong = components['schemas']['Pong'];
export type Predict = components['schemas']['Predict'];
export type Prediction = components['schemas']['Prediction'];
export type PredictionsAbout = components['schemas']['PredictionsAbout'];
export type PredictionsView = components['schemas']['PredictionsView'];
export type PresetEntry = components['schemas']['PresetEntry'];
export type Probe = components['schemas']['Probe'];
export type Problem = components['schemas']['Problem'];
export type PropagationAbout = components['schemas']['PropagationAbout'];
export type PropagationView = components['schemas']['PropagationView'];
export type ReconstructionAbout = components['schemas']['ReconstructionAbout'];
export type ReconstructionNothing = components['schemas']['ReconstructionNothing'];
export type ReconstructionView = components['schemas']['ReconstructionView'];
export type Recovered = components['schemas']['Recovered'];
export type Redo = components['schemas']['Redo'];
export type Refusal = components['schemas']['Refusal'];
export type Refused = components['schemas']['Refused'];
export type ReLuLayer = components['schemas']['ReLULayer'];
export type RemedyEntry = components['schemas']['RemedyEntry'];
export type Report = components['schemas']['Report'];
export type Reset = components['schemas']['Reset'];
export type ReshapeLayer = components['schemas']['ReshapeLayer'];
export type ResidualBlockLayer = components['schemas']['ResidualBlockLayer'];
export type ResponsesAbout = components['schemas']['ResponsesAbout'];
export type ResponsesView = components['schemas']['ResponsesView'];
export type Rewind = components['schemas']['Rewind'];
export type RmSpropOptimizer = components['schemas']['RMSpropOptimizer'];
export type RmSpropOptimizerInput = components['schemas']['RMSpropOptimizerInput'];
export type Run = components['schemas']['Run'];
export type RunPace = components['schemas']['RunPace'];
export type RunState = components['schemas']['RunState'];
export type Said = components['schemas']['Said'];
export type ScaleTold = components['schemas']['ScaleTold'];
export type SceneSpec = components['schemas']['SceneSpec'];
export type SceneSpecInput = components['schemas']['SceneSpecInput'];
export type ScheduleSpec = components['schemas']['ScheduleSpec'];
export type ScoringAbout = components['schemas']['ScoringAbout'];
export type ScoringNothing = components['schemas']['ScoringNothing'];
export type ScoringView = components['schemas']['ScoringView'];
export type Seek = components['schemas']['Seek'];
export type SeparableBlockLayer = components['schemas']['SeparableBlockLayer'];
export type SeparableConv2DLayer = components['schemas']['SeparableConv2DLayer'];
export type Set = components['schemas']['Set'];
export type SgdOptimizer = components['schemas']['SGDOptimizer'];
export type SgdOptimizerInput = components['schemas']['SGDOptimizerInput'];
export type SideClassifierLayer = components['schemas']['SideClassifierLayer'];
export type SlidingAbout = components['schemas']['SlidingAbout'];
export type SlidingNothing = components['schemas']['SlidingNothing'];
export type SlidingView = components['schemas']['SlidingView'];
export type Solution = components['schemas']['Solution'];
export type Solve = components['schemas']['Solve'];
export type SparseCategoricalCrossentropyLoss = components['schemas']['SparseCategoricalCrossentropyLoss'];
export type Spec = components['schemas']['Spec'];
export type SpecInput = components['schemas']['SpecInput'];
export type SpecWarning = components['schemas']['SpecWarning'];
export type Speed = components['schemas']['Speed'];
export type Split = components['schemas']['Split'];
export type SplitInput = components['schemas']['SplitInput'];
export type StageBrief = components['schemas']['StageBrief'];
export type StageRow = components['schemas']['StageRow'];
export type StartedRun = components['schemas']['StartedRun'];
export type StartedSweep = components['schemas']['StartedSweep'];
export type StateEvent = components['schemas']['StateEvent'];
export type Step = components['schemas']['Step'];
export type Subscribe = components['schemas']['Subscribe'];
export type Subscribed = components['schemas']['Subscribed'];
export type Successor = components['schemas']['Successor'];
export type SumPart = components['schemas']['SumPart'];
export type SumTold = components['schemas']['SumTold'];
export type SuppressionAbout = components['schemas']['SuppressionAbout'];
export type SuppressionView = components['schemas']['SuppressionView'];
export type SurfaceAbout = components['schemas']['SurfaceAbout'];
export type SurfaceNothing = components['schemas']['SurfaceNothing'];
export type SurfaceView = components['schemas']['SurfaceView'];
export type Sweep = components['schemas']['Sweep'];
export type SweepPlan = components['schemas']['SweepPlan'];
export type SweepResult = components['schemas']['SweepResult'];
export type SweepTest = components['schemas']['SweepTest'];
export type TensorEntry = components['schemas']['TensorEntry'];
export type Term = components['schemas']['Term'];
export type TimingLine = components['schemas']['TimingLine'];
export type Totals = components['schemas']['Totals'];
export type Undo = components['schemas']['Undo'];
export type UploadedBoxes = components['schemas']['UploadedBoxes'];
export type UploadedPictures = components['schemas']['UploadedPictures'];
export type UploadedTable = components['schemas']['UploadedTable'];
export type UpSampling2DLayer = components['schemas']['UpSampling2DLayer'];
export type ViewAbouts = components['schemas']['ViewAbouts'];
export type ViewEntry = components['schemas']['ViewEntry'];
export type ViewRequests = components['schemas']['ViewRequests'];
export type WalkLine = components['schemas']['WalkLine'];
export type WeightHistogramsAbout = components['schemas']['WeightHistogramsAbout'];
export type WeightHistogramsView = components['schemas']['WeightHistogramsView'];
export type WeightsAbout = components['schemas']['WeightsAbout'];
export type WeightsMeta = components['schemas']['WeightsMeta'];
export type WeightsView = components['schemas']['WeightsView'];
export type WindowAbout = components['schemas']['WindowAbout'];
export type WindowNothing = components['schemas']['WindowNothing'];
export type WindowScales = components['schemas']['WindowScales'];
export type WindowView = components['schemas']['WindowView'];
export type YoloLoss = components['schemas']['YoloLoss'];
export type ZeroPadding2DLayer = components['schemas']['ZeroPadding2DLayer'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
