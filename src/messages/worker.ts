import * as v from 'valibot';
import { MOVED_NUMBERS, PROJECTIONS, VARIANT_ROLES, WRONG_WAYS } from '../experiment/spec';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';

/** What is said between whoever wants an experiment and the worker that trains it. */

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1));
const factorHyper = v.object({
  lr: finite,
  weightDecay: finite,
  constants: v.record(v.picklist(CONSTANT_IDS), finite),
  early: v.exactOptional(v.pipe(v.array(finite), v.readonly())),
});
const backend = v.picklist(['cpu', 'wasm', 'webgl']);

const variant = v.object({
  name: v.string(),
  role: v.picklist(VARIANT_ROLES),
  number: v.exactOptional(positiveInteger),
  alpha: v.exactOptional(finite),
  wrong: v.exactOptional(v.object({ what: v.picklist(MOVED_NUMBERS), how: v.picklist(WRONG_WAYS) })),
  seed: v.exactOptional(finite),
  draw: v.pipe(v.number(), v.integer(), v.minValue(0)),
  scaling: finite,
  init: v.object({ A: finite, B: finite }),
  gauge: v.object({ p: finite, q: finite }),
  a: factorHyper,
  b: factorHyper,
  m: v.exactOptional(factorHyper),
  maxGradValue: v.nullable(finite),
  maxGradNorm: v.nullable(finite),
  ulpSeed: v.nullable(finite),
});

export const experimentSpec = v.object({
  task: v.picklist(['linear', 'mlp', 'transformer']),
  useDora: v.boolean(),
  width: positiveInteger,
  batch: positiveInteger,
  batches: positiveInteger,
  rank: positiveInteger,
  sizes: v.exactOptional(
    v.object({
      hidden: v.exactOptional(positiveInteger),
      layers: v.exactOptional(positiveInteger),
      sequence: v.exactOptional(positiveInteger),
      heads: v.exactOptional(positiveInteger),
      vocabulary: v.exactOptional(positiveInteger),
    }),
  ),
  block: v.exactOptional(
    v.object({
      norm: v.picklist(['layer', 'rms']),
      gated: v.boolean(),
      targets: v.pipe(v.array(v.picklist(PROJECTIONS)), v.readonly()),
      pretrainSteps: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
  data: v.object({
    target: v.picklist(['noise', 'map']),
    inputScale: finite,
    targetScale: finite,
    inputUnit: v.exactOptional(finite),
    lossUnit: v.exactOptional(finite),
  }),
  loss: v.picklist(['l1', 'mse', 'ce']),
  seeds: v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(1), v.readonly()),
  dropout: v.pipe(finite, v.minValue(0), v.ltValue(1)),
  steps: positiveInteger,
  optimizer: v.object({
    row: v.string(),
    betas: v.pipe(v.tuple([finite, finite]), v.readonly()),
    momentum: finite,
    nesterov: v.boolean(),
    options: v.record(v.string(), finite),
  }),
  clipEps: finite,
  schedule: v.object({
    kind: v.picklist(['constant', 'linear', 'cosine']),
    warmupSteps: v.pipe(v.number(), v.minValue(0)),
  }),
  backend: v.union([backend, v.literal('auto')]),
  fit: v.exactOptional(
    v.object({
      from: positive,
      to: positive,
      count: v.pipe(v.number(), v.integer(), v.minValue(2)),
      rounds: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
  variants: v.pipe(v.array(variant), v.minLength(1), v.readonly()),
});

/** A loss; a run that explodes ends in NaN. Channels that speak JSON turn it, and infinities, into null: NaN again. */
const loss = v.pipe(
  v.union([v.number(), v.nan(), v.null()]),
  v.transform((value) => value ?? Number.NaN),
);
export const losses = v.array(v.array(loss));

/** The same between threads: half the size, and no number of it needs a look. */
const packedLosses = v.union([
  v.pipe(
    v.array(v.instance(Float32Array)),
    v.transform((curves) => curves.map((curve) => Array.from(curve))),
  ),
  losses,
]);

/** Losses as they go from thread to thread. */
export function packed(curves: readonly (readonly number[])[]): Float32Array<ArrayBuffer>[] {
  return curves.map((curve) => Float32Array.from(curve));
}

export const runResult = v.object({
  backend,
  losses,
  weightDeviation: v.array(loss),
  fit: v.exactOptional(v.object({ lr: finite, deviation: loss, losses: v.array(loss) })),
  losesBits: v.exactOptional(v.literal(true)),
  stopped: v.boolean(),
  ms: v.number(),
});

export const runStart = v.object({ backend, note: v.nullable(v.string()) });
export const runPoints = v.object({ from: v.number(), losses });

/** What a worker can be asked. `assets` are the wasm files, as URLs or paths its platform can load. */
export const workerContract = {
  run: {
    params: v.object({ spec: experimentSpec, assets: v.string() }),
    result: v.object({ ...runResult.entries, losses: packedLosses }),
  },
  stop: { params: v.undefined(), result: v.void() },
};

/** What a worker tells while it trains. */
export const listenerContract = {
  started: { params: runStart, result: v.void() },
  points: { params: v.object({ ...runPoints.entries, losses: packedLosses }), result: v.void() },
  /** Something arrived that it could make nothing of. */
  fault: { params: v.string(), result: v.void() },
};
