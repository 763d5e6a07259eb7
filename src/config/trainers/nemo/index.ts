import * as l10n from '@vscode/l10n';
import { flagged } from '../shared/command-line';
import { divideLines } from '../../init-code/divide';
import { NEMO_NAMES } from './optimizers';
import { BRIDGE_LORA, initOfA, initOfB, MEGATRON_LIBRARY } from '../megatron/lora';
import { MEGATRON_NAMES, MEGATRON_OPTIMIZER } from '../megatron/optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { NEMO_2_SCHEDULES, NEMO_SCHEDULES } from './schedules';
import { fromRow } from '../shared/optimizer-defaults';
import { resumes } from '../shared/common-traps';
import { NEMO_LORA, NEMO_MODEL, NEMO_OPTIMIZER } from './known';
import { unknownArguments, unknownNear } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, type Key, field, timesRank } from '../shared/fields';

const LORA = 'model.peft.lora_tuning';
const BESIDE = ['weight_decay', 'lr', 'name'].map((name) => key(`model.optim.${name}`));
const text = (root: MapNode, path: string): string => String(scalarAt(root, path.split('.')) ?? '');

/** One scheme, or several separated by commas (examples/nlp/language_modeling/tuning: peft_scheme.split(",")). */
const schemes = (root: MapNode): string[] =>
  text(root, 'model.peft.peft_scheme')
    .split(',')
    .map((scheme) => scheme.trim());

/**
 * Whether the config is one of NeMo's generate scripts, which load an adapter and train nothing: data to test on and an
 * `inference` block, but neither data to train on nor an optimizer (examples/nlp/language_modeling/tuning/conf).
 */
const onlyGenerates = (root: MapNode): boolean =>
  [['inference'], ['model', 'data', 'test_ds']].some((path) => nodeAt(root, path) !== null) &&
  [
    ['model', 'data', 'train_ds'],
    ['model', 'optim'],
  ].every((path) => nodeAt(root, path) === null);

/** Tying shares one factor among layers, and adds a norm or an activation, so it is not LoRA. */
const TIED = key(`${LORA}.weight_tying`);

/**
 * The file has a block for each scheme, and peft_scheme chooses the blocks that train.
 * @see https://github.com/NVIDIA/NeMo (nemo/collections/nlp/parts/peft_config.py, 8cfedd72)
 */
