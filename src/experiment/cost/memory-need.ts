import { linearLayers, rowsPerStep, type LinearLayer } from './linear-layers';
import { optimizerCost } from './optimizer-costs';
import { BLOCK, modelShapeOf, PRETRAINING_TEXTS } from '../tasks/transformer/model-shape';
import type { ExperimentSpec } from '../spec';

const FLOAT = 4;

/*
 * How many tensors live at the height of a step, by what their size goes with. Measured as peaks of all rows and tasks, and
 * rounded up so that every run stays below what is predicted (test/unit/experiment/memory-bound.test.ts holds it).
 */

/** Of the trained matrices: weights, gradients, clipping, the pieces they are cut into, and the optimizer. */
const OF_WEIGHTS = 48;
/** Of what goes into and comes out of a layer, both ways, and what large products copy of it to turn it. */
const OF_ACTIVATIONS = { linear: 7, mlp: 12, transformer: 12 } as const;
/** The same of a layer with DoRA, beyond the others, and of one whose inputs dropout masks. */
const OF_DORA = 4;
const OF_MASKED = 3;
/** Of what LoRA makes in between, [rows, rank]. */
const OF_HIDDEN = 8;
/** Of attention's [sequence, sequence] a head. */
const OF_SCORES = 10;
/** Of the logits. */
const OF_LOGITS = 10;
/** Of frozen matrices: as drawn, as kept both ways round, and what XNNPACK packs of each of these two. */
const OF_FROZEN = 5;
/** Of what is drawn of the data in JavaScript's numbers of two floats, and then as floats. */
const OF_DRAWN = 3;

/**
 * The most bytes that a run's tensors take at a time, weights, memory of the optimizer, activations, gradients and data:
 * at least what is measured, and less than five times that. Of a run that is shared by several workers this is what all of
 * them take together, but for the frozen matrices and the data, which each has for itself.
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
  // A row of a fit is trained while the variants' task is still there.
  const count = variants.length + (fit?.count ?? 0);
  const tasks = fit ? 2 : 1;
  return FLOAT * Math.max(count * aVariant + tasks * (OF_FROZEN * frozen + ofData(spec)), pretraining);
}

function sum(layers: readonly LinearLayer[], size: (layer: LinearLayer) => number): number {
  return layers.reduce((total, layer) => total + size(layer), 0);
}

/** Numbers of the frozen matrices. */
function frozenOf(spec: ExperimentSpec): number {
  const head = spec.task === 'transformer' ? modelShapeOf(spec).vocabulary * spec.width : 0;
  return sum(linearLayers(spec), ({ inputs, outputs }) => inputs * outputs) + head;
}

/** The rows of all mini-batches and what is computed of them once; where variants are of several draws, one copy a variant. */
function ofData(spec: ExperimentSpec): number {
  const { task, width, batches, seeds, variants } = spec;
  const owners = new Set(variants.map(({ draw }) => draw)).size === 1 ? 1 : variants.length;
  const columns = {
    // Inputs and what is left of the targets.
    linear: () => 2 * width,
    // Inputs, targets, and what the first layer makes of the inputs.
    mlp: () => 2 * width + (linearLayers(spec)[0]?.outputs ?? 0),
    // Inputs, their norms, what q, k and v make of these, and the next tokens.
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
  // Each text is kept twice, as seen and as said, in JavaScript's numbers of two floats.
  const texts = 4 * pretrainSteps * rows;
  return (
    OF_WEIGHTS * (frozen + vocabulary * width + sequence * width) +
    OF_ACTIVATIONS.transformer * passed +
    ofTokens(spec, rows, PRETRAINING_TEXTS) +
    texts
  );
}
