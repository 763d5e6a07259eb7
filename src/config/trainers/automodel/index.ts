import * as l10n from '@vscode/l10n';
import { dividing, type Library } from '../../init-code/divide';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { FUSED_ADAM } from '../../optimizers/packages';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import type { OptimizerNames } from '../../optimizers/word';
import { flagged } from '../shared/command';
import { classNumbers, field, has, key, keys, onlyIf, rateFromRow, says, valueAt, wordAt } from '../shared/fields';
import { clipsAll, float16, foreign, halfWeights, on, resumes, unscaled } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** Automodel's configs of classes have their own defaults. */
const OWN = { learningRate: 1e-4, weightDecay: 0.01 };

/**
 * `optimizer._target_` of NeMo Automodel: the path of any class, or the short name of one of its configs. Transformer
 * Engine's Adam decouples the weight decay by default.
 * @see https://github.com/NVIDIA-NeMo/Automodel (nemo_automodel/components/optim/optimizer.py, v0.7.0)
 */
const NAMES: OptimizerNames = {
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  'transformer_engine.pytorch.optimizers.fused_adam.FusedAdam': FUSED_ADAM,
  'transformer_engine.pytorch.optimizers.FusedAdam': FUSED_ADAM,
  adam: { row: 'adam', defaults: OWN },
  adamw: { row: 'adamw', defaults: OWN },
  fused_adam: { ...FUSED_ADAM, defaults: OWN },
  flash_adamw: { row: 'adamw', defaults: OWN, quantized: true },
  'flashoptim.FlashAdamW': { row: 'adamw', quantized: true },
};

const SAYS = {
  half: l10n.t`LoRA's own weights have the dtype of the model, 16 bits by default, so dividing the init by anything but a power of two is rounded. Set peft.lora_dtype: float32 to keep them whole.`,
  states: l10n.t`The optimizer keeps its numbers in fewer digits than float32, so dividing the init by anything but a power of two rounds them differently.`,
  experts: l10n.t`moe_rank_scaling divides the rank of the experts by the number of active experts, so their scaling is larger by that number. All scalings still change by the same factor when alpha changes.`,
};

/** @see https://github.com/NVIDIA-NeMo/Automodel (nemo_automodel/components/_peft/lora.py, lora_experts.py, 36044ad3d139) */
const LIBRARY: Library = {
  A: ['lora_A', 'lora_gate_and_up_A', 'lora_down_A'],
  B: ['lora_B', 'lora_gate_and_up_B', 'lora_down_B'],
};

/**
 * Its configs since 2026. Older ones of the diffusion recipe have `optim.learning_rate` (understand/recognise/not-read.ts).
 * @see https://github.com/NVIDIA-NeMo/Automodel (nemo_automodel/components/_peft/lora.py, recipes/llm/train_ft.py, v0.7.0)
 */
