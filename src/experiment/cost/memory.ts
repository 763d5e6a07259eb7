import * as l10n from '@vscode/l10n';
import { modelShapeOf, PRETRAINING_TEXTS } from '../tasks/transformer/model';
import type { ExperimentSpec } from '../spec';
import { linearLayers, optimizerCost, rowsPerStep } from './time';

/**
 * The memory limit for the tensors of a worker. WebAssembly could use 4 GB; a quarter of it does not slow down a small
 * laptop, and is far more than the check of any config needs.
 */
const MOST_BYTES = 2 ** 30;

/**
 * The largest number of losses. The worker holds them as JavaScript numbers (half a gigabyte), and `--json` puts all of
 * them into one string, which V8 limits to 2^29 characters.
 */
const MOST_LOSSES = 8_000_000;

/** Why a spec is too large to train and what would fit, in a sentence or two; null if it is not too large. */
export function tooLarge(spec: ExperimentSpec): string | null {
  const { variants, steps } = spec;
  const count = variants.length;
  if (count * steps > MOST_LOSSES) {
    const fitting = Math.floor(MOST_LOSSES / count);
    return l10n.t`${whole(count)} variants × ${whole(steps)} steps are ${whole(count * steps)} losses; the limit is ${whole(MOST_LOSSES)}. Up to ${whole(fitting)} steps would fit.`;
  }
  const bytes = bytesOf(spec);
  if (bytes <= MOST_BYTES) return null;
  return l10n.t`${whole(count)} variants of this problem need about ${gigabytes(bytes)} GB at once; the limit is ${gigabytes(MOST_BYTES)} GB. Try fewer alphas or seeds.`;
}

const whole = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const gigabytes = (bytes: number): string => String(Number((bytes / 2 ** 30).toPrecision(2)));

/*
 * Numbers alive at the peak of a step, as multiples of sizes. Measured on all rows and tasks and rounded up, so that no
 * run exceeds its prediction (test/unit/experiment/cost/memory-bound.test.ts checks this).
 */

/** Trained matrices: weights, gradients, clipping, slices and the optimizer's state. */
const OF_WEIGHTS = 48;
/** Inputs, outputs and hidden activations of a layer in both passes, dropout's masks, and what products rearrange. */
const OF_ACTIVATIONS = { linear: 10, mlp: 15, transformer: 15 } as const;
/** Inputs and outputs, added by DoRA. */
const OF_DORA = 4;
/** Attention scores, [sequence, sequence] for each head, and logits. */
const OF_TOKENS = 10;
/** Frozen matrices: as drawn, in both orientations, rearranged for products from each; and their pretraining. */
const OF_FROZEN = 40;
/** Columns of data for each column of the inputs: targets, frozen outputs, and JavaScript numbers of each draw. */
const OF_DATA = 8;

/**
 * Upper bound of a run's tensor memory in bytes. If several workers share a run, the bound holds for all of them
 * together, except for frozen matrices and data, which every worker holds.
 * @throws Error for sizes that a transformer cannot have
 */
export function bytesOf(spec: ExperimentSpec): number {
  const { task, variants, rank, width, batch, batches, seeds, optimizer, useDora, fit } = spec;
  const rows = rowsPerStep(spec);
  const { squares = 0, projections = { rows: 0, copies: 0 } } = optimizerCost(optimizer.row);
  const ofLayer = OF_ACTIVATIONS[task] + (useDora ? OF_DORA : 0);
  let [aVariant, frozen] = [0, 0];
  for (const { inputs, outputs, trained } of linearLayers(spec)) {
    const sides = inputs + outputs;
    frozen += inputs * outputs;
    aVariant += ofLayer * rows * sides;
    if (!trained) continue;
    const whole = squares * (2 * rank ** 2 + inputs ** 2 + outputs ** 2);
    const projected = projections.copies * projections.rows * (sides + 2 * rank);
    aVariant +=
      OF_WEIGHTS * (rank * sides + (useDora ? outputs : 0)) + whole + projected + OF_ACTIVATIONS.linear * rows * rank;
  }
  if (task === 'transformer') {
    const { heads, sequence, layers, vocabulary } = modelShapeOf(spec);
    aVariant += OF_TOKENS * (layers * batch * heads * sequence ** 2 + rows * vocabulary);
    frozen += (2 * vocabulary + sequence) * width;
  }
  // A fit trains its rows before the task of the variants is freed, and pretraining one variant on many texts.
  const texts = task === 'transformer' ? PRETRAINING_TEXTS / batch : 0;
  const count = Math.max(variants.length + (fit?.count ?? 0), texts);
  const owners = new Set(variants.map(({ draw }) => draw)).size === 1 ? 1 : count;
  return 4 * (count * aVariant + OF_FROZEN * frozen + OF_DATA * (owners + seeds.length) * batches * rows * width);
}
