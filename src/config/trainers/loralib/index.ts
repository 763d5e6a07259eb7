import * as l10n from '@vscode/l10n';
import { dividing, LORA_A_B } from '../../init-code/divide';
import { HF_FIELDS, HF_KEYS, HF_FLOAT16 } from '../hugging-face/fields';
import { HF_NAMES } from '../hugging-face/optimizers';
import { HF_SCHEDULES } from '../schedules';
import { field, fixedAt, valueAt } from '../shared/fields';
import { unscaled } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/**
 * The examples of the LoRA paper on GLUE: Hugging Face's Trainer of then, with `--apply_lora`. Scripts with loralib's layers
 * are not read (understand/recognise/not-read.ts).
 * @see https://github.com/microsoft/LoRA (examples/NLU/examples/text-classification/run_glue.py, c4593f06)
 */
const layout: Layout = {
  id: 'loralib-nlu',
  owner: 'run_glue.py',
  recognise: (root) => valueAt(root, 'apply_lora') === true && Number(valueAt(root, 'lora_r') ?? 1) > 0,
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r'),
    // None by default, which loralib cannot divide.
    alpha: field('lora_alpha'),
    optimizer: fixedAt('adamw_hf'),
    dropout: fixedAt(0),
    init: fixedAt('kaiming-uniform'),
    targetModules: fixedAt('query,value'),
  },
  optimizers: HF_NAMES,
  schedule: { schedules: HF_SCHEDULES, at: null },
  // Not `--lora_path`, which loads trained factors.
  known: { '': `${HF_KEYS} cls_dropout` },
  wholeAlpha: 'int',
  traps: [unscaled('apply_lora', l10n.t('the classifier'), { when: [true] })],
  float16: HF_FLOAT16,
  initCode: dividing(LORA_A_B, ['# In run_glue.py, after the model is made and before Trainer(...):']),
};

export const loralib: Trainer = {
  id: 'loralib',
  name: 'loralib',
  syntaxes: [],
  hint: /--apply_lora\b/,
  textNumbers: 'converts',
  source: { repository: 'microsoft/LoRA', commit: 'c4593f060e6a', date: '2024-12-16' },
  commandLine: { isCommonName: true, program: /\.py\b/, hint: /--apply_lora\b/ },
  owns: /(?:^|[ /\\])(?:run_glue|gpt2_ft)\.py\b/,
  layouts: [layout],
};
