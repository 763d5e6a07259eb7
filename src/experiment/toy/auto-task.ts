import { usualCostOf } from '../cost/cost';
import { hasUnits } from './data-for';
import type { ExperimentSpec } from '../spec';
import type { Costed } from '../cost/work';
import type { TaskChoice } from './task-choice';

/** The tasks that `auto` tries, the one closest to a user's model first. */
const RICHEST = ['transformer', 'mlp'] as const;

/** The longest check that `auto` chooses, in milliseconds. */
const LONGEST_AUTO_MS = 1_000;

export interface PassedOver {
  task: ExperimentSpec['task'];
  /** Its predicted time in ms if that is too long; null if the user's numbers would not train it. */
  ms: number | null;
}

export interface ChosenTask<Spec> {
  /** The spec of the chosen task. */
  spec: Spec;
  /** Larger tasks, and why they are not trained. */
  passedOver: readonly PassedOver[];
}

/**
 * The requested task. `auto`: the largest task that learns and is done within a second.
 * @param specOf makes the spec of a task
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
    else if (ms > LONGEST_AUTO_MS) passedOver.push({ task, ms });
    else return { spec, passedOver };
  }
  return { spec: specOf('linear'), passedOver };
}
