import type { KnownKeys } from '../shared/unknown-keys';

/** Flags whose names say that they are about LoRA, the optimizer or the schedule. */
export const FLAGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora|rank|adam|prodigy\w*|optim\w*|grad|dora|decay)(?:_|$)/,
  known: new Set([
    ...['text_encoder_lr', 'lr_scheduler', 'lr_warmup_steps', 'lr_num_cycles', 'lr_power', 'scale_lr', 'optimizer'],
    ...['lora_alpha', 'lora_rank', 'lora_dropout', 'lora_layers', 'lora_blocks', 'gaussian_init_lora', 'use_lora_bias'],
    ...['use_dora', 'rank', 'use_8bit_adam', 'adam_beta1', 'adam_beta2', 'adam_epsilon', 'adam_weight_decay'],
    ...['adam_weight_decay_text_encoder', 'prodigy_beta3', 'prodigy_decouple', 'prodigy_use_bias_correction'],
    ...['prodigy_safeguard_warmup', 'max_grad_norm', 'lora_target_modules', 'local_rank'],
  ]),
};
