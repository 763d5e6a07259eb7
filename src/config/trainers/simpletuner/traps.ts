import * as l10n from '@vscode/l10n';
import { scalarAt, type MapNode } from '../../syntax/tree';
import { halfPrecision, resumes } from '../shared/common-traps';
import type { Trap } from '../shared/trap';
import { key, type Key } from '../shared/fields';

/** Names of Hugging Face's Trainer that reach no optimizer but DeepSpeed's (optimizer_param.py: optimizer_parameters). */
const DEAD = ['adam_weight_decay', 'adam_epsilon', 'adam_beta1', 'adam_beta2'].map((label) => key(label));

const isOn = (root: MapNode, name: string): boolean => ['true', '1'].includes(String(scalarAt(root, [name])));

const ignored = (dead: Key): Trap => ({
  code: 'key-ignored',
  severity: 'info',
  message: l10n.t`${dead.label} is ignored: SimpleTuner passes it only to DeepSpeed's optimizer. Other optimizers read their arguments from optimizer_config, and their betas from optimizer_beta1 and optimizer_beta2.`,
  applies: (root) => scalarAt(root, dead.path) !== undefined && !isOn(root, 'use_deepspeed_optimizer'),
  at: dead,
});

/** Its own schedules: `math.floor(lr * 1e9) / 1e9` (simpletuner/helpers/training/custom_schedule.py). */
const ROUNDED: ReadonlySet<string> = new Set(['sine', 'cosine', 'cosine_with_restarts']);

/**
 * Regularisers that train an additional module, which PEFT saves whole (helpers/models/common.py: get_lora_save_layers,
 * 2026-08).
 */
const TRAINED = ['crepa_enabled', 'urepa_enabled', 'internal_guidance_enabled', 'nextlat_enabled'];

const trained = (name: string, what: string): Trap => ({
  code: 'unscaled-parameters',
  severity: 'info',
  message: l10n.t`${name} trains ${what} with the same optimizer. It has no scaling, so another learning rate, weight decay or eps changes how it learns.`,
  applies: (root) => isOn(root, name),
  at: key(name),
  limits: 'approximate',
  unscaled: what,
});

/** Without quantisation, all of the model is moved to the dtype of mixed precision (helpers/training/trainer.py: move_models). */
function keepsHalf(root: MapNode): boolean {
  const word = (name: string, fallback: string): string => String(scalarAt(root, [name]) ?? fallback);
  const isWhole = word('mixed_precision', 'bf16') === 'no' || word('base_model_precision', 'no_change') !== 'no_change';
  return word('optimizer', 'adamw_bf16') === 'adamw_bf16' || !isWhole;
}

/** What a user of SimpleTuner should know of a file. */
export const SIMPLETUNER_TRAPS: readonly Trap[] = [
  ...DEAD.map(ignored),
  ...TRAINED.map((name) => trained(name, l10n.t('an additional projector or head'))),
  // A text encoder gets no LoRA (model_freeze.py, optimizer_param.py).
  trained('train_text_encoder', l10n.t('the text encoder itself')),
  halfPrecision(
    'optimizer',
    l10n.t(
      "SimpleTuner keeps LoRA's own weights in 16 bits with adamw_bf16, and with mixed_precision (bf16 by default) unless the base model is quantised. So dividing the init by anything but a power of two is rounded.",
    ),
    keepsHalf,
  ),
  { ...resumes('resume_from_checkpoint'), severity: 'info' },
  {
    code: 'rate-scaled',
    severity: 'info',
    message: l10n.t(
      'lr_scale multiplies the learning rate of the file by batch size, accumulation steps and number of processes. A plan changes the number in the file, and the effective learning rate changes by the same factor.',
    ),
    applies: (root) => isOn(root, 'lr_scale'),
    at: key('lr_scale'),
  },
  {
    code: 'schedule-rounds',
    message: l10n.t(
      'SimpleTuner rounds the learning rates of this schedule down to multiples of 1e-9, before and after the change. At a learning rate of 1e-5 the relative error is up to 1e-4.',
    ),
    applies: (root) => ROUNDED.has(String(scalarAt(root, ['lr_scheduler']))),
    limits: 'approximate',
  },
  {
    code: 'continues-adapter',
    severity: 'warning',
    message: l10n.t(
      'init_lora: this run continues a trained LoRA with its own rank and alpha. The trainer ignores rank and alpha in this config.',
    ),
    applies: (root) => ![undefined, ''].includes(scalarAt(root, ['init_lora']) as string | undefined),
    at: key('init_lora'),
    goesOnWith: 'adapter',
    blocksEdits: true,
  },
];
