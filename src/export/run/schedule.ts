import * as l10n from '@vscode/l10n';
import type { ReadRecipe } from '../../config/reading';
import { nodeAt, type MapNode } from '../../config/syntax/tree';

/** The schedule of an exported file: a name of `transformers.get_scheduler`, and the share of the steps that warms up. */
export interface PythonSchedule {
  name: string;
  warmup: number;
}

/**
 * Schedules that multiply the rate by a share of it and take no argument, by the names that configs have for them.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py
 */
const NAMES: Readonly<Record<string, string>> = {
  linear: 'linear',
  cosine: 'cosine',
  cosine_with_restarts: 'cosine_with_restarts',
  constant: 'constant',
  constant_with_warmup: 'constant_with_warmup',
  inverse_sqrt: 'inverse_sqrt',
  get_linear_schedule_with_warmup: 'linear',
  get_cosine_schedule_with_warmup: 'cosine',
  get_constant_schedule: 'constant',
  get_constant_schedule_with_warmup: 'constant_with_warmup',
};

/** A warm-up in steps says nothing of a run of other length; a tenth of it warms up in its place. */
const SHARE = 0.1;

/** How the exported file builds the schedule; one sentence if it cannot. */
export function scheduleOf(
  { scheduler, warmup, unresolved }: ReadRecipe,
  root: MapNode,
): PythonSchedule | { refused: string } {
  const written = unresolved?.scheduler ?? scheduler;
  const short = written?.split('.').at(-1);
  const name = short === undefined ? 'constant' : NAMES[short];
  if (name === undefined || unresolved?.scheduler !== undefined || nodeAt(root, ['lr_scheduler_kwargs']) !== null) {
    const what = name === undefined ? (written ?? '') : 'lr_scheduler_kwargs';
    return { refused: l10n.t`The exported file cannot build the schedule of the config (${what}).` };
  }
  return { name, warmup: warmup === null || warmup <= 0 ? 0 : warmup < 1 ? warmup : SHARE };
}
