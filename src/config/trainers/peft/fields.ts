import { initOf, PEFT_INIT } from './traps';
import type { Layout } from '../trainer';
import { key, type Fields } from '../shared/fields';

/**
 * PEFT's LoraConfig.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb)
 */
export const PEFT_FIELDS: Fields = {
  rank: { keys: [key('r')], otherwise: { value: 8, who: 'PEFT' } },
  alpha: {
    keys: [key('lora_alpha')],
    otherwise: { value: 8, who: 'PEFT' },
    beside: [key('r'), key('lora_dropout')],
  },
  useRslora: { keys: [key('use_rslora')], beside: [key('lora_alpha'), key('r')] },
  useDora: { keys: [key('use_dora')] },
  dropout: {
    keys: [key('lora_dropout')],
    otherwise: { value: 0, who: 'PEFT' },
  },
  init: { keys: [key('init_lora_weights', initOf)], otherwise: PEFT_INIT },
  targetModules: { keys: [key('target_modules')] },
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
