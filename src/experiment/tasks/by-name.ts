import { drawLayer } from '../draw/layer';
import { drawMlp } from '../draw/mlp';
import { drawTransformer } from '../draw/transformer';
import type { ExperimentSpec } from '../spec';
import { doraTask } from './dora';
import { linearTask } from './linear';
import { regressionLoss } from './loss';
import { mlpTask } from './mlp';
import type { Task } from './task';
import { transformerTask } from './transformer';

const BY_NAME: Readonly<Record<ExperimentSpec['task'], (spec: ExperimentSpec) => Task>> = {
  linear: (spec) => linearTask(drawLayer(spec), spec.variants, regressionLoss(spec)),
  dora: (spec) => doraTask(drawLayer(spec), spec.variants, regressionLoss(spec)),
  mlp: (spec) => mlpTask(drawMlp(spec), spec.variants, regressionLoss(spec)),
  transformer: (spec) => {
    if (spec.loss !== 'ce') throw new Error(`the task transformer names tokens: its loss is ce, not ${spec.loss}`);
    return transformerTask(drawTransformer(spec), spec.variants);
  },
};

/**
 * The spec's task on the problem its seed draws; a backend must be up.
 * @throws Error for a loss or sizes that the task cannot have
 */
export function taskOf(spec: ExperimentSpec): Task {
  return BY_NAME[spec.task](spec);
}