const megatron: Layout = {
  id: 'nemo-megatron',
  recognise: (root) =>
    scalarAt(root, `${LORA}.adapter_dim`.split('.')) !== undefined &&
    schemes(root).some(isLora) &&
    !onlyGenerates(root),
  fields: {
    rank: field(`${LORA}.adapter_dim`),
    alpha: {
      keys: [key(`${LORA}.alpha`)],
      default: timesRank(1),
      beside: [key(`${LORA}.adapter_dim`)],
    },
    dropout: field(`${LORA}.adapter_dropout`),
    init: {
      keys: [key(`${LORA}.row_init_method`, initOfB), key(`${LORA}.column_init_method`, initOfA)],
      default: { value: 'normal' },
    },
    targetModules: {
      keys: [key(`${LORA}.target_modules`)],
      default: { value: 'attention_qkv', inWords: l10n.t("attention's q, k and v") },
    },
    learningRate: { keys: [key('model.optim.lr')], beside: BESIDE },
    optimizer: field('model.optim.name'),
    weightDecay: { keys: [key('model.optim.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    betas: { keys: [key('model.optim.betas')], default: fromRow('betas') },
    eps: { keys: [key('model.optim.eps')], default: fromRow('eps'), beside: BESIDE },
    momentum: { keys: [key('model.optim.momentum')], default: fromRow('momentum') },
    nesterov: field('model.optim.nesterov'),
    maxGradNorm: {
      keys: [key('trainer.gradient_clip_val')],
      default: { value: 0, who: 'Lightning' },
      beside: [key('trainer.max_steps'), key('trainer.precision')],
    },
    scheduler: field('model.optim.sched.name'),
    warmup: field(['model.optim.sched.warmup_steps', 'model.optim.sched.warmup_ratio']),
  },
  optimizers: NEMO_NAMES,
  argumentsAt: 'model.optim',
  schedule: {
    schedules: NEMO_SCHEDULES,
    at: 'model.optim.sched',
    beside: [key('model.optim.sched.name')],
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, { [LORA]: NEMO_LORA, 'model.optim': NEMO_OPTIMIZER }),
    ...unknownNear(root, { model: NEMO_MODEL }),
  ],
  traps: [
    {
      code: 'several-adapters',
      severity: 'warning',
      message: l10n.t(
        'peft_scheme trains other adapters together with LoRA, at the same learning rate. They have no scaling, so another learning rate changes how they learn.',
      ),
      applies: (root) => schemes(root).length > 1,
      at: key('model.peft.peft_scheme'),
      limits: 'approximate',
      unscaled: l10n.t('other adapters'),
    },
    {
      code: 'tied-factors',
      severity: 'warning',
      message: l10n.t(
        'weight_tying trains one pair of factors for all layers, and embeddings of the position, which have no scaling. Only a measurement shows what another alpha does.',
      ),
      applies: (root) => scalarAt(root, TIED.path) === true,
      at: TIED,
      limits: 'approximate',
      unscaled: l10n.t('position embeddings'),
    },
    resumes('model.peft.restore_from_path'),
  ],
  initCode: (start) =>
    [
      '# In megatron_gpt_finetuning.py, after model.add_adapter(peft_cfg_cls(model_cfg)) and before trainer.fit(model):',
      ...divideLines(MEGATRON_LIBRARY, start),
      '',
    ].join('\n'),
};

/** @see nemo/lightning/pytorch/optim/megatron.py: MegatronOptimizerModule, without its rates of single layers */
const OPTIM: ReadonlySet<string> = new Set(['_target_', 'config', 'lr_scheduler', 'no_weight_decay_cond']);

const isDora: NonNullable<Key['read']> = (value) => (String(value).endsWith('.DoRA') ? true : undefined);

const LORA_CLASS = l10n.t("NeMo's LoRA");

/**
 * NeMo 2, whose files name classes by their paths (SpeechLM, nemo.collections.llm).
 * @see https://github.com/NVIDIA/NeMo (nemo/collections/llm/peft/lora.py, examples/speechlm/conf, 8cfedd72)
 */
const second: Layout = {
  id: 'nemo-2',
  recognise: (root) =>
    /^nemo\.collections\.\w+\.peft\.(\w+\.)?(LoRA|DoRA|CanonicalLoRA)$/.test(text(root, 'model.peft._target_')),
  fields: {
    rank: field('model.peft.dim', 32, LORA_CLASS),
    alpha: {
      ...field('model.peft.alpha', 32, LORA_CLASS),
      beside: [key('model.peft.dim'), key('model.peft._target_')],
    },
    useDora: { keys: [key('model.peft._target_', isDora)] },
    dropout: field('model.peft.dropout', 0, LORA_CLASS),
    init: {
      keys: [key('model.peft.lora_B_init_method', initOfB), key('model.peft.lora_A_init_method', initOfA)],
      default: { value: 'xavier-normal' },
    },
    targetModules: field('model.peft.target_modules'),
    learningRate: field('optim.config.lr'),
    optimizer: {
      keys: [key('optim.config.optimizer')],
      default: { value: 'adam', inWords: l10n.t("Megatron's Adam with decoupled weight decay") },
    },
    weightDecay: { keys: [key('optim.config.weight_decay')], default: fromRow('weightDecay') },
    betas: {
      keys: [key('optim.config.adam_beta1'), key('optim.config.adam_beta2')],
      default: ({ row }) => (row?.defaults.betas ? { value: [0.9, 0.999], who: 'Megatron-Core' } : null),
    },
    eps: { keys: [key('optim.config.adam_eps')], default: fromRow('eps'), beside: [key('optim.config.lr')] },
    momentum: { keys: [key('optim.config.sgd_momentum')], default: fromRow('momentum') },
    maxGradNorm: { ...field('optim.config.clip_grad', 1, 'Megatron-Core'), beside: [key('optim.config.lr')] },
    scheduler: { keys: [key('optim.lr_scheduler._target_', (value) => String(value).split('.').at(-1))] },
    warmup: field('optim.lr_scheduler.warmup_steps'),
  },
  optimizers: MEGATRON_NAMES,
  schedule: {
    schedules: NEMO_2_SCHEDULES,
    at: 'optim.lr_scheduler',
    beside: [key('optim.lr_scheduler._target_')],
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, { 'model.peft': BRIDGE_LORA, 'optim.config': MEGATRON_OPTIMIZER, optim: OPTIM }),
    ...unknownNear(root, { model: NEMO_MODEL }),
  ],
  traps: [
    {
      code: 'unscaled-parameters',
      severity: 'info',
      message: l10n.t(
        'Speech model and modality adapter train with the same learning rate unless they are frozen. They have no scaling, so another learning rate changes how they learn.',
      ),
      applies: (root) =>
        ['freeze_speech_model', 'freeze_modality_adapter'].some((name) => scalarAt(root, ['model', name]) === false),
      at: key('model.freeze_modality_adapter'),
      limits: 'approximate',
      unscaled: l10n.t('the modality adapter'),
    },
    resumes('resume.adapter_path'),
  ],
  initCode: (start) =>
    [
      "# As a callback of the trainer, after NeMo's callback that adds the adapters and before the optimizer is made:",
      ...divideLines(MEGATRON_LIBRARY, start, 'trainer.model'),
      '',
    ].join('\n'),
};

function isLora(scheme: string): boolean {
  return scheme === 'lora' || scheme === 'qlora';
}

export const nemo: Trainer = {
  id: 'nemo',
  name: 'NeMo',
  syntaxes: ['yaml'],
  hint: /\bpeft_scheme["']?\s*:[^\n]{0,200}lora|\b_target_["']?\s*:\s*["']?nemo\.[\w.]{0,100}\.(?:Canonical)?(?:LoRA|DoRA)\b/,
  loaders: { yaml: 'OmegaConf.load' },
  textNumbers: 'fails',
  interpolates: true,
  source: { repository: 'NVIDIA/NeMo', commit: '8cfedd7203462cb251a914e700e5605444277561', date: '2025-09-20' },
  commandLine: {
    program: /\bmegatron_gpt_(?:finetuning|peft)\w*\.py\b|\bnemo\b/,
    isHydra: true,
    hint: /\bpeft_scheme=|\bpeft\.lora_tuning\./,
    config: (root) => flagged('config_name')(root) ?? l10n.t("the script's config"),
  },
  programs: ['nemo'],
  layouts: [megatron, second],
};
