import { ifRowHas } from './optimizer-defaults';
import { plainScalar } from '../syntax/scalars';
import { key, type Fields, type Key, type OptimizerWord, type Source } from './trainer';

/**
 * What trainers on top of Hugging Face's Trainer have in common.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/training_args.py
 */
const ADAMW: OptimizerWord = { row: 'adamw' };
const ADAM: OptimizerWord = { row: 'adam' };
const SGD: OptimizerWord = { row: 'sgd', momentum: 0, nesterov: false };

/** `optim` names whose rule we know (transformers: OptimizerNames). 8-bit and paged variants follow the same rule. */
export const HF_OPTIMIZERS: Readonly<Record<string, OptimizerWord>> = {
  adamw_torch: ADAMW,
  adamw_torch_fused: ADAMW,
  adamw_torch_xla: ADAMW,
  adamw_torch_npu_fused: ADAMW,
  adamw_torch_4bit: ADAMW,
  adamw_torch_8bit: ADAMW,
  adamw_apex_fused: ADAMW,
  adamw_hf: ADAMW,
  adamw_8bit: ADAMW,
  adamw_bnb_8bit: ADAMW,
  paged_adamw: ADAMW,
  paged_adamw_32bit: ADAMW,
  paged_adamw_8bit: ADAMW,
  // Axolotl's own names (schemas/enums.py: CustomSupportedOptimizers).
  optimi_adamw: ADAMW,
  ao_adamw_4bit: ADAMW,
  ao_adamw_8bit: ADAMW,
  ao_adamw_fp8: ADAMW,
  flash_adamw: ADAMW,
  flash_adam: ADAM,
  sgd: SGD,
  flash_sgd: SGD,
};

/** One argument of the text `momentum=0.9,nesterov=true`. */
const argument =
  (name: string): NonNullable<Key['read']> =>
  (value) => {
    const found = new RegExp(`(?:^|,)\\s*${name}\\s*=\\s*([^,\\s]+)`).exec(String(value))?.[1];
    return found === undefined ? undefined : (plainScalar(found) ?? undefined);
  };

const why = (what: string): string => `Hugging Face's Trainer ${what} unless told otherwise.`;

/** Neighbours of the training arguments, best first. */
const BESIDE = [
  'weight_decay',
  'learning_rate',
  'max_grad_norm',
  'optim',
  'optimizer',
  'lr_scheduler_type',
  'lr_scheduler',
].map((label) => key(label));

export const HF_FIELDS = {
  weightDecay: {
    keys: [key('weight_decay')],
    otherwise: { value: 0, why: why('has no weight decay') },
    beside: BESIDE,
  },
  eps: {
    keys: [key('adam_epsilon')],
    otherwise: ifRowHas('eps', 1e-8, why('gives Adam an epsilon of 1e-8')),
    beside: BESIDE,
  },
  betas: {
    keys: [key('adam_beta1'), key('adam_beta2')],
    otherwise: ifRowHas('betas', [0.9, 0.999], why('gives Adam the betas 0.9 and 0.999')),
  },
  // Transformers hands these on to torch.optim.SGD (trainer_optimizer.py: _get_sgd).
  momentum: { keys: [key('optim_args.momentum'), key('optim_args', argument('momentum'))] },
  nesterov: { keys: [key('optim_args.nesterov'), key('optim_args', argument('nesterov'))] },
  maxGradNorm: {
    keys: [key('max_grad_norm')],
    otherwise: { value: 1, why: why('clips the gradient norm at 1.0') },
    beside: BESIDE,
  },
  warmup: {
    keys: [key('warmup_steps'), key('warmup_ratio')],
    otherwise: { value: 0, why: why('has no warm-up') },
  },
} satisfies Fields & Record<string, Source>;

/** Absolute rates inside the schedule's own settings. */
export const HF_RIDERS = ['lr_scheduler_kwargs.min_lr', 'lr_scheduler_kwargs.lr_end', 'loraplus_lr_embedding'].map(
  (label) => key(label),
);
