import { peftLines } from '../init-code/peft';
import { scalarAt, type MapNode } from '../syntax/tree';
import { initOf, loraplusCode, PEFT_INIT, PEFT_LORAPLUS, trainedEmbeddings, unscaled } from './peft-words';
import { patternNetworks } from './peft-patterns';
import { key, type Layout, type Trainer } from './trainer';

const typeOf = (root: MapNode): string => String(scalarAt(root, ['peft_type']) ?? '').toUpperCase();

/** @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb) */
const layout: Layout = {
  id: 'peft',
  recognise: (root) => {
    const type = typeOf(root);
    if (type === '') return false;
    return (
      type === 'LORA' || {
        not: `This is a PEFT adapter of type ${type}, which has no alpha that scales as LoRA's does.`,
      }
    );
  },
  fields: {
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
  },
  networks: (root) => patternNetworks(root, { rank: 'rank_pattern', alpha: 'alpha_pattern' }, layout),
  optimizers: {},
  inScript: {
    learningRate: 'learning_rate',
    weightDecay: 'weight_decay',
    maxGradNorm: 'max_grad_norm',
    eps: 'adam_epsilon',
    loraplusLrRatio: 'loraplus_lr_ratio',
  },
  loraBias: key('lora_bias'),
  loraplus: { ...PEFT_LORAPLUS, dropsDecay: false, code: loraplusCode },
  traps: [
    {
      code: 'trained-adapter',
      severity: 'info',
      message:
        'This adapter looks trained (inference_mode is true). Its alpha must not be edited on its own: that changes what the trained weights do. Change alpha in the script that trains.',
      applies: (root) => scalarAt(root, ['inference_mode']) === true,
      at: key('inference_mode'),
    },
    unscaled('modules_to_save'),
    trainedEmbeddings('modules_to_save', 'loraplus_lr_ratio'),
    unscaled('trainable_token_indices'),
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
  ],
  initCode: (start) =>
    [
      '# After model = get_peft_model(model, config), before the optimizer or the Trainer is made:',
      'import torch',
      '',
      ...peftLines(start),
      '',
    ].join('\n'),
};

export const peft: Trainer = {
  id: 'peft',
  name: 'PEFT',
  syntaxes: ['json'],
  hint: /"peft_type"/,
  textNumbers: 'fails',
  source: { repository: 'huggingface/peft', commit: '5d602fdbff04', date: '2026-08-21' },
  interpolates: false,
  layouts: [layout],
};
