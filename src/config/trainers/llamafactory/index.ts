import * as l10n from '@vscode/l10n';
import {
  HF_ARGUMENTS,
  HF_FIELDS,
  HF_PEFT,
  HF_RATES,
  HF_SCHEDULE,
  HF_TRAINER,
  withArguments,
} from '../hugging-face/fields';
import { DEEPSPEED_MIXED_IF_SET, unreadDeepspeed } from '../hugging-face/deepspeed';
import { HF_NAMES } from '../hugging-face/optimizers';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { MUON } from '../../optimizers/packages';
import type { OptimizerNames } from '../../optimizers/word';
import type { MapNode } from '../../syntax/tree';
import { positional } from '../shared/command';
import { LLAMAFACTORY_KEYS } from './known';
import { layoutV1 } from './v1';
import { embeddingRate, PEFT_INIT } from '../peft/lora-config';
import { continues, halfWeights, resumes, unclear, unscaled, unscaledInAll } from '../shared/trap';
import { isOnOrFilled, refusedKeys } from '../shared/known';
import { dividing } from '../shared/init-code';
import { isModule } from '../python/tree';
import type { Layout, Trainer } from '../trainer';
import { field, key, onlyIf, says, timesRank, valueAt, wordAt } from '../shared/fields';

const notWithLora = { refused: l10n.t('LLaMA-Factory does not combine it with LoRA.') };

const beatenByLoraplus = unclear(
  'loraplus_lr_ratio',
  l10n.t`With loraplus_lr_ratio LLaMA-Factory builds the optimizer of optim and ignores use_adam_mini and use_muon; remove one of them.`,
);

/**
 * `optim` of LLaMA-Factory, and its switches use_galore, use_muon … under the names without `use_`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/train/trainer_utils.py: create_custom_optimizer; hparams/parser.py)
 */
const NAMES: OptimizerNames = {
  ...HF_NAMES,
  galore: notWithLora,
  apollo: notWithLora,
  badam: notWithLora,
  adam_mini: { row: 'adam-mini', traps: [beatenByLoraplus] },
  muon: { ...MUON, fixed: { ...MUON.fixed, momentum: { value: 0.95 } }, traps: [beatenByLoraplus] },
};

/** Switches that replace the optimizer of `optim`. */
const SWITCHES = ['galore', 'apollo', 'badam', 'adam_mini', 'muon'].map((name) =>
  key(`use_${name}`, onlyIf(true, name)),
);

/**
 * Keys that resize the vocabulary, which makes the embeddings train (model/adapter.py; tokens are added in
 * model/patcher.py).
 */
const VOCABULARY = [
  ...['resize_vocab', 'add_tokens', 'add_special_tokens', 'new_special_tokens_config', 'new_special_tokens'],
];

/** A switch; flags bring the words of Python. */
const isOn = (root: MapNode, name: string): boolean => wordAt(root, name).toLowerCase() === 'true';

/** Whether the file only evaluates: do_train is off by default (train/sft/workflow.py). */
const isForEvaluation = (root: MapNode): boolean =>
  (isOn(root, 'do_eval') || isOn(root, 'do_predict')) && /^(?:|false)$/i.test(wordAt(root, 'do_train'));

