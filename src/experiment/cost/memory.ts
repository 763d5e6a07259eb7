import * as l10n from '@vscode/l10n';
import type { ExperimentSpec } from '../spec';
import { linearLayers, rowsPerStep, type LinearLayer, optimizerCost } from './time';
import { BLOCK, modelShapeOf, PRETRAINING_TEXTS } from '../tasks/transformer/model';

/**
 * The memory limit for the tensors of a worker. WebAssembly could use 4 GB; a quarter of it does not slow down a small
 * laptop, and is far more than any config needs.
 */
const MOST_BYTES = 2 ** 30;

/**
 * The largest number of losses. The worker holds them as JavaScript numbers (half a gigabyte), and `--json` puts all of
 * them into one string, which V8 limits to 2^29 characters.
 */
const MOST_LOSSES = 8_000_000;

/** Why a spec is too large to train and what would fit, in one sentence; null if it is not too large. */
export function tooLarge(spec: ExperimentSpec): string | null {
  const { variants, steps } = spec;
  const count = variants.length;
  if (count * steps > MOST_LOSSES) {
    const fitting = Math.floor(MOST_LOSSES / count);
    return l10n.t`${whole(count)} variants × ${whole(steps)} steps are ${whole(count * steps)} losses; the limit is ${whole(MOST_LOSSES)}. Up to ${whole(fitting)} steps would fit.`;
  }
  const bytes = bytesOf(spec);
  if (bytes <= MOST_BYTES) return null;
  return l10n.t`${whole(count)} variants of this problem need about ${gigabytes(bytes)} GB at once; the limit is ${gigabytes(MOST_BYTES)} GB. This would fit: ${whatFits(spec)}.`;
}

/** The largest spec below the limit that differs in one number. */
function whatFits(spec: ExperimentSpec): string {
  const fits = (changed: Partial<ExperimentSpec>): boolean => bytesOf({ ...spec, ...changed }) <= MOST_BYTES;
  const variants = largest(spec.variants.length, (count) => fits({ variants: spec.variants.slice(0, count) }));
  if (variants >= 2) return l10n.t`up to ${whole(variants)} variants`;
  const batches = largest(spec.batches, (count) => fits({ batches: count }));
  if (batches >= 1) return l10n.t`up to ${whole(batches)} mini-batches`;
  const batch = largest(spec.batch, (count) => fits({ batch: count }));
  if (batch >= 1) return l10n.t`mini-batches of up to ${whole(batch)} rows`;
  const rank = largest(spec.rank, (count) => fits({ rank: count }));
  return rank >= 1 ? l10n.t`a rank of up to ${whole(rank)}` : l10n.t('a smaller width');
}

