import { initOf, PEFT_INIT } from './traps';
import type { Layout } from '../trainer';
import { key, type Fields, field } from '../shared/fields';

/**
 * PEFT's LoraConfig.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb)
 */
export const PEFT_FIELDS: Fields = {
  rank: field('r', 8, 'PEFT'),
  alpha: { ...field('lora_alpha', 8, 'PEFT'), beside: [key('r'), key('lora_dropout')] },
  useRslora: { keys: [key('use_rslora')], beside: [key('lora_alpha'), key('r')] },
  useDora: field('use_dora'),
  dropout: field('lora_dropout', 0, 'PEFT'),
  init: { keys: [key('init_lora_weights', initOf)], default: PEFT_INIT },
  targetModules: field('target_modules'),
};

/** What is set in the script that trains, and what Hugging Face's Trainer calls it there. */
export const PEFT_IN_SCRIPT: NonNullable<Layout['inScript']> = {
  learningRate: 'learning_rate',
  weightDecay: 'weight_decay',
  maxGradNorm: 'max_grad_norm',
  eps: 'adam_epsilon',
};

/** What makes the adapter of a LoraConfig. */
export const MAKES = 'model = get_peft_model(model, config)';
