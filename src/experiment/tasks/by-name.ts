import { mul } from '@tensorflow/tfjs-core';
import { dropoutOf } from '../draw/random';
import { drawLayer, drawMlp } from '../draw/mlp';
import { drawTransformer } from '../draw/transformer';
import type { LanguageModel } from '../tasks/transformer/model';
import type { ExperimentSpec } from '../spec';
import { linearTask, regressionLoss, mlpTask } from './regression';
import type { Adaptation } from './layers';
import type { Task } from './task';
import { transformerTask } from './transformer/transformer';

type Pretrain = (spec: ExperimentSpec) => Promise<LanguageModel>;

const BY_NAME: Readonly<
  Record<ExperimentSpec['task'], (spec: ExperimentSpec, pretrain: Pretrain) => Task | Promise<Task>>
> = {
  linear: (spec) =>
    spec.useDora
      ? mlpTask(drawLayer(spec), regressionLoss(spec), adaptationOf(spec))
      : linearTask(drawLayer(spec), spec.variants, regressionLoss(spec), dropoutOf(spec)),
  mlp: (spec) => mlpTask(drawMlp(spec), regressionLoss(spec), adaptationOf(spec)),
  transformer: async (spec, pretrain) => {
    if (spec.loss !== 'ce') throw new Error(`the task transformer names tokens: its loss is ce, not ${spec.loss}`);
    return transformerTask(drawTransformer(spec, await pretrain(spec)), adaptationOf(spec));
  },
};

function adaptationOf({ variants, useDora, ...spec }: ExperimentSpec): Adaptation {
  return { variants, useDora, dropout: dropoutOf(spec) };
}

/**
 * The spec's task on the data that its seeds draw, on the running backend.
 * @throws Error for a loss or sizes that the task cannot have
 */
export async function taskOf(spec: ExperimentSpec, pretrain: Pretrain): Promise<Task> {
  const lost = spec.variants.find(({ draw }) => draw >= spec.seeds.length);
  if (lost) {
    const seeds = spec.seeds.length === 1 ? 'is one seed' : `are ${spec.seeds.length} seeds`;
    throw new Error(`the variant ${lost.name} trains on draw ${lost.draw}, and there ${seeds}: draws count from 0`);
  }
  // Inputs σ times as large with weights 1/σ as large give `W0·x + s·B·A·(σ·x)`, which is a scaling of σ·s; it is
  // computed that way. Another unit of the loss multiplies the gradients.
  const { inputUnit = 1, lossUnit = 1 } = spec.data;
  const variants = spec.variants.map((variant) => ({ ...variant, scaling: variant.scaling * inputUnit }));
  const task = await BY_NAME[spec.task](inputUnit === 1 ? spec : { ...spec, variants }, pretrain);
  if (lossUnit === 1) return task;
  return {
    ...task,
    pass(...args) {
      const pass = task.pass(...args);
      return { ...pass, gradients: pass.gradients.map((gradient) => mul(gradient, lossUnit)) };
    },
  };
}
