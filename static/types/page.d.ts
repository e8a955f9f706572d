/**
 * The contract's types as the page reads them. Editors go through arguments by name, so a part of a spec is its known
 * fields and anything else; a part that is looked up by a name is there, since names come from the catalogue itself.
 */
import type * as contract from "./contract.d.ts";
import type { Tensor } from "../core/safetensors.js";

export type { Ended, Hello, Lost, Problem, Recovered, RunState, StateEvent, Term } from "./contract.d.ts";
export type { Architecture, ArgumentEntry as Argument, Coco, DatasetEntry, Diagnosis } from "./contract.d.ts";
export type { FormulaEntry as OptimizerEntry, RemedyEntry as Remedy, Solution, SweepResult } from "./contract.d.ts";
export type { UploadedBoxes, UploadedTable, WalkLine } from "./contract.d.ts";

/** A list of the catalogue. */
export interface Listing<T> extends Array<T> {
  find(test: (part: T, index: number, all: T[]) => unknown): T;
}

/** A layer, a loss or an optimiser: what is read of any of them, and its own arguments by their names. */
export interface Part {
  [argument: string]: unknown;
}
export interface Layer extends Part {
  id: string;
  type: string;
  /** "auto" until the server has worked it out; null where the layer has none. */
  units?: number | "auto" | null;
  activation?: string | null;
  dropout?: number | null;
  kernel_size?: number[];
}
export interface Optimizer extends Part {
  name: string;
  learning_rate: number;
  schedule?: (Part & { name: string; decay_steps?: number }) | null;
}
export interface Loss extends Part {
  name: string;
  anchors?: number[][] | null;
}

type Parts = { layers: Layer[]; optimizer: Optimizer; loss: Loss };
export type Spec = Omit<contract.Spec, keyof Parts> & Parts;

export type LayerRow = contract.LayerRow;
export type SpecWarning = Omit<contract.SpecWarning, "params" | "value"> & {
  params: { optimizer: string; given: number; suggested: number };
  value: unknown;
};
export type Report = Omit<contract.Report, "resolved" | "warnings" | "layers"> & {
  resolved: Spec;
  warnings: SpecWarning[];
  layers: Listing<LayerRow>;
};

type Curve = Required<contract.ActivationCurve>;
type Entries<Of> = { [Name in keyof Of]: Of[Name] extends (infer Entry)[] ? Listing<Entry> : Of[Name] };
type Curved = { activations: Listing<Omit<contract.ActivationEntry, "curve"> & { curve: Curve }> };
/** What the workbench builds with. */
export type Catalog = Entries<contract.BriefCatalog>;
export type FullCatalog = Omit<Entries<contract.Catalog>, "activations" | "default_spec" | "labs"> &
  Curved & {
    default_spec: Spec;
    labs: Listing<{ id: string; title: Words; spec: Spec; number?: string; question?: Words }>;
  };

type Told = { spec: Spec; shown_spec: Spec | null; report: Report };
export type Run = Omit<contract.Run, keyof Told> & Told;
export type StartedRun = Run & { token: string };
export type CommandAnswer = Omit<contract.CommandAnswer, "spec" | "report" | "warnings"> & {
  spec?: Spec;
  report?: Report;
  warnings?: SpecWarning[];
};
/** What a run says of itself, whoever asked. */
export type News = {
  spec?: Spec;
  shown_spec?: Spec | null;
  report?: Report;
  state?: Partial<contract.RunState>;
  undo?: number;
  redo?: number;
};

/** Messages of the stream. `error` is the page's own: a subscription was refused. */
export type StreamEvent = { state?: contract.RunState } & (
  | (Omit<contract.Hello, keyof Told> & Told)
  | (Omit<contract.StateEvent, keyof Told> & Partial<Told>)
  | contract.Recovered
  | contract.Lost
  | contract.Ended
  | contract.Moved
  | { event: "error"; error: Error }
);
export type StreamAnswer = { state?: contract.RunState } & (
  CommandAnswer | contract.Authorized | contract.Subscribed | contract.Pong
);

