import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_OF_MODEL, TORCHAO_CLASSES } from '../../optimizers/torch';
import { withoutModules, type OptimizerNames } from '../../optimizers/word';
import type { Unread } from '../../reading';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { BRIDGE_LORA, bridgeInit, MEGATRON_ADAM, MEGATRON_LIBRARY, MEGATRON_NAMES } from '../megatron/megatron';
import { MEGATRON_OPTIMIZER } from '../megatron/megatron';
import { PEFT_INIT } from '../peft/lora-config';
import { flagged } from '../shared/command';
import { field, fixedAt, fromRow, has, isFilled, key, onlyIf, valueAt, type Fields, type Key } from '../shared/fields';
import type { KnownKeys } from '../shared/known';
import { clipsAll, continues, float16, float16Weights, halfWeights, on, resumes, unclear } from '../shared/trap';
import type { Layout, Run, Trainer } from '../trainer';

/**
 * `optim.optimizer` of verl under FSDP: the name of a class in the module that `optim.optimizer_impl` names. A class has
 * one rule in all of them but for Adam, whose decay bitsandbytes decouples.
 * @see https://github.com/volcengine/verl (verl/workers/config/optimizer.py: build_optimizer, v0.9.1)
 */
const NAMES: OptimizerNames = withoutModules({ ...BNB_CLASSES, ...TORCHAO_CLASSES, ...TORCH_OF_MODEL });

/**
 * Settings of `optim`, but for those that `override_optimizer_config` can override: there they are not read, and so not
 * understood.
 * @see verl/workers/config/optimizer.py, verl/utils/megatron/optimizer.py
 */
const OPTIMIZER = `optimizer_impl use_checkpoint_opt_param_scheduler lr_wsd_decay_style _target_ lr_decay_steps
  min_lr_ratio total_steps total_training_steps`;
/** One model that verl trains: its maps of model and optimizer, and its default learning rate. */
interface VerlModel {
  id: string;
  model: string;
  optim: string;
  rate: number;
  /** The key of max grad norm up to verl 0.7. */
  oldClip?: string;
}

const partOf = (id: string, model: string, part: string, rate: number): VerlModel => ({
  ...{ id, model, optim: `${part}.optim`, rate, oldClip: `${part}.grad_clip` },
});
const FLOAT16 = ['float16', 'fp16'];
/** verl/trainer/config/ppo_trainer.yaml, sft_trainer_engine.yaml, v0.9.1; `auto` goes on where the same run left off. */
const RESUMES = resumes('trainer.resume_from_path', (root) => valueAt(root, 'trainer.resume_mode') === 'resume_path');
const ACTOR = partOf('actor', 'actor_rollout_ref.model', 'actor_rollout_ref.actor', 1e-6);
const CRITIC = partOf('critic', 'critic.model', 'critic', 1e-5);
const SFT: VerlModel = { id: 'sft', model: 'model', optim: 'optim', rate: 1e-3 };

/** The known keys of the blocks of the model and the optimizer, and of those around them, which also hold other settings. */
const knownOf = ({ model, optim, oldClip }: VerlModel, own: string): KnownKeys => ({
  '': `actor_rollout_ref algorithm checkpoint critic custom_reward_function engine global_profiler ray_* reward*
    trainer transfer_queue use_remove_padding`,
  actor_rollout_ref: 'actor hybrid_engine model nccl_* ref rollout',
  [optim]: OPTIMIZER,
  [`${optim}.override_optimizer_config`]: own,
  [model]: `_target_ architectures enable_* exclude_modules fused_kernel_options lora lora_adapter_path lora_alpha
    lora_rank override_config partial_pretrain path target_modules tiled_mlp use_fused_kernels use_remove_padding
    use_shm`,
  ...(oldClip && {
    [optim.replace('.optim', '')]: `_target_ calculate_* checkpoint clip_ratio* cliprange_value entropy_* enable
      forward_* freeze_vision_tower grad_clip load_weight loss_* megatron ppo_* router_replay tau_neg tau_pos
      use_dynamic_bsz use_fused_kernels use_prefix_grouper use_remove_padding use_torch_compile`,
  }),
});

const isUsed = (root: MapNode, path: string): boolean => {
  const node = nodeAt(root, path.split('.'));
  return node?.kind === 'scalar' && (node.unresolved !== undefined || node.value !== 0) && isFilled(root, path);
};

/** Whether the tree is about this part: verl's names are plain, so SFT's need more than one witness. */
function isOf({ id, model, optim }: VerlModel, root: MapNode): boolean {
  if (root.run !== id) return false;
  if (id !== SFT.id) return has(root, model);
  const isVerl = [`${optim}.clip_grad`, `${optim}.lr_warmup_steps_ratio`, `${model}.partial_pretrain`, 'engine'];
  return has(root, model) && isVerl.some((path) => has(root, path));
}

