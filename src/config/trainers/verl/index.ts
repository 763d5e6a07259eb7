import * as l10n from '@vscode/l10n';
import { hydra } from '../shared/command-line';
import { BRIDGE_LORA, initOfA, initOfB, MEGATRON_LIBRARY } from '../megatron/lora';
import { MEGATRON_NAMES, MEGATRON_OPTIMIZER } from '../megatron/optimizers';
import { VERL_NAMES } from './optimizers';
import { divideLines } from '../../init-code/divide';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { keys, without } from '../shared/keys';
import { fromRow } from '../shared/optimizer-defaults';
import { continues, PEFT_INIT } from '../peft/traps';
import { resumes } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';
import { VERL_MODEL, VERL_OPTIMIZER, VERL_PART } from './known';
import { unknownArguments, unknownNear } from '../shared/unknown-keys';
import type { Unread } from '../../reading';
import type { Layout, Run, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Fields, type Default, field, fixedAt } from '../shared/fields';

/** One model that verl trains: its maps of model and optimizer, and its default learning rate. */
interface VerlModel {
  id: string;
  model: string;
  optim: string;
  rate: number;
  /** The key of max grad norm up to verl 0.7. */
  oldClip?: string;
}

const ACTOR: VerlModel = {
  id: 'actor',
  model: 'actor_rollout_ref.model',
  optim: 'actor_rollout_ref.actor.optim',
  rate: 1e-6,
  oldClip: 'actor_rollout_ref.actor.grad_clip',
};
const CRITIC: VerlModel = {
  id: 'critic',
  model: 'critic.model',
  optim: 'critic.optim',
  rate: 1e-5,
  oldClip: 'critic.grad_clip',
};
const SFT: VerlModel = { id: 'sft', model: 'model', optim: 'optim', rate: 1e-3 };

/** The blocks around the model and the optimizer, which also hold other settings. */
const around = ({ model, optim }: VerlModel): Record<string, ReadonlySet<string>> => {
  const own = optim.split('.').slice(0, -1).join('.');
  return { [model]: VERL_MODEL, ...(own === '' ? {} : { [own]: VERL_PART }) };
};

const has = (root: MapNode, path: string): boolean => nodeAt(root, path.split('.')) !== null;
const isUsed = (root: MapNode, path: string): boolean => {
  const node = nodeAt(root, path.split('.'));
  return node?.kind === 'scalar' && (node.unresolved !== undefined || node.value !== 0) && isFilled(root, key(path));
};

/** Whether the tree is about this part: verl's names are plain, so SFT's need more than one witness. */
function isOf({ id, model, optim }: VerlModel, root: MapNode): boolean {
  if (root.run !== id) return false;
  if (id !== SFT.id) return has(root, model);
  const isVerl = [`${optim}.clip_grad`, `${optim}.lr_warmup_steps_ratio`, `${model}.partial_pretrain`, 'engine'];
  return has(root, model) && isVerl.some((path) => has(root, path));
}

/**
 * Settings of `optim` that `override_optimizer_config` can override. LoRA Alpha does not read them there, so they are
 * reported as not understood.
 * @see verl/workers/config/optimizer.py, verl/utils/megatron/optimizer.py
 */
const TWICE = keys('adam_beta1 adam_beta2 betas clip_grad lr min_lr optimizer weight_decay');
const ARGUMENTS = without(OPTIMIZER_ARGUMENTS, TWICE);
const MEGATRON_ARGUMENTS = without(MEGATRON_OPTIMIZER, TWICE);

/** `model.lora` is a map, Megatron's; an unresolved reference there may hold any LoRA settings. */
function unresolvedLora(root: MapNode, { model }: VerlModel): Unread[] {
  const lora = nodeAt(root, [...model.split('.'), 'lora']);
  if (lora?.kind !== 'scalar' || lora.unresolved === undefined) return [];
  return [{ range: lora.range, why: l10n.t('This reference may set rank, alpha and other LoRA settings.') }];
}

