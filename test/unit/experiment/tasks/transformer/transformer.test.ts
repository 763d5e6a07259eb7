import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawTexts } from '../../../../../src/experiment/draw/language';
import { drawModel, drawTransformer, languageOf, lessonOf } from '../../../../../src/experiment/draw/transformer';
import {
  layerShape,
  matrixOf,
  modelShapeOf,
  projectionsOf,
} from '../../../../../src/experiment/tasks/transformer/model';
import type { ModelShape, LanguageModel } from '../../../../../src/experiment/tasks/transformer/model';
import { randomOf } from '../../../../../src/experiment/draw/random';
import type { BlockSpec, ExperimentSpec, Projection } from '../../../../../src/experiment/spec';
import { modelOf, pretrainingTask } from '../../../../../src/experiment/tasks/transformer/pretraining';
import { transformerTask } from '../../../../../src/experiment/tasks/transformer/transformer';
import { check, lora, matrix, variants } from '../../support/autodiff';
import { spec } from '../../support/lab';

/** The hand-written passes against tfjs' own differentiation of the decoder, written as a PyTorch module would be. */

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Layer = (block: number, projection: Projection, x: tf.Tensor2D) => tf.Tensor2D;

/** Logits of the decoder on vectors [batch·sequence, width]. */
function decoder(shape: ModelShape, vectors: tf.Tensor2D, head: tf.Tensor2D, layer: Layer): tf.Tensor2D {
  const { sequence, width, heads } = shape;
  const batch = vectors.shape[0] / sequence;
  const norm = (x: tf.Tensor2D): tf.Tensor2D => {
    const centered = shape.norm === 'layer' ? tf.sub(x, tf.mean(x, 1, true)) : x;
    return tf.div(centered, tf.sqrt(tf.add(tf.mean(tf.square(centered), 1, true), 1e-5)));
  };
  const split = (all: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(all, [batch, sequence, heads, width / heads]), [0, 2, 1, 3]);
  const past = tf.linalg.bandPart(tf.tensor2d(new Float32Array(sequence ** 2).fill(1), [sequence, sequence]), -1, 0);
  const mask = tf.mul(tf.sub(past, 1), 1e9);
  let x = vectors;
  for (let block = 0; block < shape.layers; block++) {
    const at = (projection: Projection, input: tf.Tensor2D): tf.Tensor2D => layer(block, projection, input);
    const before = norm(x);
    const scores = tf.div(
      tf.matMul(split(at('q', before)), split(at('k', before)), false, true),
      Math.sqrt(width / heads),
    );
    const looked = tf.transpose(tf.matMul(tf.softmax(tf.add(scores, mask)), split(at('v', before))), [0, 2, 1, 3]);
    x = tf.add(x, at('o', tf.reshape(looked, [batch * sequence, width])));
    const inside = norm(x);
    const gate = shape.gated ? at('gate', inside) : null;
    const active = gate ? tf.mul(tf.mul(gate, tf.sigmoid(gate)), at('up', inside)) : tf.tanh(at('up', inside));
    x = tf.add(x, at('down', active as tf.Tensor2D));
  }
  return tf.matMul(norm(x), head, false, true);
}

function crossEntropy(logits: tf.Tensor2D, tokens: ArrayLike<number>): tf.Tensor {
  const right = tf.oneHot(tf.tensor(Array.from(tokens), [tokens.length], 'int32'), logits.shape[1]);
  return tf.mean(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), right), 1)));
}

const LLAMA = { norm: 'rms', gated: true } as const;
const OLD = { norm: 'layer', gated: false } as const;
const odd = { hidden: 7, sequence: 5, heads: 3, vocabulary: 4 };
const all = projectionsOf(LLAMA);

interface Case {
  kind: Pick<BlockSpec, 'norm' | 'gated'>;
  targets: readonly Projection[];
  size?: Partial<ExperimentSpec>;
}

const cases: Case[] = [
  { kind: OLD, targets: ['q', 'v'] },
  { kind: OLD, targets: ['k', 'down'], size: { width: 6, rank: 1 } },
  { kind: OLD, targets: projectionsOf(OLD), size: { width: 6, sizes: odd } },
  { kind: { norm: 'layer', gated: true }, targets: ['gate', 'o'] },
  { kind: { norm: 'rms', gated: false }, targets: ['q', 'up'] },
  ...all.map((target): Case => ({ kind: LLAMA, targets: [target] })),
  { kind: LLAMA, targets: all, size: { width: 6, sizes: odd } },
  { kind: LLAMA, targets: all, size: { width: 6, batches: 2, sizes: { ...odd, layers: 2 } } },
];

