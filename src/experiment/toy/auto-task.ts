import { usualCostOf } from '../cost/cost';
import { hasUnits } from './data-for';
import type { ExperimentSpec } from '../spec';
import type { Costed } from '../cost/work';

/** What may be asked for. */
export const TASK_CHOICES = ['auto', 'linear', 'mlp', 'transformer'] as const;
export type TaskChoice = (typeof TASK_CHOICES)[number];

/** What `auto` tries, from what is most like a user's model to what is least. */
const RICHEST = ['transformer', 'mlp'] as const;

/** What a check may take, in milliseconds, for `auto` to choose it. */
const PATIENCE_MS = 1_000;

export interface PassedOver {
  task: ExperimentSpec['task'];
  /** What it would take, where that is too long; null where the user's numbers would not move it. */
  ms: number | null;
}

export interface ChosenTask<Spec> {
  /** Of the task. */
  spec: Spec;
  /** Richer ones, and why they are not trained. */
  passedOver: readonly PassedOver[];
}

/**
 * The task that is asked for, or the richest that gets somewhere and whose run is done within a second.
 * @param specOf the spec that a task would be trained by
 */
export function chosenTask<Spec extends Costed>(
  choice: TaskChoice,
  specOf: (task: ExperimentSpec['task']) => Spec,
): ChosenTask<Spec> {
  if (choice !== 'auto') return { spec: specOf(choice), passedOver: [] };
  const passedOver: PassedOver[] = [];
  for (const task of RICHEST) {
    const spec = specOf(task);
    const { ms } = usualCostOf(spec);
    if (!hasUnits(spec.data)) passedOver.push({ task, ms: null });
    else if (ms > PATIENCE_MS) passedOver.push({ task, ms });
    else return { spec, passedOver };
  }
  return { spec: specOf('linear'), passedOver };
}