/** @see https://github.com/volcengine/verl (verl/trainer/config/optim, model/hf_model.yaml, actor, critic, v0.9.1) */
function sharedFields({ model, optim, rate, oldClip }: VerlModel, isMegatron: boolean): Fields {
  const beside = ['weight_decay', 'lr', 'clip_grad'].map((name) => key(`${optim}.${name}`));
  return {
    learningRate: {
      keys: [key(`${optim}.lr`)],
      default: { value: rate },
      beside,
    },
    weightDecay: {
      keys: [key(`${optim}.weight_decay`)],
      default: { value: 0.01 },
      beside,
    },
    betas: {
      keys: [key(`${optim}.betas`)],
      default: ({ row }): Default | null => (row?.defaults.betas ? { value: [0.9, 0.999] } : null),
    },
    eps: {
      keys: [key(`${optim}.override_optimizer_config.${isMegatron ? 'adam_eps' : 'eps'}`)],
      default: fromRow('eps'),
      beside,
    },
    momentum: field(`${optim}.override_optimizer_config.${isMegatron ? 'sgd_momentum' : 'momentum'}`),
    optimizer: {
      keys: [key(`${optim}.optimizer`)],
      default: isMegatron
        ? { value: 'adam', inWords: l10n.t("Megatron's Adam with decoupled weight decay") }
        : { value: 'AdamW' },
    },
    maxGradNorm: {
      keys: [key(`${optim}.clip_grad`), ...(oldClip && !isMegatron ? [key(oldClip)] : [])],
      default: {
        value: 1,
        ...(oldClip && !isMegatron
          ? {
              why: l10n.t`verl 0.8 or later is assumed, which clips the gradient norm at 1.0 unless ${optim}.clip_grad is set. verl up to 0.7 reads ${oldClip} and ignores ${optim}.clip_grad.`,
            }
          : {}),
      },
      write: key(`${optim}.clip_grad`),
      beside,
    },
    scheduler: {
      keys: ['lr_scheduler_type', 'lr_decay_style', 'lr_scheduler', 'warmup_style'].map((name) =>
        key(`${optim}.${name}`),
      ),
      default: { value: 'constant' },
    },
    warmup: {
      // −1 leaves it to the ratio.
      keys: [
        key(`${optim}.lr_warmup_steps`, (value) => (Number(value) < 0 ? undefined : value)),
        key(`${optim}.lr_warmup_steps_ratio`),
      ],
      default: { value: 0 },
    },
    targetModules: field(isMegatron ? `${model}.lora.target_modules` : `${model}.target_modules`, 'all-linear'),
  };
}

/** LoRA by PEFT, under FSDP. */
function fsdp(part: VerlModel): Layout {
  const { id, model, optim } = part;
  return {
    id: `verl-${id}`,
    recognise: (root) => isOf(part, root) && isUsed(root, `${model}.lora_rank`),
    fields: {
      ...sharedFields(part, false),
      rank: field(`${model}.lora_rank`),
      alpha: { ...field(`${model}.lora_alpha`, 16), beside: [key(`${model}.lora_rank`)] },
      dropout: fixedAt({ value: 0, why: l10n.t('verl has no LoRA dropout under FSDP.') }),
      init: fixedAt(PEFT_INIT),
    },
    optimizers: VERL_NAMES,
    argumentsAt: `${optim}.override_optimizer_config`,
    argumentsAs: 'map',
    notUnderstood: (root) => [
      ...unknownArguments(root, {
        [optim]: VERL_OPTIMIZER,
        [`${optim}.override_optimizer_config`]: ARGUMENTS,
      }),
      ...unknownNear(root, around(part)),
      ...unresolvedLora(root, part),
    ],
    traps: [continues(`${model}.lora_adapter_path`), ...oldClipTraps(part)],
    initCode: (start) =>
      [
        '# verl has no hook for this. In verl/workers/engine/fsdp/transformer_impl.py, in _build_lora_module,',
        '# after module = get_peft_model(module, LoraConfig(**lora_config)):',
        indented(['model = module', ...peftLines(start)], '            '),
        '',
      ].join('\n'),
  };
}

