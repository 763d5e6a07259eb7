import * as l10n from '@vscode/l10n';
import { HF_TRAINER, HF_FIELDS } from '../hugging-face/fields';
import { divideLines } from '../../init-code/divide';
import { LORA_A_B } from '../../init-code/library';
import { HF_KEYS } from '../hugging-face/known';
import { HF_NAMES } from '../hugging-face/optimizers';
import { all, keys } from '../shared/keys';
import { unknownNear } from '../shared/unknown-keys';
import { scalarAt } from '../../syntax/tree';
import { LORALIB_SCRIPTS, loralibRuns } from './script';
import type { Layout, Trainer } from '../trainer';
import { key, field, fixedAt } from '../shared/fields';

/** Flags of these examples besides those of the Trainer, except `--lora_path`, which loads trained factors. */
const KNOWN = all(HF_KEYS, keys('apply_lora lora_alpha lora_r'));

/**
 * The examples of the LoRA paper on GLUE: Hugging Face's Trainer of then, with `--apply_lora`.
 * @see https://github.com/microsoft/LoRA (examples/NLU/examples/text-classification/run_glue.py, c4593f06)
 */
const understanding: Layout = {
  id: 'loralib-nlu',
  owner: 'run_glue.py',
  recognise: (root) => scalarAt(root, ['apply_lora']) === true && Number(scalarAt(root, ['lora_r']) ?? 1) > 0,
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r'),
    // None by default, which loralib cannot divide.
    alpha: { keys: [key('lora_alpha')], beside: [key('lora_r'), key('apply_lora')] },
    learningRate: field('learning_rate', 5e-5, HF_TRAINER),
    optimizer: fixedAt({ value: 'adamw_hf' }),
    scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
    dropout: fixedAt({ value: 0 }),
    init: fixedAt({ value: 'kaiming-uniform' }),
    targetModules: fixedAt({ value: 'query,value' }),
  },
  optimizers: HF_NAMES,
  notUnderstood: (root) => unknownNear(root, { '': KNOWN }),
  wholeAlpha: true,
  traps: [
    {
      code: 'unscaled-parameters',
      severity: 'info',
      message: l10n.t(
        'The classifier trains with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.',
      ),
      applies: (root) => scalarAt(root, ['apply_lora']) === true,
      limits: 'approximate',
      plans: ['symmetric', 'keep-b', 'lr-only'],
      unscaled: l10n.t('the classifier'),
    },
  ],
  initCode: (start) =>
    ['# In run_glue.py, after the model is made and before Trainer(...):', ...divideLines(LORA_A_B, start), ''].join(
      '\n',
    ),
};

export const loralib: Trainer = {
  id: 'loralib',
  name: 'loralib',
  syntaxes: ['python'],
  hint: /--apply_lora\b|\bloralib\b/,
  textNumbers: 'converts',
  interpolates: false,
  source: { repository: 'microsoft/LoRA', commit: 'c4593f060e6a', date: '2024-12-16' },
  runs: loralibRuns,
  commandLine: { isCommonName: true, program: /\.py\b/, hint: /--apply_lora\b/ },
  owns: /(?:^|[ /\\])(?:run_glue|gpt2_ft)\.py\b/,
  layouts: [understanding, ...LORALIB_SCRIPTS],
};
