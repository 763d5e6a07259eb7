/**
 * LoRA Alpha as a library: what `lora-alpha … --json` prints, as objects. Nothing is read from disk or written to it, nothing
 * of a config is executed.
 */

/** A config or a recording of a run (`run.json`), and which of its recipes is meant. */
export interface Config {
  text: string;
  /** The name of its file, which decides the syntax: `axolotl.yml`, `train.py`, `run.ipynb`. */
  path: string;
  /** The recipe's name, or its number from 1, as {@link read} lists them; default: the first. */
  recipe?: string;
  /** The trained weights are in the same folder, as beside an adapter_config.json. */
  hasWeights?: boolean;
  /** The text of the `rescale_init.py` beside a config that names it: the code of an earlier plan. */
  code?: string;
  /** The text of a recording of its run (`run.json`), which read, plan and check hold the config against. */
  run?: string;
}

/** Where to go; alpha and scaling are two words for one thing. */
export interface Target {
  alpha?: number;
  /** The factor in front of B·A. */
  scaling?: number;
  /** Rank stabilisation on or off; keeps alpha unless one is given. */
  rslora?: boolean;
}

export type PlanId = 'symmetric' | 'keep-init' | 'keep-b' | 'lr-only';
export type Exactness = 'exact' | 'nearly' | 'approximate';

/** A part of a config that was not understood, and can change the run. No claim is about it. */
export interface NotUnderstood {
  /** One-based. */
  line: number;
  source: string;
  why: string;
}

/** Something said about a config; docs/findings.md explains each code. */
export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  line: number | null;
}

/** All numbers that decide one run. null: not stated. */
export interface Recipe {
  name: string;
  rank: number;
  alpha: number;
  scaling: number;
  scalingRule: 'standard' | 'rslora' | 'direct';
  useDora: boolean;
  learningRate: number | null;
  lrA: number | null;
  lrB: number | null;
  loraplusLrRatio: number | null;
  optimizer: {
    name: string | null;
    /** Its row in docs/optimizers.md. */
    row: string | null;
    /** Why no rule is known for it. */
    unknown: string | null;
    eps: number | null;
    betas: readonly [number, number] | null;
    weightDecay: number | null;
    momentum: number | null;
    nesterov: boolean | null;
    constants: Readonly<Record<string, number>>;
    options: Readonly<Record<string, number>>;
  };
  /** 0: off. */
  maxGradNorm: number | null;
  maxGradValue?: number | null;
  scheduler: string | null;
  /** Steps when 1 or more, else a share of the run. */
  warmup: number | null;
  dropout: number | null;
  init: string | null;
  targetModules: readonly string[] | string | null;
  /** Field → the key that sets it, and where. */
  stated: Readonly<Record<string, { path: string; line: number; column: number }>>;
  /** Field → why its default has this value. */
  assumed: Readonly<Record<string, string>>;
  /** Field → the expression that is not resolved. */
  elsewhere: Readonly<Record<string, string>>;
  /** The name of the run, if the file has several. */
  run?: string;
  /** A name that is equal for the same run in any config (docs/signature.md). */
  signature: string | null;
}

export interface Reading {
  file: string;
  isLora: boolean;
  trainer: string | null;
  syntax: string | null;
  /** The keys of an unknown trainer were guessed. */
  isGuess?: boolean;
  /** Where the trainer's keys and defaults were read. */
  source?: { repository: string; commit: string; date: string };
  recipes: Recipe[];
  findings: Finding[];
  notUnderstood: NotUnderstood[];
}

/** A number that changes; a switch is 0 or 1. null: nobody says. */
export interface Change {
  key: string;
  from: number | null;
  /** As it would be written. */
  to: number | null;
  /** Exact. */
  factor: number;
}

/** What limits a plan, or is worth knowing about it. */
export interface Caveat {
  code: string;
  message: string;
}

