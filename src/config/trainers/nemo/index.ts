import * as l10n from '@vscode/l10n';
import { dividing } from '../../init-code/divide';
import { BRIDGE_LORA, bridgeInit, MEGATRON_ADAM, MEGATRON_LIBRARY, MEGATRON_NAMES } from '../megatron/megatron';
import { MEGATRON_OPTIMIZER } from '../megatron/megatron';
import { field, fromRow, ifRowHas, key, valueAt, wordAt } from '../shared/fields';
import { float16, foreign, halfWeights, resumes, unscaled } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** NeMo's schedulers with their default floors (nemo/lightning/pytorch/optim/lr_scheduler.py, 8cfedd72). */
const FLOORS: Readonly<Record<string, number>> = { SquareAnnealing: 1e-5, CosineAnnealing: 6e-5 };
const SCHEDULES = Object.fromEntries(
  `SquareAnnealing CosineAnnealing WarmupPolicy WarmupHoldPolicy NoamAnnealing NoamHoldAnnealing WarmupAnnealing
  WarmupHoldAnnealOneMinusSquareRoot WarmupHoldAnnealLinear InverseSquareRootAnnealing T5InverseSquareRootAnnealing
  SquareRootAnnealing PolynomialDecayAnnealing PolynomialHoldDecayAnnealing`
    .split(/\s+/)
    .map((name) => [`${name}Scheduler`, { rates: { min_lr: FLOORS[name] ?? 0 } }]),
);

const LORA_CLASS = l10n.t("NeMo's LoRA");

/**
 * NeMo 2, whose files name classes by their paths (SpeechLM, nemo.collections.llm).
 * @see https://github.com/NVIDIA/NeMo (nemo/collections/llm/peft/lora.py, examples/speechlm/conf, 8cfedd72)
 */
const layout: Layout = {
  id: 'nemo-2',
  recognise: (root) =>
    /^nemo\.collections\.\w+\.peft\.(\w+\.)?(LoRA|DoRA|CanonicalLoRA)$/.test(wordAt(root, 'model.peft._target_')),
  fields: {
    rank: field('model.peft.dim', 32, LORA_CLASS),
    alpha: field('model.peft.alpha', 32, LORA_CLASS),
    useDora: field(key('model.peft._target_', (value) => (String(value).endsWith('.DoRA') ? true : undefined))),
    dropout: field('model.peft.dropout', 0, LORA_CLASS),
    init: bridgeInit('model.peft'),
    targetModules: field('model.peft.target_modules'),
    learningRate: field('optim.config.lr'),
    optimizer: field('optim.config.optimizer', MEGATRON_ADAM),
    weightDecay: field('optim.config.weight_decay', fromRow('weightDecay')),
    betas: field(
      ['optim.config.adam_beta1', 'optim.config.adam_beta2'],
      ifRowHas('betas', [0.9, 0.999], 'Megatron-Core'),
    ),
    eps: field('optim.config.adam_eps', fromRow('eps')),
    momentum: field('optim.config.sgd_momentum', fromRow('momentum')),
    maxGradNorm: field('optim.config.clip_grad', 1, 'Megatron-Core'),
    scheduler: field(key('optim.lr_scheduler._target_', (value) => String(value).split('.').at(-1))),
    warmup: field('optim.lr_scheduler.warmup_steps'),
  },
  optimizers: MEGATRON_NAMES,
  schedule: { schedules: SCHEDULES, at: 'optim.lr_scheduler' },
  known: {
    '': 'callbacks logger plugins',
    callbacks: 'checkpoint',
    'model.peft': BRIDGE_LORA,
    'optim.config': `${MEGATRON_OPTIMIZER} min_lr`,
    // nemo/lightning/pytorch/optim/megatron.py: MegatronOptimizerModule, without its rates of single layers
    optim: '_target_ no_weight_decay_cond',
    // Parameter groups with their own learning rates are left out on purpose (examples, 8cfedd72).
    model: `_target_ freeze_language_model freeze_speech_model layernorm_epsilon llm modality_adapter
      pipeline_model_parallel_split_rank speech_encoder`,
  },
  traps: [
    unscaled('model.freeze_modality_adapter', l10n.t('the modality adapter'), {
      when: (root) =>
        ['freeze_speech_model', 'freeze_modality_adapter'].some((name) => valueAt(root, `model.${name}`) === false),
    }),
    ...['adapter_path', 'resume_from_directory', 'resume_from_path'].map((name) => resumes(`resume.${name}`)),
    ...['optim._target_', 'plugins._target_', 'strategy._target_'].map((at) => foreign(at, 'nemo')),
    // The factors have the dtype of the model (docs/source/features/mixed_precision.rst; llm/peft/lora.py: lora_dtype).
    halfWeights('plugins.precision', /16/),
    float16('trainer.precision', /^(?:fp)?16/),
  ],
  float16: float16('plugins.precision', /^(?:fp)?16/),
  initCode: dividing(MEGATRON_LIBRARY, [
    "# As a callback of the trainer, after NeMo's callback that adds the adapters and before the optimizer is made:",
    '…trainer.model',
  ]),
};

export const nemo: Trainer = {
  id: 'nemo',
  name: 'NeMo',
  syntaxes: ['yaml'],
  hint: /\b_target_["']?\s*:\s*["']?nemo\.[\w.]{0,100}\.(?:Canonical)?(?:LoRA|DoRA)\b/,
  loaders: { yaml: 'OmegaConf.load' },
  interpolates: true,
  source: { repository: 'NVIDIA/NeMo', commit: '8cfedd720346', date: '2025-09-20' },
  programs: ['nemo'],
  layouts: [layout],
};