/** Binary search: the largest whole number from 0 to `most` for which `holds` is true; 0 if there is none. */
function largest(most: number, holds: (count: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function gigabytes(bytes: number): string {
  return String(Number((bytes / 2 ** 30).toPrecision(2)));
}

const FLOAT = 4;

/*
 * Tensors alive at the peak of a step, as multiples of the sizes below. Measured on all rows and tasks and rounded up,
 * so that no run exceeds its prediction (test/unit/experiment/cost/memory-bound.test.ts checks this).
 */

/** Trained matrices: weights, gradients, clipping, slices and the optimizer's state. */
const OF_WEIGHTS = 48;
/** Inputs and outputs of a layer in both passes, and what products rearrange. */
const OF_ACTIVATIONS = { linear: 7, mlp: 12, transformer: 12 } as const;
/** Inputs and outputs, added by DoRA; and inputs, added by dropout. */
const OF_DORA = 4;
const OF_MASKED = 3;
/** The hidden activations of LoRA, [rows, rank]. */
const OF_HIDDEN = 8;
/** Attention scores, [sequence, sequence] for each head. */
const OF_SCORES = 10;
/** Logits. */
const OF_LOGITS = 10;
/** Frozen matrices: as drawn, in both orientations, and rearranged for products from each orientation. */
const OF_FROZEN = 5;
/** Drawn data: JavaScript numbers (8 bytes), then float32. */
const OF_DRAWN = 3;

/**
 * Upper bound of a run's tensor memory in bytes: weights, optimizer state, activations, gradients and data. It is above
 * the measured peak and below five times that peak. If several workers share a run, the bound holds for all of them
 * together, except for frozen matrices and data, which every worker holds.
 * @throws Error for sizes that a transformer cannot have
 */
export function bytesOf(spec: ExperimentSpec): number {
  const { task, variants, rank, optimizer, useDora, dropout, fit } = spec;
  const layers = linearLayers(spec);
  const rows = rowsPerStep(spec);
  const trained = layers.filter((layer) => layer.trained);

  const { squares: ofSquares = 0, projections } = optimizerCost(optimizer.row);
  const squares = (side: number): number => rank ** 2 + side ** 2;
  const matrices = sum(trained, ({ inputs, outputs }) => {
    const sides = inputs + outputs;
    const whole = ofSquares * (squares(inputs) + squares(outputs));
    const projected = projections ? projections.copies * projections.rows * (sides + 2 * rank) : 0;
    return OF_WEIGHTS * (rank * sides + (useDora ? outputs : 0)) + whole + projected;
  });
  const ofLayer = OF_ACTIVATIONS[task] + (useDora ? OF_DORA : 0);
  const passed = sum(layers, ({ inputs, outputs }) => ofLayer * rows * (inputs + outputs));
  const masked = dropout > 0 ? sum(trained, ({ inputs }) => OF_MASKED * rows * inputs) : 0;
  const aVariant =
    matrices + passed + masked + OF_HIDDEN * rows * rank * trained.length + ofTokens(spec, rows, spec.batch);

  const frozen = frozenOf(spec);
  const pretraining = task === 'transformer' ? ofPretraining(spec, frozen) : 0;
  // A fit trains its rows before the task of the variants is freed.
  const count = variants.length + (fit?.count ?? 0);
  const tasks = fit ? 2 : 1;
  return FLOAT * Math.max(count * aVariant + tasks * (OF_FROZEN * frozen + ofData(spec)), pretraining);
}

function sum(layers: readonly LinearLayer[], size: (layer: LinearLayer) => number): number {
  return layers.reduce((total, layer) => total + size(layer), 0);
}

/** Number of frozen weights. */
function frozenOf(spec: ExperimentSpec): number {
  const head = spec.task === 'transformer' ? modelShapeOf(spec).vocabulary * spec.width : 0;
  return sum(linearLayers(spec), ({ inputs, outputs }) => inputs * outputs) + head;
}

/** Data of all mini-batches and what is computed from it once. Variants of several draws each hold a copy. */
function ofData(spec: ExperimentSpec): number {
  const { task, width, batches, seeds, variants } = spec;
  const owners = new Set(variants.map(({ draw }) => draw)).size === 1 ? 1 : variants.length;
  const columns = {
    // Inputs and residuals.
    linear: () => 2 * width,
    // Inputs, targets and the output of the first frozen layer.
    mlp: () => 2 * width + (linearLayers(spec)[0]?.outputs ?? 0),
    // Inputs, their norms, frozen outputs of q, k and v, and the next tokens.
    transformer: () => 5 * width + modelShapeOf(spec).vocabulary,
  }[task]();
  const numbers = batches * rowsPerStep(spec) * columns;
  return owners * numbers + OF_DRAWN * seeds.length * numbers;
}

/** Scores of attention and logits of one model. */
function ofTokens(spec: ExperimentSpec, rows: number, batch: number): number {
  if (spec.task !== 'transformer') return 0;
  const { heads, sequence, layers, vocabulary } = modelShapeOf(spec);
  return OF_SCORES * layers * batch * heads * sequence ** 2 + OF_LOGITS * rows * vocabulary;
}

/** Pretraining trains all weights of one model. */
function ofPretraining(spec: ExperimentSpec, frozen: number): number {
  const { sequence, vocabulary, width } = modelShapeOf(spec);
  const { pretrainSteps } = spec.block ?? BLOCK;
  const rows = PRETRAINING_TEXTS * sequence;
  const passed = sum(linearLayers(spec), ({ inputs, outputs }) => rows * (inputs + outputs));
  // Each text is held twice, as inputs and as targets, in JavaScript numbers (8 bytes).
  const texts = 4 * pretrainSteps * rows;
  return (
    OF_WEIGHTS * (frozen + vocabulary * width + sequence * width) +
    OF_ACTIVATIONS.transformer * passed +
    ofTokens(spec, rows, PRETRAINING_TEXTS) +
    texts
  );
}