/** `model.lora` is a map, Megatron's; an unresolved reference there may hold any LoRA settings. */
function unresolvedLora(root: MapNode, { model }: VerlModel): Unread[] {
  const lora = nodeAt(root, [...model.split('.'), 'lora']);
  if (lora?.kind !== 'scalar' || lora.unresolved === undefined) return [];
  return [{ range: lora.range, why: l10n.t('This reference may set rank, alpha and other LoRA settings.') }];
}

const unlessNegative: Key['read'] = (value) => (Number(value) < 0 ? undefined : value);

/** @see https://github.com/volcengine/verl (verl/trainer/config/optim, model/hf_model.yaml, actor, critic, v0.9.1) */
function sharedFields({ model, optim, rate, oldClip }: VerlModel, isMegatron: boolean): Fields {
  const clip = `${optim}.clip_grad`;
  const clips = oldClip && !isMegatron ? [clip, oldClip] : [clip];
  const older = l10n.t`verl 0.8 or later is assumed, which clips the gradient norm at 1.0 unless ${clip} is set. verl up to 0.7 reads ${oldClip ?? ''} and ignores ${clip}.`;
  return {
    learningRate: field(`${optim}.lr`, rate),
    weightDecay: field(`${optim}.weight_decay`, 0.01),
    betas: field(`${optim}.betas`, ({ row }) => (row?.defaults.betas ? { value: [0.9, 0.999] } : null)),
    eps: field(`${optim}.override_optimizer_config.${isMegatron ? 'adam_eps' : 'eps'}`, fromRow('eps')),
    momentum: field(`${optim}.override_optimizer_config.${isMegatron ? 'sgd_momentum' : 'momentum'}`),
    optimizer: field(`${optim}.optimizer`, isMegatron ? MEGATRON_ADAM : 'AdamW'),
    maxGradNorm: { ...field(clips, clips.length > 1 ? { value: 1, why: older } : 1), write: key(clip) },
    scheduler: field(
      ['lr_scheduler_type', 'lr_decay_style', 'lr_scheduler', 'warmup_style'].map((name) => `${optim}.${name}`),
      'constant',
    ),
    // −1 leaves it to the ratio.
    warmup: field([key(`${optim}.lr_warmup_steps`, unlessNegative), `${optim}.lr_warmup_steps_ratio`], 0),
    targetModules: field(isMegatron ? `${model}.lora.target_modules` : `${model}.target_modules`, 'all-linear'),
  };
}

/** Where the precision of a model stands (verl/trainer/config/engine). */
const engineOf = ({ optim }: VerlModel, engine: string): string =>
  optim === SFT.optim ? 'engine' : optim.replace(/^critic\.optim$/, 'critic.model.optim').replace(/optim$/, engine);

/** LoRA by PEFT, under FSDP. */
function fsdp(part: VerlModel): Layout {
  const { id, model, optim, oldClip } = part;
  const twice = l10n.t`${oldClip ?? ''} is the threshold of verl up to 0.7; since 0.8 it is ${optim}.clip_grad, and each version ignores the other key. Keep the key of your version, or set both to the same number.`;
  const strategy = optim === SFT.optim ? 'engine.strategy' : optim.replace('.optim', '.strategy');
  return {
    id: `verl-${id}`,
    recognise: (root) => isOf(part, root) && isUsed(root, `${model}.lora_rank`),
    fields: {
      ...sharedFields(part, false),
      rank: field(`${model}.lora_rank`),
      alpha: field(`${model}.lora_alpha`, 16),
      dropout: fixedAt({ value: 0, why: l10n.t('verl has no LoRA dropout under FSDP.') }),
      init: fixedAt(PEFT_INIT),
    },
    optimizers: NAMES,
    argumentsAt: `${optim}.override_optimizer_config`,
    argumentsAs: 'map',
    known: knownOf(part, ''),
    unread: (root) => unresolvedLora(root, part),
    traps: [
      ...[strategy, 'model_engine', 'engine', 'config_name'].map((at) =>
        unclear(
          at,
          l10n.t("Only verl's FSDP engine reads lora_rank. Under this strategy the run may train all weights."),
          { when: /(?:^|_)(?:automodel|megatron|mindspeed|torchtitan|veomni)/ }, // verl/workers/engine, v0.9.1
        ),
      ),
      ...[RESUMES, continues(`${model}.lora_adapter_path`), clipsAll(`${optim}.clip_grad`)],
      // PEFT makes the factors in the dtype of the model, which is float32 by default (engine/fsdp/transformer_impl.py).
      halfWeights(`${engineOf(part, 'fsdp_config')}.model_dtype`, ['bf16', 'bfloat16']),
      float16Weights(`${engineOf(part, 'fsdp_config')}.model_dtype`, FLOAT16),
      float16(`${engineOf(part, 'fsdp_config')}.mixed_precision.param_dtype`, FLOAT16),
      // Max grad norm has a new key, and each version ignores the key of the other.
      ...(oldClip === undefined ? [] : [on(oldClip, 'key-ignored', twice, { severity: 'warning' })]),
    ],
    float16: float16(`${engineOf(part, 'fsdp_config')}.dtype`, FLOAT16),
    initCode: dividing(PEFT_LIBRARY, [
      '# verl has no hook for this. In verl/workers/engine/fsdp/transformer_impl.py, in _build_lora_module,',
      '# after module = get_peft_model(module, LoraConfig(**lora_config)):',
      '            model = module',
      '            …',
    ]),
  };
}