const layout: Layout = {
  id: 'automodel',
  recognise: (root) =>
    /^nemo_automodel\.[\w.]*\.PeftConfig$/.test(wordAt(root, 'peft._target_')) ||
    // Without its class, the keys beside `peft` must be Automodel's.
    (says(root, 'peft.dim') && has(root, 'step_scheduler')),
  fields: {
    rank: field('peft.dim', 8),
    alpha: field('peft.alpha', 32),
    useDora: field('peft.use_dora'),
    dropout: field('peft.dropout', 0),
    // Whatever is not xavier is Kaiming uniform (components/_peft/lora.py: init_lora_weights).
    init: field(
      key('peft.lora_A_init', (value) => (value === 'xavier' ? 'xavier-normal' : 'kaiming-uniform')),
      'xavier-normal',
    ),
    targetModules: field(['peft.target_modules', key('peft.match_all_linear', onlyIf(true, 'all-linear'))]),
    optimizer: field('optimizer._target_'),
    learningRate: field('optimizer.lr', (known) => (known.optimizer ? rateFromRow(known) : null)),
    ...classNumbers('optimizer'),
    maxGradNorm: { ...field(['clip_grad_norm.max_norm', 'max_grad_norm'], 1), write: key('clip_grad_norm.max_norm') },
    scheduler: field('lr_scheduler.lr_decay_style', ({ root }) =>
      has(root, 'lr_scheduler') ? { value: 'cosine' } : null,
    ),
    warmup: field('lr_scheduler.lr_warmup_steps'),
  },
  optimizers: NAMES,
  nullable: 'clip_grad_norm clip_grad_norm.max_norm', // recipes/llm/train_ft.py: setup
  argumentsAt: 'optimizer',
  argumentsAs: 'map',
  // The schedule ends at a hundredth of the learning rate by default.
  linked: { learningRate: keys('lr_scheduler.min_lr lr_scheduler.max_lr lr_scheduler.init_lr') },
  // components/_peft/lora.py: PeftConfig; components/optim/optimizer.py
  // The recipe of EAGLE-3's drafts clips by its own key (nemo_automodel/recipes/llm/train_eagle3.py).
  inFile: (root) =>
    has(root, 'recipe_args')
      ? { ...layout, fields: { ...layout.fields, maxGradNorm: field('recipe_args.max_grad_norm', 1) } }
      : layout,
  known: {
    '': `benchmark c ci comet ddp dist_env distributed dllm freeze_config mfu mlflow neftune nvtx packed_sequence
      parallelizer prewarm recipe rng sdpa_method step_scheduler tool_call_eval wandb`,
    peft: `_target_ dropout_position exclude_modules use_memory_efficient_lora use_triton`,
    optimizer: `bias_correction exp_avg_dtype exp_avg_sq_dtype master_weight_dtype master_weights
      store_param_remainders use_decoupled_grad`,
    lr_scheduler: `_target_ lr_decay_steps lr_wsd_decay_style override_opt_param_scheduler
      use_checkpoint_opt_param_scheduler wsd_decay_steps`,
    clip_grad_norm: '_target_',
    recipe_args: `ckpt_every_steps draft_attn_implementation draft_weights_path freeze_embeddings grad_accumulation_steps
      micro_batch_size seq_length train_data_path train_shuffle train_split ttt_steps`,
  },
  traps: [
    // nemo_automodel/_transformers/infrastructure.py: _apply_trainability_policy; recipes/llm/train_seq_cls.py
    unscaled('freeze_config.unfreeze_modules'),
    unscaled('model._target_', l10n.t("the classifier's head"), { when: /SequenceClassification/ }),
    // nemo_automodel/components/_peft/lora.py: _init_adapter, _extract_base_dtype
    halfWeights(
      'peft.lora_dtype',
      (root) => {
        const base = has(root, 'quantization') ? 'quantization.bnb_4bit_compute_dtype' : 'model.torch_dtype';
        return !/32$/.test(String(valueAt(root, 'peft.lora_dtype') ?? valueAt(root, base)));
      },
      SAYS.half,
    ),
    ...['exp_avg_dtype', 'exp_avg_sq_dtype', 'master_weight_dtype'].map((name) =>
      halfWeights(`optimizer.${name}`, /^(?!$|.*32$)/, SAYS.states),
    ),
    ...['recipe', 'recipe._target_', 'model._target_', 'parallelizer._target_'].map((at) =>
      foreign(at, 'nemo_automodel'),
    ),
    float16('distributed.mp_policy.param_dtype', /(?<!b)float16$/),
    ...[resumes('checkpoint.restore_from'), clipsAll('clip_grad_norm.max_norm')],
    on('peft.moe_rank_scaling', 'rank-per-expert', SAYS.experts, { severity: 'warning', when: [true] }),
  ],
  float16: float16('model.torch_dtype', ['float16', 'torch.float16']),
  initCode: dividing(LIBRARY, [
    '# Automodel has no hook for this. In your own copy of the recipe (nemo_automodel/recipes/llm/train_ft.py), after the',
    '# model with its LoRA is built and before the optimizer is, with `model` one of its parts:',
  ]),
};

export const automodel: Trainer = {
  id: 'automodel',
  name: 'NeMo Automodel',
  syntaxes: ['yaml'],
  hint: /\b(?:nemo_automodel|step_scheduler)\b/,
  // A text that is a number to Python is one to its loader (components/config/loader.py: translate_value).
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  source: { repository: 'NVIDIA-NeMo/Automodel', commit: '36044ad3d139', date: '2026-08-22' },
  commandLine: {
    program: /\bautomodel\b|\bfinetune\.py\b/,
    hint: /\bautomodel\b|--peft\.dim\b/,
    config: flagged('config', 'c'),
  },
  programs: ['automodel'],
  layouts: [layout],
};
