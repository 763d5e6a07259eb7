import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { deepspeedHalfPrecision } from '../hugging-face/fields';
import { HF_SCHEDULES } from '../schedules';
import { PEFT_INIT } from '../peft/lora-config';
import { commandOf } from '../shared/command';
import { field, fixedAt, has, key, keys, wordAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Source } from '../shared/fields';
import type { KnownKeys } from '../shared/known';
import { float16, resumes, unclear, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

const PART = `eps_clip* freezing_steps value_clip gradient_checkpointing_* num_* max_norm min_lr_ratio`;

/**
 * Flags of OpenRLHF for LoRA, optimizer and schedule, grouped by the prefix before the dot.
 * @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/cli, 3c3be623; flags without a dot: before ed62d0e2)
 */
const KNOWN: KnownKeys = {
  '': `${PART} actor_num_* adam_offload chosen_key critic_num_* critic_pretrain ema_beta enable_ema
     freezing_actor_steps init_kl_coef input_key lambd normalize_reward overlap_comm rejected_key
     save_hf_ckpt zpg advantage_estimator algo beta bf16 colocate_* disable_* enable_prefix_caching eval
     full_determinism ipo label_key label_smoothing logger max_ckpt_* micro_* model multiturn pretrain prompt_* ref
     ref_* reward* rollout train use_ms use_wandb vllm zero_stage `,
  actor: `${PART} dual_clip freeze_visual_encoder policy_loss_type`,
  critic: `${PART} lr_warmup_ratio save_value_network`,
  ds: `adam_offload deepcompile enable_sleep experts_implementation overlap_comm ring_attn_*
    use_universal_ckpt value_head_prefix zero_stage zpg`,
};

/** A model that a command trains: the prefix of the optimizer's dotted flags since April 2026, and its older flag of the rate. */
const ALONE = { id: 'openrlhf', prefix: '', oldRate: 'learning_rate' };
const ACTOR = { id: 'openrlhf-actor', prefix: 'actor.', oldRate: 'actor_learning_rate' };
type OpenRlhfModel = typeof ALONE;

/** Default rates (openrlhf/cli/train_*.py). */
const RATES: Readonly<Record<string, number>> = { sft: 5e-6, dpo: 1e-5, rm: 9e-6, actor: 1e-6, kto: 5e-7, kd: 5e-6 };

function rateOf(root: MapNode, { prefix }: OpenRlhfModel): Default | null {
  const rate = RATES[prefix.replace('.', '') || (/train_(\w+)/.exec(commandOf(root))?.[1] ?? '')];
  return rate === undefined ? null : { value: rate };
}

function fieldsOf(part: OpenRlhfModel, isDotted: boolean): Fields {
  /** A dotted flag, and the plain one of older versions; a new flag is written as the command writes its others. */
  const either = (dotted: string, plain: string, fallback?: Default['value'] | Default | DefaultOf): Source => ({
    ...field([dotted, plain], fallback),
    write: key(isDotted ? dotted : plain),
  });
  const own = (name: string): string => `${part.prefix}${name}`;
  return {
    rank: field(['ds.lora.rank', 'lora_rank']),
    alpha: either('ds.lora.alpha', 'lora_alpha', 16),
    learningRate: either(own('adam.lr'), part.oldRate, ({ root }) => rateOf(root, part)),
    optimizer: field(own('optim'), { value: 'adam', inWords: l10n.t("DeepSpeed's AdamW") }),
    weightDecay: either(own('adam.weight_decay'), 'l2', 0),
    eps: isDotted
      ? field(own('adam.eps'), 1e-8)
      : fixedAt({ value: 1e-8, why: l10n.t('This version of OpenRLHF has no flag for eps and uses 1e-8.') }),
    betas: field(isDotted ? own('adam.betas') : 'adam_betas', [0.9, 0.95]),
    maxGradNorm: either(own('max_norm'), 'max_norm', 1),
    scheduler: field([own('lr_scheduler'), 'lr_scheduler'], {
      value: 'cosine_with_min_lr',
      inWords: l10n.t('a cosine that ends at a tenth of the learning rate'),
    }),
    warmup: field([own('lr_warmup_ratio'), 'lr_warmup_ratio'], 0.03),
    dropout: field(['ds.lora.dropout', 'lora_dropout'], 0),
    init: fixedAt(PEFT_INIT),
    targetModules: field(['ds.lora.target_modules', 'target_modules'], 'all-linear'),
  };
}

const isDottedIn = (root: MapNode): boolean => has(root, 'ds');

/** A rank of 0, which is the default, is no LoRA. */
function usesLora(root: MapNode): boolean {
  const node = nodeAt(root, isDottedIn(root) ? ['ds', 'lora', 'rank'] : ['lora_rank']);
  return node?.kind === 'scalar' && (node.unresolved !== undefined || Number(node.value) > 0);
}

/** PPO's critic, with a LoRA of the same alpha. Its numbers other than the rate are the actor's in older versions alone. */
function critic(isDotted: boolean): Trap {
  const estimator = isDotted ? 'algo.advantage.estimator' : 'advantage_estimator';
  const why = isDotted
    ? l10n.t`${estimator} is gae, the default, so a critic trains a LoRA of the same alpha. No plan changes its clipping, eps and weight decay.`
    : l10n.t`${estimator} is gae, the default, so a critic trains a LoRA of the same alpha at a learning rate of 9e-6. Set --critic_learning_rate, so that a plan can change it.`;
  const isLeft = (root: MapNode): boolean => isDotted || !has(root, 'critic_learning_rate');
  return unclear(estimator, why, { when: (root) => /^(?:gae)?$/.test(wordAt(root, estimator)) && isLeft(root) });
}

/** @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/cli/train_sft.py, train_ppo_ray.py, 3c3be623; plain flags: before ed62d0e2) */
function layoutOf(part: OpenRlhfModel, isDotted: boolean): Layout {
  const dtype = isDotted ? 'ds.param_dtype' : 'param_dtype';
  return {
    id: `${part.id}${isDotted ? '' : '-plain'}`,
    recognise: (root) => root.run === part.id && isDottedIn(root) === isDotted && usesLora(root),
    fields: fieldsOf(part, isDotted),
    // `adam` is DeepSpeed's FusedAdam with decoupled decay (openrlhf/utils/deepspeed, 3c3be623).
    optimizers: {
      adam: { row: 'adamw' },
      muon: {
        unknown: l10n.t`DeepSpeed's Muon moves the factors by their singular vectors; no rule is known for LoRA with it.`,
      },
    },
    schedule: { schedules: HF_SCHEDULES, at: null },
    wholeAlpha: 'int',
    // The critic has the same LoRA flags.
    linked: { learningRate: keys('critic.adam.lr critic_learning_rate') },
    traps: [
      ...(part === ACTOR ? [critic(isDotted)] : []),
      // bf16 by default (openrlhf/utils/deepspeed/deepspeed_utils.py)
      deepspeedHalfPrecision(dtype, (root) => !/32$/.test(wordAt(root, dtype))),
      resumes('ckpt.load_enable', [true]),
      resumes('load_checkpoint', [true]),
    ],
    known: KNOWN,
    float16: float16(dtype, ['fp16']),
    initCode: dividing(PEFT_LIBRARY, [
      '# In openrlhf/models/actor.py (model.py for reward models and critics), after get_peft_model(...):',
      'model = self.model',
    ]),
  };
}

export const openrlhf: Trainer = {
  id: 'openrlhf',
  name: 'OpenRLHF',
  syntaxes: [],
  hint: /\bopenrlhf\.cli\.train_/,
  textNumbers: 'converts',
  // PPO's actor, or the one model of the other commands
  runs: (root) => [{ root: { ...root, run: (/train_ppo/.test(commandOf(root)) ? ACTOR : ALONE).id } }],
  source: { repository: 'OpenRLHF/OpenRLHF', commit: '3c3be623', date: '2026-08-13' },
  commandLine: { program: /\bopenrlhf\.cli\.train_\w+/, hint: /\bopenrlhf\.cli\.train_/ },
  programs: ['openrlhf'],
  owns: /(?:^|[ /\\])openrlhf(?:[ ./\\]|$)/,
  layouts: [ALONE, ACTOR].flatMap((part) => [layoutOf(part, true), layoutOf(part, false)]),
};
