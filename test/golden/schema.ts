import * as v from 'valibot';

/** A file of training runs computed with PyTorch; make.py says what the numbers mean. What overflows is null here. */
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
const numbers = v.array(number);
const hyper = v.record(v.string(), v.unknown());

const twin = v.object({
  k: v.number(),
  p: v.number(),
  q: v.number(),
  gauge: v.string(),
  variant: v.string(),
  /** Largest relative deviation of the loss from the base run, in float32 and float64; absent where the run broke. */
  dev32: v.nullish(v.number()),
  dev64: v.nullish(v.number()),
  bit: v.optional(v.boolean()),
  /** Why torch could not train it. */
  error: v.optional(v.string()),
});

const runCase = v.object({
  id: v.string(),
  shape: v.string(),
  loss: v.string(),
  opt: v.string(),
  hp: hyper,
  s: v.number(),
  clip: v.nullable(v.number()),
  clip_eps: v.nullable(v.number()),
  schedule: v.nullable(v.string()),
  loss32: numbers,
  twins: v.array(twin),
});

const tensors = v.object({
  kind: v.string(),
  N: v.number(),
  M: v.number(),
  r: v.number(),
  /** Of a transformer; 2 unless given. */
  heads: v.optional(v.number()),
  t: v.record(v.string(), v.object({ shape: numbers, v: numbers })),
});

export const goldenFile = v.object({
  steps: v.number(),
  tensors: v.record(v.string(), tensors),
  /** Constants of each optimizer that are the same in every case. */
  optimizers: v.record(v.string(), v.record(v.string(), v.unknown())),
  cases: v.array(runCase),
});

export type GoldenFile = v.InferOutput<typeof goldenFile>;
export type GoldenCase = v.InferOutput<typeof runCase>;
export type GoldenTensors = v.InferOutput<typeof tensors>;
export type GoldenTwin = v.InferOutput<typeof twin>;

/** @throws Error that says where the text does not fit the schema */
export function parseGolden(text: string, path: string): GoldenFile {
  // Python writes numbers that JSON does not have.
  const json = text.replace(/(?<=[:,[]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g, 'null');
  const parsed = v.safeParse(goldenFile, JSON.parse(json));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${path}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}
