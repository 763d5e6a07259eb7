import { peftLines } from '../init-code/peft';
import { scalarAt } from '../syntax/tree';
import { initOf, PEFT_INIT, trainedEmbeddings, unscaled } from './peft-words';
import { key, type Fields, type Layout, type Trap } from './trainer';

/**
 * PEFT's LoraConfig.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb)
 */
export const PEFT_FIELDS: Fields = {
  rank: { keys: [key('r')], otherwise: { value: 8, why: 'PEFT has a rank of 8 unless told otherwise.' } },
  alpha: {
    keys: [key('lora_alpha')],
    otherwise: { value: 8, why: 'PEFT has an alpha of 8 unless told otherwise, whatever the rank.' },
    beside: [key('r'), key('lora_dropout')],
  },
  useRslora: { keys: [key('use_rslora')], beside: [key('lora_alpha'), key('r')] },
  useDora: { keys: [key('use_dora')] },
  dropout: {
    keys: [key('lora_dropout')],
    otherwise: { value: 0, why: 'PEFT has no LoRA dropout unless told otherwise.' },
  },
  init: { keys: [key('init_lora_weights', initOf)], otherwise: PEFT_INIT },
  targetModules: { keys: [key('target_modules')] },
};

/** What is set in the script that trains, and what Hugging Face's Trainer and PEFT's LoRA+ call it there. */
export const PEFT_IN_SCRIPT: NonNullable<Layout['inScript']> = {
  learningRate: 'learning_rate',
  weightDecay: 'weight_decay',
  maxGradNorm: 'max_grad_norm',
  eps: 'adam_epsilon',
  loraplusLrRatio: 'loraplus_lr_ratio',
};

/** What a LoraConfig can train besides, without a scaling. */
export const PEFT_TRAPS: readonly Trap[] = [
  unscaled('modules_to_save'),
  trainedEmbeddings('modules_to_save', 'loraplus_lr_ratio'),
  unscaled('trainable_token_indices'),
  {
    ...unscaled('kasa_config'),
    message:
      'kasa_config trains a diagonal between B and A, with the same learning rate. It has no scaling, so a moved rate changes how it learns: give it a group with the old rate.',
  },
  {
    code: 'trained-biases',
    severity: 'info',
    message:
      "bias trains the model's own biases with the same learning rate. They have no scaling, so a moved rate changes how they learn.",
    applies: (root) => ['all', 'lora_only'].includes(String(scalarAt(root, ['bias']))),
    at: key('bias'),
    limits: 'approximate',
    // LoRA+ trains vectors in the group of B, whose rate stays in the plan that keeps B.
    plans: ['symmetric', 'keep-init', 'lr-only'],
    unscaled: 'the biases',
  },
];

export const peftInitCode: Layout['initCode'] = (start) =>
  [
    '# After model = get_peft_model(model, config), before the optimizer or the Trainer is made:',
    'import torch',
    '',
    ...peftLines(start),
    '',
  ].join('\n');
