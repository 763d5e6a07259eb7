import { leastCostOf } from './cost';
import type { ExperimentSpec } from './spec';
import type { Costed } from './work';

/** What may be asked for. */
export const TASK_CHOICES = ['auto', 'linear', 'mlp', 'transformer'] as const;
export type TaskChoice = (typeof TASK_CHOICES)[number];

/** What `auto` tries, from what is most like a user's model to what is least. */
const RICHEST: readonly ExperimentSpec['task'][] = ['transformer', 'mlp', 'linear'];

/** What a check may take, in milliseconds, for `auto` to choose it. */
const PATIENCE_MS = 1_000;

export interface ChosenTask {
  task: ExperimentSpec['task'];
  /** Richer ones that would take too long, and how long. */
  passedOver: readonly { task: ExperimentSpec['task']; ms: number }[];
}

/**
 * The task that is asked for, or the richest whose run is done within a second.
 * @param specOf the spec that a task would be trained by
 */
export function chosenTask(choice: TaskChoice, specOf: (task: ExperimentSpec['task']) => Costed): ChosenTask {
  if (choice !== 'auto') return { task: choice, passedOver: [] };
  const passedOver: { task: ExperimentSpec['task']; ms: number }[] = [];
  for (const task of RICHEST) {
    const { ms } = leastCostOf(specOf(task));
    if (ms <= PATIENCE_MS) return { task, passedOver };
    passedOver.push({ task, ms });
  }
  return { task: 'linear', passedOver: passedOver.filter(({ task }) => task !== 'linear') };
}
