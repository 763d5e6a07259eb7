import { all, keys } from '../shared/keys';

const OPENRLHF_PART = keys(`
  adam dual_clip eps_clip eps_clip_low_high freeze_visual_encoder lr_scheduler lr_warmup_ratio max_norm min_lr_ratio muon
  optim value_clip
`);

/**
 * Flags of OpenRLHF for LoRA, optimizer and schedule, grouped by the prefix before the dot.
 * @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/cli, 3c3be623; flags without a dot: before ed62d0e2)
 */
export const OPENRLHF: Readonly<Record<string, ReadonlySet<string>>> = {
  '': all(
    OPENRLHF_PART,
    keys(`
      actor_learning_rate adam_betas adam_offload beta critic_learning_rate ema_beta freezing_actor_steps l2 learning_rate
      local_rank lora_alpha lora_dropout lora_rank reward_clip_range
    `),
  ),
  actor: OPENRLHF_PART,
  critic: OPENRLHF_PART,
  ds: keys('adam_offload lora'),
  'ds.lora': keys('alpha dropout rank target_modules'),
  adam: keys('betas eps lr weight_decay'),
  'actor.adam': keys('betas eps lr weight_decay'),
};
