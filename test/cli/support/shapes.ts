import * as v from 'valibot';

/**
 * The JSON of a training, on which other people's scripts rely; transcripts/ has that of the other commands in full.
 * Strict: one key too many changes the contract, too.
 */

const nullableNumber = v.nullable(v.number());
const notUnderstood = v.array(v.strictObject({ line: v.number(), source: v.string(), why: v.string() }));

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
    v.strictObject({ lr: v.number(), factor: v.number(), maxDeviation: v.number(), loss: v.array(nullableNumber) }),
  ),
  proof: v.nullable(v.strictObject({ k: v.number(), identical: v.boolean() })),
  why: v.string(),
  ms: v.number(),
};

const version = v.literal(1);
export const checkDocument = v.strictObject({ version, ...runKeys, notUnderstood });
export const sweepDocument = v.strictObject({ version, ...runKeys, weightDeviation: v.number() });
