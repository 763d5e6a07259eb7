import * as l10n from '@vscode/l10n';
import { divideLines } from '../../init-code/divide';
import { BRIDGE_LORA, initOfA, initOfB, MEGATRON_LIBRARY } from '../megatron/lora';
import { MEGATRON_NAMES, MEGATRON_OPTIMIZER } from '../megatron/optimizers';
import { scalarAt, type MapNode } from '../../syntax/tree';
import type { Schedule, Schedules } from '../schedules';
import { keys } from '../shared/keys';
import { fromRow } from '../shared/optimizer-defaults';
import { resumes } from '../shared/common-traps';
import { unknownArguments, unknownNear } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, type Key, field } from '../shared/fields';

const text = (root: MapNode, path: string): string => String(scalarAt(root, path.split('.')) ?? '');

const falls = (min_lr: number): Schedule => ({ rates: { min_lr } });

/**
 * NeMo's schedulers and their default floors.
 * @see https://github.com/NVIDIA/NeMo (nemo/lightning/pytorch/optim/lr_scheduler.py, 8cfedd72)
 */
const SCHEDULES: Schedules = {
  WarmupPolicyScheduler: falls(0),
  WarmupHoldPolicyScheduler: falls(0),
  SquareAnnealingScheduler: falls(1e-5),
  CosineAnnealingScheduler: falls(6e-5),
  NoamAnnealingScheduler: falls(0),
  NoamHoldAnnealingScheduler: falls(0),
  WarmupHoldAnnealOneMinusSquareRootScheduler: falls(0),
  WarmupHoldAnnealLinearScheduler: falls(0),
  WarmupAnnealingScheduler: falls(0),
  InverseSquareRootAnnealingScheduler: falls(0),
  T5InverseSquareRootAnnealingScheduler: falls(0),
  SquareRootAnnealingScheduler: falls(0),
  PolynomialDecayAnnealingScheduler: falls(0),
  PolynomialHoldDecayAnnealingScheduler: falls(0),
};

/**
 * Keys of the model's block whose names look like LoRA or optimizer settings (examples, 8cfedd72). Parameter groups
 * with their own learning rates are left out on purpose.
 */
const MODEL = keys(`
  freeze_language_model freeze_modality_adapter freeze_speech_model layernorm_epsilon modality_adapter optim peft
  pipeline_model_parallel_split_rank
`);

/** @see nemo/lightning/pytorch/optim/megatron.py: MegatronOptimizerModule, without its rates of single layers */
const OPTIM: ReadonlySet<string> = new Set(['_target_', 'config', 'lr_scheduler', 'no_weight_decay_cond']);

const isDora: NonNullable<Key['read']> = (value) => (String(value).endsWith('.DoRA') ? true : undefined);

const LORA_CLASS = l10n.t("NeMo's LoRA");

/**
 * NeMo 2, whose files name classes by their paths (SpeechLM, nemo.collections.llm).
 * @see https://github.com/NVIDIA/NeMo (nemo/collections/llm/peft/lora.py, examples/speechlm/conf, 8cfedd72)
 */
const layout: Layout = {
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
    schedules: SCHEDULES,
    at: 'optim.lr_scheduler',
    beside: [key('optim.lr_scheduler._target_')],
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, { 'model.peft': BRIDGE_LORA, 'optim.config': MEGATRON_OPTIMIZER, optim: OPTIM }),
    ...unknownNear(root, { model: MODEL }),
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

export const nemo: Trainer = {
  id: 'nemo',
  name: 'NeMo',
  syntaxes: ['yaml'],
  hint: /\b_target_["']?\s*:\s*["']?nemo\.[\w.]{0,100}\.(?:Canonical)?(?:LoRA|DoRA)\b/,
  loaders: { yaml: 'OmegaConf.load' },
  textNumbers: 'fails',
  interpolates: true,
  source: { repository: 'NVIDIA/NeMo', commit: '8cfedd7203462cb251a914e700e5605444277561', date: '2025-09-20' },
  programs: ['nemo'],
  layouts: [layout],
};
