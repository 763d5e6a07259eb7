import * as v from 'valibot';

/** The JSON other people's scripts rely on. Strict: a key too many is a change of the contract, too. */

const nullableNumber = v.nullable(v.number());
const nullableText = v.nullable(v.string());
const place = v.strictObject({ path: v.string(), line: v.number(), column: v.number() });

const recipe = v.strictObject({
  name: v.string(),
  rank: v.number(),
  alpha: v.number(),
  scaling: v.number(),
  scalingRule: v.picklist(['standard', 'rslora', 'direct']),
  useDora: v.boolean(),
  learningRate: nullableNumber,
  lrA: nullableNumber,
  lrB: nullableNumber,
  loraplusLrRatio: nullableNumber,
  optimizer: v.strictObject({
    name: nullableText,
    row: nullableText,
    unknown: nullableText,
    eps: nullableNumber,
    betas: v.nullable(v.tuple([v.number(), v.number()])),
    weightDecay: nullableNumber,
    momentum: nullableNumber,
    nesterov: v.nullable(v.boolean()),
    constants: v.record(v.string(), v.number()),
    options: v.record(v.string(), v.number()),
  }),
  maxGradNorm: nullableNumber,
  scheduler: nullableText,
  warmup: nullableNumber,
  dropout: nullableNumber,
  init: nullableText,
  targetModules: v.nullable(v.union([v.string(), v.array(v.string())])),
  stated: v.record(v.string(), place),
  assumed: v.record(v.string(), v.string()),
  elsewhere: v.record(v.string(), v.string()),
  run: v.optional(v.string()),
});

const notUnderstood = v.array(v.strictObject({ line: v.number(), source: v.string(), why: v.string() }));
const caveats = v.array(v.strictObject({ code: v.string(), message: v.string() }));
const findings = v.array(
  v.strictObject({
    code: v.string(),
    severity: v.picklist(['error', 'warning', 'info']),
    message: v.string(),
    line: nullableNumber,
  }),
);

export const readDocument = v.array(
  v.strictObject({
    file: v.string(),
    isLora: v.boolean(),
    trainer: nullableText,
    syntax: nullableText,
    isGuess: v.optional(v.boolean()),
    source: v.optional(v.strictObject({ repository: v.string(), commit: v.string(), date: v.string() })),
    recipes: v.array(recipe),
    findings,
    notUnderstood,
  }),
);

const change = v.strictObject({ key: v.string(), from: nullableNumber, to: nullableNumber, factor: v.number() });

export const planDocument = v.strictObject({
  k: v.number(),
  target: v.strictObject({
    alpha: v.number(),
    scalingRule: v.picklist(['standard', 'rslora', 'direct']),
    scaling: v.number(),
    k: v.number(),
  }),
  plans: v.array(
    v.strictObject({
      id: v.picklist(['symmetric', 'keep-init', 'keep-b', 'lr-only']),
      exactness: v.picklist(['exact', 'nearly', 'approximate']),
      changes: v.array(change),
      init: v.strictObject({ A: v.number(), B: v.number() }),
      code: nullableText,
      caveats,
    }),
  ),
  notUnderstood,
});

export const rewriteDocument = v.strictObject({
  file: v.string(),
  diff: v.string(),
  written: v.boolean(),
  exactness: v.picklist(['exact', 'nearly', 'approximate']),
  code: nullableText,
  changes: v.array(change),
  /** Numbers that the file does not hold and that must move as well. */
  left: v.array(v.strictObject({ key: v.string(), factor: v.number() })),
  findings,
  caveats,
  notUnderstood,
});

const value = v.nullable(v.union([v.number(), v.string()]));

/** The numbers of a signature stand beside these; which there are is the optimizer's and the init's affair. */
const signature = v.objectWithRest(
  { rank: v.number(), optimizer: nullableText, init: nullableText, unit: nullableText },
  nullableNumber,
);

export const compareDocument = v.strictObject({
  same: v.nullable(v.boolean()),
  why: v.string(),
  signatureA: signature,
  signatureB: signature,
  differences: v.array(v.strictObject({ key: v.string(), a: value, b: value, ratio: nullableNumber, why: v.string() })),
  unknown: v.array(v.strictObject({ key: v.string(), why: v.string() })),
  ways: v.array(
    v.strictObject({
      id: v.picklist(['numbers', 'alpha', 'init']),
      changes: v.array(v.strictObject({ field: v.string(), from: value, to: value, factor: nullableNumber })),
      init: v.strictObject({ A: v.number(), B: v.number() }),
      left: v.array(v.string()),
    }),
  ),
  tolerance: v.number(),
  unsaid: v.string(),
  notUnderstoodA: notUnderstood,
  notUnderstoodB: notUnderstood,
});

const runKeys = {
  verdict: v.picklist(['identical', 'equivalent', 'different', 'undecided']),
  task: v.picklist(['linear', 'mlp', 'transformer']),
  steps: v.number(),
  backend: v.picklist(['cpu', 'wasm']),
  variants: v.array(
    v.strictObject({
      name: v.string(),
      /** Where there are several. */
      seed: v.exactOptional(v.number()),
      loss: v.array(nullableNumber),
      maxDeviation: nullableNumber,
    }),
  ),
  /** Where nothing but the learning rate can be moved. */
  fit: v.exactOptional(
    v.strictObject({
      lr: v.number(),
      factor: v.number(),
      maxDeviation: v.number(),
      loss: v.array(nullableNumber),
    }),
  ),
  proof: v.nullable(v.strictObject({ k: v.number(), identical: v.boolean() })),
  why: v.string(),
  ms: v.number(),
};

export const checkDocument = v.strictObject({ ...runKeys, notUnderstood });
export const sweepDocument = v.strictObject({ ...runKeys, weightDeviation: v.number() });