export interface Plan {
  id: PlanId;
  exactness: Exactness;
  /** The exactness in words: `exact`, `nearly exact for what was read`, `exact for the run recorded`. */
  claim: string;
  changes: Change[];
  /** Factors on the fresh A and B. */
  init: { A: number; B: number };
  /** Python for what no key of the config does. */
  code: string | null;
  caveats: Caveat[];
}

export interface Plans {
  /** New scaling / old scaling. */
  k: number;
  target: { alpha: number; scaling: number; scalingRule: string; k: number };
  /** Best first. */
  plans: Plan[];
  notUnderstood: NotUnderstood[];
  /** Whether the recording agrees with the config, and what differs. */
  run?: { agrees: boolean; findings: Finding[] };
}

/** A value of a recipe or its signature. null: not stated. */
export type Value = number | string | null;

export interface Comparison {
  /** null: unknown. */
  same: boolean | null;
  /** `nearly`: they differ only in a number that guards a division, such as epsilon. */
  verdict: 'same' | 'nearly' | 'different' | 'unknown';
  why: string;
  signatureA: Readonly<Record<string, Value>>;
  signatureB: Readonly<Record<string, Value>>;
  differences: { key: string; a: Value; b: Value; ratio: number | null; why: string }[];
  unknown: { key: string; why: string }[];
  /** What would make the second the same run as the first. */
  ways: {
    id: 'numbers' | 'alpha' | 'init';
    changes: { field: string; from: Value; to: Value; factor: number | null }[];
    init: { A: number; B: number };
    /** What would still differ. */
    left: string[];
  }[];
  /** Numbers that are closer count as the same. */
  tolerance: number;
  /** What counts as the same, because not both configs state it. */
  unsaid: string;
  notUnderstoodA: NotUnderstood[];
  notUnderstoodB: NotUnderstood[];
}

export interface Rewriting {
  file: string;
  exactness: Exactness;
  code: string | null;
  changes: Change[];
  /** Numbers that are in another file. */
  left: { key: string; factor: number }[];
  findings: Finding[];
  caveats: Caveat[];
  notUnderstood: NotUnderstood[];
  /** The config after the change. */
  text: string;
}

export interface CheckOptions {
  /** Default: the best. */
  plan?: PlanId;
  /** What is trained; default: `auto`, the richest that takes about a second. */
  task?: 'auto' | 'linear' | 'mlp' | 'transformer';
  steps?: number;
  seed?: number;
}

export interface Check {
  verdict: 'identical' | 'equivalent' | 'different' | 'undecided';
  task: string;
  steps: number;
  backend: string;
  variants: { name: string; seed?: number; loss: readonly number[]; maxDeviation: number | null }[];
  /** The learning rate that fits best, where nothing else can be moved. */
  fit?: { lr: number | null; factor: number; maxDeviation: number; loss: readonly number[] };
  /** Of a k that is a power of four, where both runs must have the same bits. */
  proof: { k: number; identical: boolean } | null;
  why: string;
  ms: number;
  notUnderstood: NotUnderstood[];
}

/** What a config says, as its trainer would understand it. A broken file is a finding. */
export function read(config: Config): Reading;

/**
 * The plans for another alpha or scaling.
 * @throws Error with one line that says why there is none
 */
export function plan(config: Config, target: Target): Plans;

/**
 * Whether two configs, of whatever trainers, are the same run, and by what they differ.
 * @throws Error if one of them has no recipe
 */
export function compare(first: Config, second: Config): Comparison;

/**
 * The smallest change to the text that carries out a plan.
 * @param plan default: the best
 * @throws Error with one line that says why the file cannot be rewritten
 */
export function rewrite(config: Config, target: Target, plan?: PlanId): Rewriting;

/**
 * Trains a small model with the config as it is and as the plan would make it, in a thread.
 * @throws Error if there is no plan, or the training fails
 */
export function check(config: Config, target: Target, options?: CheckOptions): Promise<Check>;