/** LoRA by Megatron-Bridge. */
function megatron(part: VerlModel): Layout {
  const { id, model, optim } = part;
  return {
    id: `verl-${id}-megatron`,
    recognise: (root) => {
      if (!isOf(part, root) || !isUsed(root, `${model}.lora.rank`)) return false;
      const type = String(scalarAt(root, [...model.split('.'), 'lora', 'type']) ?? 'lora');
      return ['lora', 'canonical_lora', 'vlm_lora', 'dora'].includes(type);
    },
    fields: {
      ...sharedFields(part, true),
      rank: field(`${model}.lora.rank`),
      alpha: { ...field(`${model}.lora.alpha`, 32), beside: [key(`${model}.lora.rank`)] },
      useDora: { keys: [key(`${model}.lora.type`, (type) => (type === 'dora' ? true : undefined))] },
      dropout: field(`${model}.lora.dropout`, 0),
      init: {
        keys: [key(`${model}.lora.lora_B_init_method`, initOfB), key(`${model}.lora.lora_A_init_method`, initOfA)],
        default: { value: 'xavier-normal', who: 'Megatron-Bridge' },
      },
    },
    optimizers: MEGATRON_NAMES,
    argumentsAt: `${optim}.override_optimizer_config`,
    argumentsAs: 'map',
    linkedRates: [key(`${optim}.min_lr`), key(`${optim}.lr_warmup_init`)],
    notUnderstood: (root) => [
      ...unknownArguments(root, {
        [optim]: VERL_OPTIMIZER,
        [`${optim}.override_optimizer_config`]: MEGATRON_ARGUMENTS,
        [`${model}.lora`]: BRIDGE_LORA,
      }),
      ...unknownNear(root, around(part)),
    ],
    traps: [resumes(`${model}.lora.adapter_path`)],
    initCode: (start) =>
      [
        "# verl has no hook for this. Put this after Megatron-Bridge has made the model's chunks and before the optimizer is made",
        '# (verl/workers/engine/megatron/transformer_impl.py), with `model` one of the chunks:',
        ...divideLines(MEGATRON_LIBRARY, start),
        '',
      ].join('\n'),
  };
}

/** Max grad norm has a new key, and each version ignores the key of the other. */
function oldClipTraps({ oldClip, optim }: VerlModel): Trap[] {
  if (oldClip === undefined) return [];
  return [
    {
      code: 'clip-key-by-version',
      severity: 'warning',
      message: l10n.t`${oldClip} is the threshold of verl up to 0.7; since 0.8 it is ${optim}.clip_grad, and each version ignores the other key. Keep the key of your version, or set both to the same number.`,
      applies: (root) => isFilled(root, key(oldClip)),
      at: key(oldClip),
    },
  ];
}

/** The actor and the critic are two runs in one tree; everything else is a run of supervised fine-tuning. */
function runsOf(root: MapNode): readonly Run[] {
  const parts = [ACTOR, CRITIC].filter(({ model }) => has(root, model));
  return parts.length > 0
    ? parts.map((part) => ({ root: { ...root, run: part.id }, name: part.id }))
    : [{ root: { ...root, run: SFT.id } }];
}

export const verl: Trainer = {
  id: 'verl',
  name: 'verl',
  syntaxes: ['yaml'],
  hint: /\b(?:actor_rollout_ref|lora_rank|clip_grad|lr_warmup_steps_ratio|partial_pretrain|engine)\b/,
  loaders: { yaml: 'OmegaConf.load' },
  textNumbers: 'fails',
  interpolates: true,
  runs: runsOf,
  source: { repository: 'volcengine/verl', commit: 'v0.9.1', date: '2026-09-11' },
  commandLine: {
    program: /\bverl[./\\]trainer[./\\]\w+/,
    hint: /\bverl[./\\]trainer[./\\]/,
    isHydra: true,
    config: hydra(/^(?:ppo_(?:megatron_)?trainer|sft_trainer\w*)(?:\.yaml)?$/),
  },
  owns: /(?:^|[ /\\])verl(?:[ ./\\]|$)/,
  layouts: [ACTOR, CRITIC, SFT].flatMap((part) => [megatron(part), fsdp(part)]),
};
