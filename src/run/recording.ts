import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { visible } from '../recipe/visible';

/** The format that the recorder of this version writes (python/lora_alpha_run). */
const RUN_FORMAT = 'lora-alpha-run/1';

/** JSON has no NaN and no infinity: the recorder writes their names. */
const NOT_FINITE: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

const text = v.pipe(v.string(), v.maxLength(2000));
const number = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(
    v.picklist(['nan', 'inf', '-inf']),
    v.transform((name) => NOT_FINITE[name] ?? NaN),
  ),
]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12));
/** Counted before any entry is looked at. */
const atMost = (most: number) =>
  v.check((all: unknown) => Object.keys(Object(all)).length <= most, `more than ${most} entries`);
const short = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(v.unknown(), atMost(most), v.array(item));
const few = short(text, 50);
const record = <Value extends v.GenericSchema>(value: Value, most: number) =>
  v.pipe(v.unknown(), atMost(most), v.record(text, value));

const scalar = v.union([number, v.boolean(), text, v.null()]);
const group = v.object({
  /** What the group holds: `A`, `B`, `magnitude`, `bias`, `embedding`, `other`. */
  roles: record(v.object({ count, names: few }), 20),
  numbers: record(v.union([scalar, short(scalar, 20)]), 200),
  /** At every step. */
  lr: short(number, 100_000),
  /** Keys of `numbers` that had another value later. */
  changed: v.optional(short(text, 200), []),
});

const sizes = v.object({ std: v.optional(number), max: number });
const recorded = v.object({
  format: v.literal(RUN_FORMAT),
  command: short(text, 10_000),
  versions: record(text, 5000),
  world: v.object({ size: count, rank: count }),
  steps: count,
  /** What ended the recording. */
  ended: v.picklist(['steps', 'program', 'exception', 'signal', 'no-step']),
  reason: v.optional(text, ''),
  /** The type of autocast (`bfloat16`), and the loss scale that float16 needs. */
  precision: v.object({ autocast: v.nullish(text), scaler: v.nullish(v.looseObject({})) }),
  /** One for each backward pass of a single number. */
  losses: short(number, 200_000),
  optimizers: short(v.object({ class: text, groups: short(group, 5000) }), 100),
  clips: short(
    v.object({
      kind: v.picklist(['norm', 'value']),
      threshold: number,
      /** Whose gradients are clipped: LoRA's alone, with those of other parameters, or only others'. */
      over: v.picklist(['lora', 'mixed', 'other']),
      /** One for each call; null where values are clipped. */
      norms: short(v.nullable(number), 200_000),
    }),
    200,
  ),
  modules: short(
    v.object({
      name: text,
      adapter: text,
      kind: text,
      rank: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9)),
      /** The factor in front of B·A; null where the recorder has not found it. */
      scaling: v.nullable(number),
      dtype: text,
      initA: sizes,
      initB: sizes,
      dropout: v.nullish(number),
      dora: v.nullish(v.boolean()),
      embedding: v.nullish(v.boolean()),
      bias: v.nullish(v.boolean()),
      trains: v.object({ A: v.boolean(), B: v.boolean() }),
    }),
    20_000,
  ),
  /** What else trains. */
  others: v.object({ count, names: few }),
  sketches: short(
    v.object({
      step: count,
      /** By module and adapter: ΔW·u for fixed random directions u, its size, and a hash of all its bits. */
      modules: record(v.object({ norm: number, values: short(number, 64), sha: text }), 20_000),
    }),
    1000,
  ),
  notSeen: short(v.object({ what: text, why: text }), 200),
  refused: v.optional(v.nullable(text), null),
});

/** What the recorder saw of a run: the first steps of a program. */
export type Recording = v.InferOutput<typeof recorded>;
export type RecordedOptimizer = Recording['optimizers'][number];
export type RecordedGroup = v.InferOutput<typeof group>;
export type RecordedModule = Recording['modules'][number];

/** Factors by key of a parameter group; for a pair (Adafactor's eps) one for each item. */
export type Factors = Record<string, number | number[]>;

/** What is done to a program at run time, so that it runs at k times the scaling: A and B are divided. */
export interface RunPlan extends Record<'k' | 'A' | 'B', number> {
  clip: { norm?: number; value?: number };
  optimizers: 'as-is' | { class: string; roles: Record<string, Factors>; once?: Factors }[];
  scaleInit: boolean;
}

/** Whether a text may be a recording. */
export const isRecording = (text: string): boolean => /^\s*\{/.test(text) && text.includes('"lora-alpha-run/');

/** Characters of a recording: one of 2,000 modules and 20 steps has 3 million. */
export const LARGEST_RECORDING = 16 * 2 ** 20;

export const tooLarge = (file: string): string =>
  l10n.t`${file} is larger than ${LARGEST_RECORDING / 2 ** 20} MB, so it is not read. Record fewer steps.`;

/** Characters of what is wrong. */
const LONGEST_WORDS = 120;

/**
 * Reads what the recorder wrote.
 * @param file its name, for the sentence
 * @returns the recording, or one sentence about what is wrong with the text
 */
export function readRecording(text: string, file: string): Recording | { wrong: string } {
  const wrong = (sentence: string): { wrong: string } => ({ wrong: sentence });
  if (text.length > LARGEST_RECORDING) return wrong(tooLarge(file));
  if (!isRecording(text)) return wrong(l10n.t`${file} is no recording of a run. Make one with lora-alpha record.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return wrong(l10n.t`${file} is not valid JSON: the recording may have been interrupted.`);
  }
  const read = v.safeParse(recorded, json, { abortEarly: true });
  if (read.success) return read.output;
  if ((json as { format?: unknown }).format !== RUN_FORMAT)
    return wrong(l10n.t`${file} was written by another version of LoRA Alpha. Record the run again.`);
  const [issue] = read.issues;
  // A message quotes what it found, which may be anything.
  const [where = '', what = ''] = [v.getDotPath(issue) ?? 'format', issue.message].map((words) =>
    visible(words.slice(0, LONGEST_WORDS)),
  );
  return wrong(l10n.t`${file} is damaged at ${where}: ${what}. Record the run again.`);
}

/** The optimizers that step LoRA's factors. */
export const loraOptimizers = ({ optimizers }: Recording): RecordedOptimizer[] =>
  optimizers.filter(({ groups }) => groups.some((one) => holds(one, 'A') || holds(one, 'B')));

/** Whether a call of clipping was above its threshold. */
export const hasFired = ({ norms, threshold }: Recording['clips'][number]): boolean =>
  norms.some((norm) => norm !== null && norm > threshold);

export const holds = ({ roles }: RecordedGroup, role: string): boolean => (roles[role]?.count ?? 0) > 0;
