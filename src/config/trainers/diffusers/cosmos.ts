import * as l10n from '@vscode/l10n';
import { DIFFUSERS_LIBRARY } from './scripts';
import { divideLines } from '../../init-code/divide';
import { COSMOS_FLAGS } from './known';
import { DIFFUSERS_NAMES } from './optimizers';
import { commandOf } from '../shared/command-line';
import { fromRow } from '../shared/optimizer-defaults';
import { PEFT_INIT } from '../peft/traps';
import { unknownKeys } from '../shared/unknown-keys';
import type { Layout } from '../trainer';
import { key, type Fields, field, fixedAt } from '../shared/fields';

const SCRIPT = 'train_cosmos_predict25_lora.py';

const BESIDE = ['learning_rate', 'weight_decay', 'max_grad_norm'].map((name) => key(name));

const fields: Fields = {
  rank: field('lora_rank', 32),
  alpha: { ...field('lora_alpha', 32), beside: [key('lora_rank')] },
  useDora: field('use_dora'),
  learningRate: { ...field('learning_rate', 4.315837287515549e-5), beside: BESIDE },
  optimizer: fixedAt({ value: 'AdamW' }),
  weightDecay: { ...field('weight_decay', 0.001), beside: BESIDE },
  eps: fixedAt(fromRow('eps')),
  betas: fixedAt(fromRow('betas')),
  maxGradNorm: { ...field('max_grad_norm', 1), beside: BESIDE },
  scheduler: fixedAt({ value: 'linear' }),
  warmup: field('scheduler_warm_up_steps', 1000),
  init: fixedAt(PEFT_INIT),
};

/**
 * The script for Cosmos, whose flags are its own.
 * @see https://github.com/huggingface/diffusers (examples/cosmos/train_cosmos_predict25_lora.py, 58eb52c0)
 */
export const cosmosLayout: Layout = {
  id: 'diffusers-cosmos',
  owner: SCRIPT,
  recognise: (root) => commandOf(root).includes(SCRIPT),
  fields,
  optimizers: DIFFUSERS_NAMES,
  notUnderstood: (root) => unknownKeys(root, COSMOS_FLAGS),
  // argparse: type=int.
  wholeAlpha: true,
  traps: [
    {
      code: 'rate-scaled',
      severity: 'info',
      message: l10n.t(
        'The schedule multiplies the learning rate by --scheduler_f_max, which defaults to 0.5. The effective learning rate is that product. A plan changes the number in the file, and the product changes by the same factor.',
      ),
      applies: () => true,
      at: key('scheduler_f_max'),
    },
  ],
  initCode: (start) =>
    [
      '# In the script, after dit.add_adapter(...) and before the optimizer is made:',
      ...divideLines(DIFFUSERS_LIBRARY, start, 'dit'),
      '',
    ].join('\n'),
};
