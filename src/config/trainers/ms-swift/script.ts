import { callIn, type Entry, type MapNode } from '../../syntax/tree';
import { withArguments } from '../hugging-face/fields';
import { ARGUMENTS } from './is-swift';
import { calleeIs, isModule } from '../python/tree';
import { opened } from '../python/runs';
import type { Run } from '../trainer';

/** Hyperparameters that `**kwargs` may bring in. */
const OPEN = [
  ...['lora_rank', 'lora_alpha', 'lora_dropout', 'use_rslora', 'use_dora', 'init_weights', 'lorap_lr_ratio'],
  ...['learning_rate', 'weight_decay', 'max_grad_norm', 'adam_epsilon', 'adam_beta1', 'adam_beta2', 'optim'],
  ...['lr_scheduler_type', 'warmup_steps', 'warmup_ratio', 'target_modules'],
] as const;

/** The runs of a file: the tree itself, or every call of a script that makes the arguments of one. */
export function swiftRuns(root: MapNode): readonly Run[] {
  if (isModule(root)) return root.entries.flatMap((entry) => runIn(entry));
  // A dict in a script may be anyone's.
  return root.entries.some(({ home }) => home?.startsWith('python')) ? [] : [{ root: withArguments(root) }];
}

function runIn({ value, home }: Entry): Run[] {
  const isRun =
    home === 'python-argument' && value.kind === 'map' && calleeIs(value, ARGUMENTS) && !callIn(value)?.isOwn;
  return isRun ? [{ root: withArguments(opened(value, OPEN)) }] : [];
}