/** @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/hparams/finetuning_args.py, ff6d4d12) */
const layout: Layout = {
  id: 'llamafactory',
  recognise: (root) => {
    if (says(root, 'export_dir') || isForEvaluation(root)) return false;
    const type = valueAt(root, 'finetuning_type');
    const isNumbered = says(root, 'lora_rank', 'lora_target', 'lora_alpha');
    if (type === 'lora') return isNumbered || says(root, 'stage', 'do_train', 'learning_rate');
    // It trains LoRA by default.
    return type === undefined && says(root, 'stage') && isNumbered;
  },
  fields: {
    ...HF_FIELDS,
    rank: field('lora_rank', 8),
    alpha: field('lora_alpha', timesRank(2)),
    useRslora: field('use_rslora'),
    useDora: field('use_dora'),
    learningRate: field('learning_rate', 5e-5, HF_TRAINER),
    loraplusLrRatio: field('loraplus_lr_ratio'),
    optimizer: field([...SWITCHES, 'optim'], 'adamw_torch', HF_TRAINER),
    scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
    dropout: field('lora_dropout', 0),
    init: field(key('pissa_init', onlyIf(true, 'pissa')), PEFT_INIT),
    targetModules: field('lora_target', 'all'),
  },
  optimizers: NAMES,
  argumentsAt: HF_ARGUMENTS,
  argumentsAs: 'text',
  linkedRates: HF_RATES,
  schedule: HF_SCHEDULE,
  // GaLore and APOLLO override LoRA+, and LoRA+ overrides the others (train/trainer_utils.py).
  loraplus: {
    dropsDecay: false,
    vectorsWithB: true,
    ignoredBy: new Set(['galore', 'apollo', 'badam', 'adam_mini', 'muon']),
  },
  traps: [
    unscaled('additional_target'),
    embeddingRate('lora_target', 'loraplus_lr_ratio', 'loraplus_lr_embedding'),
    halfWeights('pure_bf16', [true]),
    DEEPSPEED_MIXED_IF_SET,
    // The first of them that the file has, unless additional_target names other modules.
    ...VOCABULARY.map((name, i) =>
      unscaled(name, l10n.t('the embeddings'), {
        when: (root) =>
          isOnOrFilled(root, key(name)) &&
          ![...VOCABULARY.slice(0, i), 'additional_target'].some((other) => isOnOrFilled(root, key(other))),
      }),
    ),
    unscaledInAll('stage', l10n.t('the value head'), ['rm', 'ppo']),
    continues('adapter_name_or_path', {
      when: (root) => isOnOrFilled(root, key('adapter_name_or_path')) && valueAt(root, 'create_new_adapter') !== true,
    }),
    resumes('resume_from_checkpoint'),
  ],
  notUnderstood: (root) => [...refusedKeys(root, LLAMAFACTORY_KEYS, 'LLaMA-Factory'), ...unreadDeepspeed(root)],
  // model/adapter.py: _setup_lora_tuning; train/trainer_utils.py: _create_loraplus_optimizer
  peft: {
    ...HF_PEFT,
    fields: {
      init_lora_weights: key('pissa_init', onlyIf(true, 'pissa_niter_16')),
      modules_to_save: key('additional_target'),
    },
    names: (text) => (text === 'all' ? 'all-linear' : text.split(',').map((name) => name.trim())),
    models: [key('model_name_or_path')],
    others: [
      ...['adapter_name_or_path', 'pissa_iter', 'use_llama_pro', 'use_unsloth', 'use_kt', 'optim_target_modules'],
      ...VOCABULARY,
    ].map((label) => key(label)),
  },
  initCode: dividing(
    PEFT_LIBRARY,
    [
      '# train_rescaled.py. Instead of llamafactory-cli train, run:   python train_rescaled.py your_config.yaml',
      '# on_init_end runs after the model is built and before the optimizer is.',
      'from llamafactory.train.tuner import run_exp',
      'from transformers import TrainerCallback',
      '',
      '',
      'class RescaleInit(TrainerCallback):',
      '    def on_init_end(self, args, state, control, model=None, **kwargs):',
    ],
    {
      indent: '        ',
      after: ['', '', 'if __name__ == "__main__":', '    run_exp(callbacks=[RescaleInit()])'],
    },
  ),
};

export const llamafactory: Trainer = {
  id: 'llamafactory',
  name: 'LLaMA-Factory',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\bfinetuning_type["']?\s*[:=][^\n]{0,200}lora|\blora_(?:rank|target|alpha)["']?\s*:|\bpeft_config["']?\s*:/,
  loaders: { yaml: 'OmegaConf.load', json: 'json.load' },
  textNumbers: 'fails',
  dotlessNumbers: l10n.t`PyYAML reads a number without a dot as a string, and versions of LLaMA-Factory that read configs with PyYAML stop here. All versions read 1.0e-4 as a number.`,
  source: { repository: 'hiyouga/LLaMA-Factory', commit: 'ff6d4d12eeb0', date: '2026-08-18' },
  // It loads configs with OmegaConf without resolving, so `${…}` stays a string (hparams/parser.py, read_args).
  interpolates: false,
  runs: (root) => (isModule(root) ? [] : [{ root: withArguments(root) }]),
  commandLine: {
    program:
      /\b(?:llamafactory-cli|lmf|llamafactory) train\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b|(?:^|[ /\\])llamafactory[/\\]/,
    hint: /\bllamafactory-cli\b|\blmf\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b/,
    takesOverrides: (root) => positional(root) !== null,
    config: positional,
  },
  programs: ['llamafactory-cli', 'lmf', 'llamafactory'],
  owns: /(?:^|[ /\\])llamafactory(?:[ ./\\]|$)/,
  layouts: [layout, layoutV1],
};
