import type { Layout } from '../adapter';

/**
 * What an engine does with a part of an adapter: reads it as the trainer meant it; loads without it; stops with an
 * error. `ignored` is a setting, `dropped` are tensors; no error says either.
 */
export type Handling = 'right' | 'ignored' | 'dropped' | 'refused' | 'unknown';

/**
 * Where an engine looks for alpha: adapter_config.json; diffusers' `lora_adapter_metadata`; plain keys of the header;
 * `.alpha` tensors. `scale` is mlx-lm's number, which is applied as it is.
 */
export type AlphaFrom = 'config' | 'header' | 'plain-header' | 'tensor' | 'scale';

/**
 * What an adapter may have besides A, B and one alpha. `dora`: lora_magnitude_vector; `doraScale`: that of kohya's layout.
 * `loraBias`: a bias of B; `biases`: `bias: all` or `lora_only`. `init`: PiSSA, OLoRA, CorDA, LoftQ, whose adapter belongs
 * to a base model with other weights. `saved`: modules_to_save. `experts`: of a mixture; `ignored`: as if there were no
 * use_rslora. `stray`: .alpha beside PEFT's keys, which PEFT ignores. `lycoris`: LoHa, LoKr and Tucker cores. `misfit`:
 * tensors of another rank than the config says. `other`: fan_in_fan_out, target_parameters, layer_replication …
 */
const PARTS = [
  ...['rslora', 'alphaPattern', 'rankPattern', 'dora', 'doraScale', 'loraBias', 'biases', 'init', 'saved'],
  ...['embedding', 'experts', 'stray', 'lycoris', 'misfit', 'other'],
] as const;
export type PartName = (typeof PARTS)[number];

/** What an engine makes of the adapters that it takes. */
export interface Does extends Readonly<Record<PartName, Handling>> {
  readonly takes: readonly Layout[];
  /** What the models are that it runs: of a PEFT folder the layout does not say it. */
  readonly models: 'language' | 'image' | 'any';
  /** The first that is there. */
  readonly alpha: readonly AlphaFrom[];
  /** What alpha is divided by. `padded`: the rank that a kernel pads r to, on all kinds of layers but the first. */
  readonly rank: 'config' | 'tensor' | 'padded' | 'perhaps-padded' | 'none';
  /** Without an alpha: scaling 1, an error, or this alpha. */
  readonly missing: 'one' | 'refused' | 'unknown' | number;
  /** Alpha 0: no update, scaling 1, or an error. */
  readonly zero: 'zero' | 'one' | 'refused' | 'unknown';
  /** Values of `init_lora_weights` that are right whatever `init` says, and fields of `other` that are. */
  readonly inits: readonly string[];
  readonly fields: readonly string[];
  /** Of attention and CLIP the most frequent alpha of the file is taken. */
  readonly commonAlpha: boolean;
  /** alpha must be a whole number. */
  readonly wholeAlpha: boolean;
  /** What a run of the engine's own code was asked (test/judges/engines.py); empty where none was. */
  readonly ran: readonly Aspect[];
}

/** What was not looked at is unknown. */
export const UNKNOWN: Does = {
  ...(Object.fromEntries(PARTS.map((part) => [part, 'unknown'])) as Record<PartName, Handling>),
  ...{ takes: [], models: 'any', alpha: [], rank: 'tensor', missing: 'unknown', zero: 'unknown' },
  ...{ inits: [], fields: [], ran: [], commonAlpha: false, wholeAlpha: false },
};

/** A question about an adapter that can be answered by running the engine's own code. */
export type Aspect = PartName | 'scale' | 'missing' | 'zero' | 'commonAlpha';

export interface Range {
  /** `0.8.0 to 0.13.2`, or what was read. */
  readonly label: string;
  /** The version or commit that was read. */
  readonly read: string;
  readonly does: Does;
  /** First and last version with this behaviour; none: the first that loads adapters, the newest that was looked at. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly date: string;
}

export interface Engine {
  /** As `--engine` names it. */
  readonly id: string;
  readonly name: string;
  readonly repo: string;
  readonly files: string;
  /** Oldest first. */
  readonly ranges: readonly Range[];
}
