import * as l10n from '@vscode/l10n';
import { scalarAt, type MapNode } from '../../syntax/tree';
import { grouped } from './is-swift';
import { unscaled } from '../shared/common-traps';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

const wordAt = (root: MapNode, name: string): string =>
  String(
    grouped(name)
      .map(({ path }) => scalarAt(root, path))
      .find((value) => value !== undefined) ?? '',
  ).toLowerCase();

function head(label: string, applies: (root: MapNode) => boolean): Trap {
  return {
    ...unscaled(l10n.t('the head')),
    message: l10n.t`${label}: the head (score, or v_head) trains whole, with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.`,
    applies,
    at: key(label),
  };
}

/**
 * What a task trains besides LoRA, without a scaling.
 * @see https://github.com/modelscope/ms-swift (swift/pipelines/train/tuner.py: prepare_adapter; pipelines/train/rlhf.py; 3602360a)
 */
export const SWIFT_HEADS: readonly Trap[] = [
  head('task_type', (root) => ['seq_cls', 'reranker'].includes(wordAt(root, 'task_type'))),
  // A number of labels alone makes the model a classifier.
  head('num_labels', (root) => wordAt(root, 'num_labels') !== '' && wordAt(root, 'task_type') === ''),
  head('rlhf_type', (root) => ['rm', 'ppo'].includes(wordAt(root, 'rlhf_type'))),
  {
    code: 'trained-biases',
    severity: 'info',
    message: l10n.t(
      "lora_bias trains the model's own biases with the same learning rate. They have no scaling, so another learning rate changes how they learn.",
    ),
    applies: (root) => ['all', 'lora_only'].includes(wordAt(root, 'lora_bias')),
    at: key('lora_bias'),
    limits: 'approximate',
    unscaled: l10n.t('the biases'),
  },
];