/** Names are checked; a text that is one of several is any text here, as it comes from a menu. */
type Wide<T> = { [Key in keyof T]: Key extends "op" ? T[Key] : T[Key] extends string | undefined ? string : T[Key] };

/** A command without its `id`, which the stream gives it. Values of `set` are whatever its path holds. */
type Unnumbered<T> = T extends unknown ? Wide<Omit<T, "id">> : never;
export type Command = Unnumbered<contract.Command>;
export type Views = { [Name in keyof contract.ViewRequests]: Wide<NonNullable<contract.ViewRequests[Name]>> };
export type Subscribe = Omit<contract.Subscribe, "id" | "have" | "mark" | "views"> & { views: Views };
export type Ping = Omit<contract.Ping, "id">;

/** `__metadata__` of a frame, and what its two JSON texts hold. */
export type FrameMeta = contract.FrameMeta;
export type FrameState = contract.FrameState;
export type HistoryMeta = contract.HistoryMeta;
export type DataAbout = contract.DataAbout;

/** The examples of a run with their tensors. */
export type Examples = DataAbout & { tensors: Record<"x" | "y" | "part", Tensor> };
/** All that any part of a union has. */
type Whole<T> = (T extends unknown ? (part: T) => void : never) extends (whole: infer All) => void ? All : never;
/**
 * What a frame says of a view: its parameters and facts, as they are where it has something to show. Who reads facts that
 * stand beside tensors has seen the tensors.
 */
export type About<Name extends keyof contract.ViewAbouts> = Whole<NonNullable<contract.ViewAbouts[Name]>>;
export type Abouts = { [Name in keyof contract.ViewAbouts]?: About<Name> };
/** Changes of a spec, path → value, as `set` takes them; or parameters of a view. */
export type Changes = Record<string, unknown>;
/** A unit that is looked at, or an edge to it. */
export type Unit = { layer: string; unit: number };
export type Edge = Unit & { from: string; i: number };
export type Picked = Unit | Edge;
/** What the view of a network's health found. */
export type Finding = contract.Finding;
/** What a number is made of: Σ factorᵢ·valueᵢ / over + rest, or letters, the same with {places} for numbers, and these. */
export type Sum = contract.SumTold;
export type Formula = contract.FormulaTold;
export type Terms = Sum | Formula;
/** One layer at work, as the view of propagation describes it. */
export type StageRow = contract.StageRow;
/** How the page shows things; a change of it says what is otherwise. */
export type View = typeof import("../core/selection.js").VIEW & {
  /** The view that has the middle. */
  hero?: string;
  /** What of a detector is taken apart. */
  tab?: string;
  /** Squared errors are drawn as squares. */
  squares?: boolean;
  /** From this probability on it is class 1. */
  threshold?: number;
  /** The test part is kept out of sight. */
  hideTest?: boolean;
  /** Hills instead of a map. */
  deep?: boolean;
};
export type Shown = Partial<View>;

/** What a button in a text does. */
export type Deed = { set?: Changes; command?: Command; view?: Shown; pick?: Picked; open?: unknown };

/** A lab of the course as the page opens it. */
/** A text by language. */
export type Words = Record<string, string>;
export type Challenge = Omit<contract.Challenge, "text" | "hint"> & { text: Words; hint: Words };
type Comparison = Omit<contract.ComparisonPage, "runs" | "surface"> & {
  surface: Changes | null;
  runs: { label: Words; spec: Spec; surface: Changes | null }[];
};
export type Lab = Omit<
  contract.LabPage,
  "view" | "pick" | "surface" | "spec" | "comparison" | "challenges" | "title" | "question"
> & {
  title: Words;
  question: Words;
  challenges: Challenge[];
  view: Shown;
  pick: Picked | null;
  surface: Changes | null;
  spec: Spec;
  comparison: Comparison | null;
};

declare global {
  /** An event of an element of a template, whose target is that element. */
  type On<Element extends EventTarget = HTMLInputElement, Kind extends Event = Event> = Kind & {
    target: Element;
    currentTarget: Element;
  };
  /** … of an input of files. */
  type OnFiles = On<HTMLInputElement & { files: FileList }>;
}
