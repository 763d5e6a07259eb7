import * as l10n from '@vscode/l10n';
import { HF_TRAINER, HF_FIELDS } from '../hugging-face/fields';
import { peftLines } from '../../init-code/peft';
import { HF_NAMES } from '../hugging-face/optimizers';
import { nodeAt, scalarAt } from '../../syntax/tree';
import { HF_SCHEDULES } from '../schedules';
import { HF_KEYS } from '../hugging-face/known';
import { unknownArguments } from '../shared/unknown-keys';
import { unreadLora } from '../peft/features';
import { patternNetworks } from '../peft/patterns';
import { initOf, PEFT_INIT } from '../peft/traps';
import { unscaled } from '../shared/common-traps';
import { mapAt } from '../shared/prefixed';
import type { Layout, Trainer } from '../trainer';
import { key, type Fields, type Key, type Source, field } from '../shared/fields';

const ARGUMENTS = 'training_args';
const inArguments = ({ label, read }: Key): Key => key(`${ARGUMENTS}.${label}`, read);

/** Fields of Hugging Face's Trainer, in their own block. */
const TRAINING: Fields = Object.fromEntries(
  Object.entries<Source>(HF_FIELDS).map(([field, { keys, beside, ...source }]) => [
    field,
    { ...source, keys: keys.map(inArguments), ...(beside ? { beside: beside.map(inArguments) } : {}) },
  ]),
);

/** @see https://github.com/THUDM/ChatGLM3 (finetune_demo/finetune_hf.py: FinetuningConfig, 732294f4) */
const layout: Layout = {
  id: 'chatglm3',
  recognise: (root) => {
    const type = String(scalarAt(root, ['peft_config', 'peft_type']) ?? '').toUpperCase();
    if (type === '' || nodeAt(root, [ARGUMENTS])?.kind !== 'map') return false;
    return type === 'LORA' || { not: l10n.t`This trains ${type}, which has no alpha that scales as LoRA's does.` };
  },
  fields: {
    ...TRAINING,
    rank: field('peft_config.r', 8, 'PEFT'),
    alpha: {
      ...field('peft_config.lora_alpha', 8, 'PEFT'),
      beside: [key('peft_config.r'), key('peft_config.peft_type')],
    },
    useRslora: { keys: [key('peft_config.use_rslora')], beside: [key('peft_config.lora_alpha'), key('peft_config.r')] },
    useDora: field('peft_config.use_dora'),
    dropout: field('peft_config.lora_dropout', 0, 'PEFT'),
    init: { keys: [key('peft_config.init_lora_weights', initOf)], default: PEFT_INIT },
    targetModules: field('peft_config.target_modules'),
    learningRate: {
      ...field(`${ARGUMENTS}.learning_rate`, 5e-5, HF_TRAINER),
      beside: ['max_steps', 'num_train_epochs', 'output_dir'].map((name) => key(`${ARGUMENTS}.${name}`)),
    },
    optimizer: field(`${ARGUMENTS}.optim`, 'adamw_torch', HF_TRAINER),
    scheduler: field(`${ARGUMENTS}.lr_scheduler_type`, 'linear', HF_TRAINER),
  },
  networks: (root) =>
    patternNetworks(root, { rank: 'peft_config.rank_pattern', alpha: 'peft_config.alpha_pattern' }, layout),
  optimizers: HF_NAMES,
  schedule: {
    schedules: HF_SCHEDULES,
    at: `${ARGUMENTS}.lr_scheduler_kwargs`,
    beside: [key(`${ARGUMENTS}.learning_rate`)],
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, { [ARGUMENTS]: HF_KEYS }),
    ...unreadLora(mapAt(root, 'peft_config')),
  ],
  traps: [unscaled('peft_config.modules_to_save')],
  initCode: (start) =>
    [
      '# In finetune_hf.py, in load_tokenizer_and_model, after model = get_peft_model(model, peft_config):',
      ...peftLines(start),
      '',
    ].join('\n'),
};

export const chatglm3: Trainer = {
  id: 'chatglm3',
  name: 'ChatGLM3 fine-tuning',
  syntaxes: ['yaml'],
  hint: /\bpeft_config["']?\s*:/,
  loaders: { yaml: 'ruamel.yaml' },
  textNumbers: 'fails',
  interpolates: false,
  source: { repository: 'THUDM/ChatGLM3', commit: '732294f42e2625509000daa87a9c3748d0bbb957', date: '2025-01-13' },
  layouts: [layout],
};
