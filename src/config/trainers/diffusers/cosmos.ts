import { DIFFUSERS_LIBRARY } from './scripts';
import { divideLines } from '../../init-code/divide';
import { DIFFUSERS_NAMES } from './optimizers';
import { commandOf } from '../shared/command-line';
import { fromRow } from '../shared/optimizer-defaults';
import { PEFT_INIT } from '../peft/traps';
import type { Layout } from '../trainer';
import { key, type Fields, type Otherwise } from '../shared/fields';

const SCRIPT = 'train_cosmos_predict25_lora.py';

const byDefault = (value: NonNullable<Otherwise['value']>, what: string): Otherwise => ({
  value,
  why: `${SCRIPT} ${what} unless told otherwise.`,
});

const BESIDE = ['learning_rate', 'weight_decay', 'max_grad_norm'].map((name) => key(name));

const fields: Fields = {
  rank: { keys: [key('lora_rank')], otherwise: byDefault(32, 'has a rank of 32') },
  alpha: {
    keys: [key('lora_alpha')],
    otherwise: byDefault(32, 'has an alpha of 32, whatever the rank,'),
    beside: [key('lora_rank')],
  },
  useDora: { keys: [key('use_dora')] },
  learningRate: {
    keys: [key('learning_rate')],
    otherwise: byDefault(4.315837287515549e-5, 'has a learning rate of 2^-14.5'),
    beside: BESIDE,
  },
  optimizer: { keys: [], fixed: true, otherwise: { value: 'AdamW', why: `${SCRIPT} trains with AdamW.` } },
  weightDecay: {
    keys: [key('weight_decay')],
    otherwise: byDefault(0.001, 'has a weight decay of 0.001'),
    beside: BESIDE,
  },
  eps: { keys: [], fixed: true, otherwise: fromRow('eps') },
  betas: { keys: [], fixed: true, otherwise: fromRow('betas') },
  maxGradNorm: {
    keys: [key('max_grad_norm')],
    otherwise: byDefault(1, 'clips the gradient norm at 1.0'),
    beside: BESIDE,
  },
  scheduler: { keys: [], fixed: true, otherwise: { value: 'linear', why: `${SCRIPT} has a linear schedule.` } },
  warmup: { keys: [key('scheduler_warm_up_steps')], otherwise: byDefault(1000, 'warms up for 1000 steps') },
  init: { keys: [], fixed: true, otherwise: PEFT_INIT },
};

/**
 * The script for Cosmos, whose flags are its own.
 * @see https://github.com/huggingface/diffusers (examples/cosmos/train_cosmos_predict25_lora.py, 58eb52c0)
 */
export const cosmosLayout: Layout = {
  id: 'diffusers-cosmos',
  recognise: (root) => commandOf(root).includes(SCRIPT),
  fields,
  optimizers: DIFFUSERS_NAMES,
  // argparse: type=int.
  wholeAlpha: true,
  traps: [
    {
      code: 'rate-scaled',
      severity: 'info',
      message:
        'The schedule multiplies the learning rate by --scheduler_f_max, 0.5 unless told otherwise. The rate that trains is that product; a plan moves the written number, and the product moves alike.',
      applies: () => true,
      at: key('scheduler_f_max'),
    },
  ],
  initCode: (start) =>
    [
      '# In the script, behind dit.add_adapter(...) and before the optimizer is made:',
      ...divideLines(DIFFUSERS_LIBRARY, start, 'dit'),
      '',
    ].join('\n'),
};
