import * as l10n from '@vscode/l10n';
import {
  HF_TRAINER,
  HF_ARGUMENTS,
  HF_FIELDS,
  HF_NO_DECAY,
  HF_RATES,
  HF_SCHEDULE,
  withArguments,
} from '../hugging-face/fields';
import { positional } from '../shared/command-line';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { LLAMAFACTORY_NAMES } from './optimizers';
import { DEEPSPEED_MIXED_IF_SET, unreadDeepspeed } from '../hugging-face/deepspeed';
import { LLAMAFACTORY_KEYS } from './known';
import { layoutV1 } from './v1';
import { continues, embeddingRate, PEFT_INIT } from '../peft/traps';
import { halfWeights, resumes, unscaled } from '../shared/common-traps';
import { isOnOrFilled } from '../shared/filled';
import { isModule } from '../python/tree';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Key, field, timesRank } from '../shared/fields';
import { refusedKeys } from '../shared/unknown-keys';

const has = (root: MapNode, ...names: string[]): boolean => names.some((name) => scalarAt(root, [name]) !== undefined);

/** Switches that replace the optimizer of `optim`. */
const OPTIMIZER_SWITCHES = ['use_galore', 'use_apollo', 'use_badam', 'use_adam_mini', 'use_muon'].map((name): Key =>
  key(name, (value) => (value === true ? name.replace('use_', '') : undefined)),
);

/** Flags bring the words of Python. */
const is = (on: boolean, root: MapNode, name: string): boolean =>
  String(scalarAt(root, [name])).toLowerCase() === String(on);

/**
 * Keys that resize the vocabulary, which makes the embeddings train (model/adapter.py; tokens are added in
 * model/patcher.py).
 */
const VOCABULARY = [
  'resize_vocab',
  'add_tokens',
  'add_special_tokens',
  'new_special_tokens_config',
  'new_special_tokens',
];

/** Whether the file only evaluates: do_train is off by default (train/sft/workflow.py). */
const isForEvaluation = (root: MapNode): boolean =>
  (is(true, root, 'do_eval') || is(true, root, 'do_predict')) &&
  (nodeAt(root, ['do_train']) === null || is(false, root, 'do_train'));

/** @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/hparams/finetuning_args.py, ff6d4d12) */
const layout: Layout = {
  id: 'llamafactory',
  recognise: (root) => {
    if (has(root, 'export_dir') || isForEvaluation(root)) return false;
    const type = scalarAt(root, ['finetuning_type']);
    if (type === 'lora')
      return has(root, 'stage', 'do_train', 'lora_rank', 'lora_target', 'lora_alpha', 'learning_rate');
    // It trains LoRA by default.
    return type === undefined && has(root, 'stage') && has(root, 'lora_rank', 'lora_target', 'lora_alpha');
  },
  fields: {
    ...HF_FIELDS,
    rank: field('lora_rank', 8),
    alpha: {
      keys: [key('lora_alpha')],
      default: timesRank(2),
      beside: [key('lora_rank'), key('lora_target'), key('finetuning_type')],
    },
    useRslora: { keys: [key('use_rslora')], beside: [key('lora_alpha'), key('lora_rank'), key('lora_target')] },
    useDora: field('use_dora'),
    learningRate: {
      ...field('learning_rate', 5e-5, HF_TRAINER),
      beside: [key('lr_scheduler_type'), key('num_train_epochs')],
    },
    loraplusLrRatio: { keys: [key('loraplus_lr_ratio')], beside: [key('learning_rate'), key('lora_rank')] },
    optimizer: {
      keys: [...OPTIMIZER_SWITCHES, key('optim')],
      default: { value: 'adamw_torch', who: HF_TRAINER },
    },
    scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
    dropout: field('lora_dropout', 0),
    init: { keys: [key('pissa_init', (value) => (value === true ? 'pissa' : undefined))], default: PEFT_INIT },
    targetModules: field('lora_target', 'all'),
  },
  optimizers: LLAMAFACTORY_NAMES,
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
    ...VOCABULARY.map((name, i): Trap => ({
      ...unscaled(l10n.t('the embeddings')),
      message: l10n.t`${name} trains the embeddings and the output layer whole, with the same learning rate, unless additional_target names others. They have no scaling, so another learning rate changes how they learn.`,
      applies: (root) =>
        isOnOrFilled(root, key(name)) &&
        ![...VOCABULARY.slice(0, i), 'additional_target'].some((other) => isOnOrFilled(root, key(other))),
      at: key(name),
    })),
    {
      code: 'value-head',
      severity: 'info',
      message: l10n.t(
        'This stage also trains a value head with the same learning rate. It has no scaling, so another learning rate changes how it learns.',
      ),
      applies: (root) => ['rm', 'ppo'].includes(String(scalarAt(root, ['stage']))),
      at: key('stage'),
      limits: 'approximate',
      unscaled: l10n.t('the value head'),
    },
    continues('adapter_name_or_path', (root) => scalarAt(root, ['create_new_adapter']) === true),
    resumes('resume_from_checkpoint'),
  ],
  notUnderstood: (root) => [...refusedKeys(root, LLAMAFACTORY_KEYS, 'LLaMA-Factory'), ...unreadDeepspeed(root)],
  // model/adapter.py: _setup_lora_tuning; train/trainer_utils.py: _create_loraplus_optimizer
  peft: {
    fields: {
      init_lora_weights: key('pissa_init', (value) => (value === true ? 'pissa_niter_16' : undefined)),
      modules_to_save: key('additional_target'),
    },
    names: (text) => (text === 'all' ? 'all-linear' : text.split(',').map((name) => name.trim())),
    models: [key('model_name_or_path')],
    seed: key('seed'),
    batch: key('per_device_train_batch_size'),
    batchDefault: 8,
    noDecay: HF_NO_DECAY,
    others: [
      ...['adapter_name_or_path', 'pissa_iter', 'use_llama_pro', 'use_unsloth', 'use_kt', 'optim_target_modules'],
      ...VOCABULARY,
    ].map((label) => key(label)),
  },
  initCode: (start) =>
    [
      '# train_rescaled.py. Instead of llamafactory-cli train, run:   python train_rescaled.py your_config.yaml',
      '# on_init_end runs after the model is built and before the optimizer is.',
      'from llamafactory.train.tuner import run_exp',
      'from transformers import TrainerCallback',
      '',
      '',
      'class RescaleInit(TrainerCallback):',
      '    def on_init_end(self, args, state, control, model=None, **kwargs):',
      indented(peftLines(start), '        '),
      '',
      '',
      'if __name__ == "__main__":',
      '    run_exp(callbacks=[RescaleInit()])',
      '',
    ].join('\n'),
};

export const llamafactory: Trainer = {
  id: 'llamafactory',
  name: 'LLaMA-Factory',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\bfinetuning_type["']?\s*[:=][^\n]{0,200}lora|\blora_(?:rank|target|alpha)["']?\s*:|\bpeft_config["']?\s*:/,
  loaders: { yaml: 'OmegaConf.load', json: 'json.load' },
  textNumbers: 'fails',
  dotlessNumbers: l10n.t(
    'PyYAML reads a number without a dot as a string, and versions of LLaMA-Factory that read configs with PyYAML stop here. All versions read 1.0e-4 as a number.',
  ),
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