/** LoRA by Megatron-Bridge. */
function megatron(part: VerlModel): Layout {
  const { id, model, optim } = part;
  const dtype = `${engineOf(part, 'megatron').replace('.model.', '.')}.dtype`;
  return {
    id: `verl-${id}-megatron`,
    recognise: (root) => {
      const type = String(valueAt(root, `${model}.lora.type`) ?? 'lora');
      const isLora = ['lora', 'canonical_lora', 'vlm_lora', 'dora'].includes(type);
      return isLora && isOf(part, root) && isUsed(root, `${model}.lora.rank`);
    },
    fields: {
      ...sharedFields(part, true),
      rank: field(`${model}.lora.rank`),
      alpha: field(`${model}.lora.alpha`, 32),
      useDora: field(key(`${model}.lora.type`, onlyIf('dora', true))),
      dropout: field(`${model}.lora.dropout`, 0),
      init: bridgeInit(`${model}.lora`, 'Megatron-Bridge'),
    },
    optimizers: MEGATRON_NAMES,
    argumentsAt: `${optim}.override_optimizer_config`,
    argumentsAs: 'map',
    linked: { learningRate: [key(`${optim}.min_lr`), key(`${optim}.lr_warmup_init`)] },
    known: { ...knownOf(part, MEGATRON_OPTIMIZER), [`${model}.lora`]: `${BRIDGE_LORA} merge rank type` },
    // The factors have the model's dtype, bfloat16 by default (engine/megatron/transformer_impl.py: params_dtype).
    traps: [
      ...[RESUMES, resumes(`${model}.lora.adapter_path`)],
      halfWeights(dtype, (root) => !/32$/.test(String(valueAt(root, dtype)))),
    ],
    float16: float16(dtype, FLOAT16),
    initCode: dividing(MEGATRON_LIBRARY, [
      "# verl has no hook for this. Put this after Megatron-Bridge has made the model's chunks and before the optimizer is made",
      '# (verl/workers/engine/megatron/transformer_impl.py), with `model` one of the chunks:',
    ]),
  };
}

/** The actor and the critic are two runs in one tree; everything else is a run of supervised fine-tuning. */
function runsOf(root: MapNode): readonly Run[] {
  const parts = [ACTOR, CRITIC].filter(({ model }) => has(root, model));
  return parts.length > 0
    ? parts.map((part) => ({ root: { ...root, run: part.id }, name: part.id }))
    : [{ root: { ...root, run: SFT.id } }];
}

/** verl's own configs, which its command names instead of a file. */
const OWN_CONFIG = /^(?:ppo_(?:megatron_)?trainer|sft_trainer\w*)(?:\.yaml)?$/;

export const verl: Trainer = {
  id: 'verl',
  name: 'verl',
  syntaxes: ['yaml'],
  hint: /\b(?:actor_rollout_ref|lora_rank|clip_grad|lr_warmup_steps_ratio|partial_pretrain|engine)\b/,
  loaders: { yaml: 'OmegaConf.load' },
  interpolates: true,
  runs: runsOf,
  source: { repository: 'volcengine/verl', commit: 'v0.9.1', date: '2026-09-11' },
  commandLine: {
    program: /\bverl[./\\]trainer[./\\](?!main(?: |$))\w+/,
    hint: /\bverl[./\\]trainer[./\\]/,
    isHydra: true,
    config: (root) => {
      const name = flagged('config_name', 'cn')(root);
      return name !== null && !OWN_CONFIG.test(name) ? name : null;
    },
  },
  // EasyR1 is started by verl.trainer.main.
  owns: /(?:^|[ /\\])verl(?!\.trainer\.main(?: |$))(?:[ ./\\]|$)/,
  layouts: [ACTOR, CRITIC, SFT].flatMap((part) => [megatron(part), fsdp(part)]),
};