function modelOfSpec(specOfCase: ExperimentSpec): LanguageModel {
  return drawModel(randomOf(5), modelShapeOf(specOfCase));
}

describe('LoRA on a transformer', () => {
  it.each(cases)('has the loss and gradients of its definition: $kind, $targets', ({ kind, targets, size }) => {
    const block = { ...kind, targets, pretrainSteps: 0 };
    const wanted = spec({ task: 'transformer', width: 8, batch: 2, rank: 2, block, ...size });
    const model = modelOfSpec(wanted);
    const { shape } = model;
    const { batch, batches, draws, ...problem } = drawTransformer(wanted, model);
    const task = transformerTask({ ...problem, batch, batches, draws }, { variants, useDora: false, dropout: null });
    const places = batch * shape.sequence;
    const [draw] = draws;
    if (!draw) throw new Error('no draw');
    for (let step = 1; step <= batches; step++) {
      tf.tidy(() => {
        const from = (step - 1) * places;
        const x = matrix(draw.inputs.slice(from * shape.width, (from + places) * shape.width), places, shape.width);
        const tokens = Array.from(draw.targets).slice(from, from + places);
        const head = matrix(matrixOf(model, 'head'), shape.vocabulary, shape.width);
        check(
          task,
          (weights, s) => {
            const layer: Layer = (at, projection, input) => {
              const { outputs, inputs } = layerShape(projection, shape);
              const frozen = matrix(matrixOf(model, `${projection}${at}`), outputs, inputs);
              const name = at === 0 ? projection : `${projection}${at + 1}`;
              return lora(input, frozen, weights[`A${name}`], weights[`B${name}`], s);
            };
            return crossEntropy(decoder(shape, x, head, layer), tokens);
          },
          { step },
        );
      });
    }
    task.dispose();
  });
});

describe('pretraining', () => {
  it.each([
    { ...OLD, layers: 1 },
    { ...LLAMA, layers: 1 },
    { ...LLAMA, layers: 2 },
  ])('has the loss and the gradients of all weights: $norm, gated $gated, $layers blocks', ({ layers, ...kind }) => {
    const block = { ...kind, targets: ['q'], pretrainSteps: 0 } as const;
    const wanted = spec({ task: 'transformer', width: 6, block, sizes: { ...odd, layers } });
    const model = modelOfSpec(wanted);
    const { shape } = model;
    const { known, random } = languageOf(wanted);
    const lessons = [1, 2].map(() => lessonOf(drawTexts(random, known, 3, shape.sequence), shape.sequence));
    const task = pretrainingTask(model, lessons, 3);
    const { seen, said } = lessons[1] ?? { seen: [], said: [] };
    check(
      task,
      (weights) => {
        const at = (name: string): tf.Tensor2D => {
          const found = weights[name];
          if (!found) throw new Error(`no ${name}`);
          return found;
        };
        const tokens = tf.oneHot(tf.tensor([...seen], [seen.length], 'int32'), shape.vocabulary);
        const x = tf.add(tf.matMul(tokens, at('embedding')), tf.tile(at('positions'), [3, 1])) as tf.Tensor2D;
        const layer: Layer = (i, projection, input) => tf.matMul(input, at(`${projection}${i}`), false, true);
        return crossEntropy(decoder(shape, x, at('head'), layer), said);
      },
      { step: 2, scalings: [1] },
    );
    task.dispose();
  });

  it('hands back the weights it was given where nothing trains', () => {
    const model = modelOfSpec(spec({ task: 'transformer', width: 4 }));
    const task = pretrainingTask(model, [], 1);
    const weights = tf.tidy(() => task.start().map((block) => block.dataSync() as Float32Array));
    expect(modelOf(model.shape, task, weights)).toEqual(model);
    task.dispose();
  });
});

it('keeps no tensor', () => {
  const before = tf.memory().numTensors;
  const small = spec({ task: 'transformer', width: 4, batches: 3 });
  const model = modelOfSpec(small);
  const lessons = [lessonOf(drawTexts(randomOf(1), languageOf(small).known, 2, 8), 8)];
  for (const task of [
    transformerTask(drawTransformer(small, model), { variants, useDora: false, dropout: null }),
    pretrainingTask(model, lessons, 2),
  ]) {
    tf.tidy(() => void task.pass(task.start(), 1));
    task.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});
