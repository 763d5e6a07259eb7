import * as l10n from '@vscode/l10n';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import type { Unread } from '../../reading';
import { entryAt, scalarAt, type MapNode } from '../../syntax/tree';
import { LLAMAFACTORY_V1_NAMES } from './optimizers';
import { continues, PEFT_INIT } from '../peft/traps';
import { unscaled } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import { FACTORY_V1_LORA, FACTORY_V1_OPTIMIZER } from './known';
import { unknownArguments, unread } from '../shared/unknown-keys';
import type { Layout } from '../trainer';
import { key, field, fixedAt } from '../shared/fields';

/** No scheduler comes with it (plugins/trainer_plugins/lr_scheduler.py): one that is named is the user's own. */
function unreadSchedules(root: MapNode): Unread[] {
  const entry = entryAt(root, ['lr_scheduler_config']);
  return entry && isFilled(root, key('lr_scheduler_config'))
    ? [unread(entry, l10n.t('This scheduler is a plugin; its arguments may hold learning rates.'))]
    : [];
}

/**
 * LLaMA-Factory's second layout, with the adapter under `peft_config`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: plugins/model_plugins/peft.py, core/base_trainer.py)
 */
export const layoutV1: Layout = {
  id: 'llamafactory-v1',
  owner: 'LLaMA-Factory v1',
  recognise: (root) =>
    scalarAt(root, ['peft_config', 'name']) === 'lora' &&
    scalarAt(root, ['model']) !== undefined &&
    scalarAt(root, ['peft_config', 'export_dir']) === undefined,
  fields: {
    rank: field('peft_config.r', 8),
    alpha: {
      ...field('peft_config.lora_alpha', 16),
      beside: [key('peft_config.r'), key('peft_config.name')],
    },
    useRslora: {
      keys: [key('peft_config.use_rslora')],
      beside: [key('peft_config.lora_alpha'), key('peft_config.r'), key('peft_config.name')],
    },
    useDora: field('peft_config.use_dora'),
    learningRate: field('learning_rate', 1e-4),
    optimizer: field('optim_config.name', 'AdamW'),
    maxGradNorm: { ...field('max_grad_norm', 1), beside: [key('learning_rate')] },
    scheduler: field('lr_scheduler_config.name', 'constant'),
    dropout: field('peft_config.lora_dropout', 0.05),
    init: fixedAt(PEFT_INIT),
    targetModules: field('peft_config.target_modules', 'all'),
  },
  optimizers: LLAMAFACTORY_V1_NAMES,
  notUnderstood: (root) => [
    ...unknownArguments(root, { peft_config: FACTORY_V1_LORA, optim_config: FACTORY_V1_OPTIMIZER }),
    ...unreadSchedules(root),
  ],
  traps: [unscaled('peft_config.modules_to_save'), continues('peft_config.adapter_name_or_path')],
  initCode: (start) =>
    [
      '# LLaMA-Factory v1 has no hook for this. In src/llamafactory/v1/plugins/model_plugins/peft.py, in get_lora_model,',
      '# after model = get_peft_model(model, peft_config):',
      indented(peftLines(start), '    '),
      '',
    ].join('\n'),
};
