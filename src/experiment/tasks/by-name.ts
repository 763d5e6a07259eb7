import { drawLayer } from '../draw/layer';
import { drawMlp } from '../draw/mlp';
import type { LanguageModel } from '../draw/model';
import { drawTransformer } from '../draw/transformer';
import type { ExperimentSpec } from '../spec';
import { doraTask } from './dora';
import { linearTask } from './linear';
import { regressionLoss } from './loss';
import { mlpTask } from './mlp';
import type { Task } from './task';
import { transformerTask } from './transformer';
import { inUnits } from './units';

/** Trains what a task has to have learned before LoRA is put on it. */
export type Pretrain = (spec: ExperimentSpec) => Promise<LanguageModel>;

const BY_NAME: Readonly<
  Record<ExperimentSpec['task'], (spec: ExperimentSpec, pretrain: Pretrain) => Task | Promise<Task>>
> = {
  linear: (spec) => (spec.useDora ? doraTask : linearTask)(drawLayer(spec), spec.variants, regressionLoss(spec)),
  mlp: (spec) => mlpTask(drawMlp(spec), spec.variants, regressionLoss(spec)),
  transformer: async (spec, pretrain) => {
    if (spec.loss !== 'ce') throw new Error(`the task transformer names tokens: its loss is ce, not ${spec.loss}`);
    return transformerTask(drawTransformer(spec, await pretrain(spec)), spec.variants);
  },
};

/** What is not trained yet, by what a spec would ask for it with. */
const REFUSED: readonly [string, (spec: ExperimentSpec) => boolean][] = [
  ['useDora trains with the task linear only', ({ task, useDora }) => useDora && task !== 'linear'],
  ['seeds must be one number', ({ seeds, variants }) => seeds.length > 1 || variants.some(({ draw }) => draw !== 0)],
  ['batches must be 1', ({ batches }) => batches !== 1],
  ['dropout must be 0', ({ dropout }) => dropout !== 0],
  ['sizes.layers must be 2 with the task mlp', ({ task, sizes }) => task === 'mlp' && (sizes?.layers ?? 2) !== 2],
];

/**
 * The spec's task on the problem its seeds draw; a backend must be up.
 * @throws Error for a loss or sizes that the task cannot have
 */
export async function taskOf(spec: ExperimentSpec, pretrain: Pretrain): Promise<Task> {
  const refused = REFUSED.find(([, isAsked]) => isAsked(spec));
  if (refused) throw new Error(`this spec cannot be trained: ${refused[0]}`);
  return inUnits(spec, (counted) => BY_NAME[counted.task](counted, pretrain));
}
