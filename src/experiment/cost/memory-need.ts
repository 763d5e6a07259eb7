import { linearLayers, rowsPerStep, type LinearLayer } from './linear-layers';
import { optimizerCost } from './optimizer-costs';
import { BLOCK, modelShapeOf, PRETRAINING_TEXTS } from '../tasks/transformer/model-shape';
import type { ExperimentSpec } from '../spec';

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
