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

/** What an adapter may have besides A, B and one alpha. */
const PARTS = [
  'rslora',
  'alphaPattern',
  'rankPattern',
  // lora_magnitude_vector, and dora_scale of kohya's layout.
  'dora',
  'doraScale',
  // A bias of B, and `bias: all` or `lora_only`: whole biases.
  'loraBias',
  'biases',
  // PiSSA, OLoRA, CorDA, LoftQ: the adapter belongs to a base model with other weights.
  'init',
  // modules_to_save.
  'saved',
  'embedding',
  // Of a mixture; `ignored`: as if there were no use_rslora.
  'experts',
  // .alpha beside PEFT's keys, which PEFT ignores.
  'stray',
  // LoHa, LoKr and Tucker cores.
  'lycoris',
  // Tensors of another rank than the config says.
  'misfit',
  // fan_in_fan_out, target_parameters, layer_replication …
  'other',
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
  /** Inits that are right whatever `init` says. */
  readonly initsRight: RegExp | null;
  /** Modules whose alpha is replaced by the most frequent alpha of the file. */
  readonly commonAlpha: RegExp | null;
  /** alpha must be a whole number. */
  readonly wholeAlpha: boolean;
}

/** A question about an adapter that can be answered by running the engine's own code. */
export type Aspect = PartName | 'scale' | 'missing' | 'zero' | 'commonAlpha';

export interface Range {
  /** The version or commit that was read. */
  readonly read: string;
  readonly does: Does;
  /** First and last version with this behaviour; none: the first that loads adapters, the newest that was looked at. */
  readonly since?: string;
  readonly until?: string;
  readonly date: string;
  /** The version that was run, and what was asked of it (test/judges/engines.py). */
  readonly ran?: { readonly version: string; readonly aspects: readonly Aspect[] };
  /** English, for docs/engines.md. */
  readonly note?: string;
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

export const engine = (id: string, name: string, repo: string, files: string, ranges: readonly Range[]): Engine => ({
  ...{ id, name, repo, files, ranges },
});

/** The days on which sources were read and run. */
const [READ, RAN] = ['2026-11-27', '2026-11-30'];

export const range = (read: string, does: Does, rest: Partial<Omit<Range, 'read' | 'does'>> = {}): Range => ({
  ...{ read, does, date: rest.ran ? RAN : READ },
  ...rest,
});

/** What nearly every run asks: the scaling, and the settings of PEFT's config. */
export const SCALES = ['scale', 'rslora', 'alphaPattern', 'rankPattern', 'missing', 'zero'] as const;
/** Of files without a config. */
export const FILES = ['scale', 'rankPattern', 'missing', 'zero'] as const;

/** `ran('0.33.0', ...SCALES, 'dora')` */
export const ran = (version: string, ...aspects: Aspect[]): Pick<Range, 'ran'> => ({ ran: { version, aspects } });

const each =
  (handling: Handling) =>
  <Name extends PartName>(...names: Name[]): Readonly<Record<Name, Handling>> =>
    Object.fromEntries(names.map((name) => [name, handling])) as Record<Name, Handling>;

/** `...refused('dora', 'saved')` */
export const [right, ignored, dropped, refused, unknown] = [
  each('right'),
  each('ignored'),
  each('dropped'),
  each('refused'),
  each('unknown'),
];

const UNKNOWN: Does = {
  ...unknown(...PARTS),
  ...{ takes: [], models: 'any', alpha: [], rank: 'tensor', missing: 'unknown', zero: 'unknown' },
  ...{ initsRight: null, commonAlpha: null, wholeAlpha: false },
};

/** What was not looked at is unknown. */
export const does = (known: Partial<Does>): Does => ({ ...UNKNOWN, ...known });

/** Readers of PEFT folders that take r and lora_alpha from adapter_config.json and nothing else. */
export const PEFT_GLOBAL = does({
  ...{ takes: ['peft'], models: 'language', alpha: ['config'], rank: 'config', missing: 'refused', zero: 'zero' },
  ...ignored('rslora', 'alphaPattern', 'rankPattern'),
});

/** PEFT's own formula. */
export const PEFT_FULL = does({ ...PEFT_GLOBAL, ...right('rslora', 'alphaPattern', 'rankPattern') });

/** Readers of one file that know alpha from its `.alpha` tensors alone. */
export const ALPHA_TENSOR = does({
  takes: ['kohya', 'lycoris', 'diffusers', 'diffusers-old', 'ai-toolkit', 'onetrainer', 'peft'],
  ...{ models: 'image', alpha: ['tensor'], missing: 'one', zero: 'zero' },
  ...ignored('rslora', 'alphaPattern'),
  ...right('rankPattern', 'stray'),
});
