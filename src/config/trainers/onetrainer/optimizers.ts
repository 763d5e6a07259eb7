import * as l10n from '@vscode/l10n';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import type { OptimizerNames, OptimizerRule, OptimizerWord } from '../../optimizers/word';
import type { Default } from '../shared/fields';

const OWN: OptimizerWord = {
  unknown: l10n.t("it is OneTrainer's own or a library's version, which LoRA Alpha has not measured."),
};

const bnb = (name: string): OptimizerWord => BNB_CLASSES[`bitsandbytes.optim.${name}`] ?? OWN;

const ownRate: Default = {
  value: null,
  why: l10n.t(
    'With relative_step, Adafactor sets its own learning rate. Set relative_step to false to use the one of the file.',
  ),
};

/** Hugging Face's Adafactor; each eps has its own key. */
const ADAFACTOR: OptimizerRule = {
  row: 'adafactor-hf-scale',
  defaults: { weightDecay: 0 },
  arguments: { epsRms: 'eps2' },
  variants: [
    {
      when: { relative_step: undefined },
      is: {
        refused: l10n.t(
          'without relative_step it gets both a learning rate and a relative step, and stops. Set relative_step.',
        ),
      },
    },
    {
      when: { relative_step: true, scale_parameter: false },
      is: { row: 'adafactor-hf-relative', fixed: { learningRate: ownRate } },
    },
    { when: { relative_step: true }, is: { row: 'adafactor-hf-scale-relative', fixed: { learningRate: ownRate } } },
    { when: { scale_parameter: false }, is: { row: 'adafactor-hf' } },
  ],
};

const DISTANCE = { beta3: 'beta3', biasCorrection: 'use_bias_correction' };

/**
 * `optimizer.optimizer` of OneTrainer; its arguments are in the same map.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/create.py: create_optimizer, 23df3832)
 */
export const ONETRAINER_NAMES: OptimizerNames = {
  SGD: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  SGD_8BIT: bnb('SGD8bit'),
  ADAM: { row: 'adam', defaults: { weightDecay: 0 } },
  ADAM_8BIT: bnb('Adam8bit'),
  ADAMW: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  ADAMW_8BIT: bnb('AdamW8bit'),
  AdEMAMix: bnb('AdEMAMix'),
  AdEMAMix_8BIT: bnb('AdEMAMix8bit'),
  ADAGRAD: bnb('Adagrad'),
  ADAGRAD_8BIT: bnb('Adagrad8bit'),
  RMSPROP: bnb('RMSprop'),
  RMSPROP_8BIT: bnb('RMSprop8bit'),
  LAMB: bnb('LAMB'),
  LAMB_8BIT: bnb('LAMB8bit'),
  LARS: bnb('LARS'),
  LARS_8BIT: bnb('LARS8bit'),
  LION: { row: 'lion', defaults: { betas: [0.9, 0.99], weightDecay: 0 } },
  LION_8BIT: { ...(bnb('Lion8bit') as OptimizerRule), defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  SCHEDULE_FREE_ADAMW: { row: 'schedule-free-adamw', defaults: { weightDecay: 0.01 } },
  SCHEDULE_FREE_SGD: { row: 'schedule-free-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  DADAPT_ADA_GRAD: { row: 'dadapt-adagrad', defaults: { weightDecay: 0, eps: 0 } },
  DADAPT_ADAM: {
    row: 'dadapt-adam',
    defaults: { weightDecay: 0 },
    arguments: DISTANCE,
    variants: [{ when: { decouple: true }, decays: true, is: { row: 'dadapt-adam-decoupled' } }],
  },
  DADAPT_ADAN: { row: 'dadapt-adan', defaults: { weightDecay: 0.02 }, arguments: { beta3: 'beta3' } },
  DADAPT_LION: { row: 'dadapt-lion', defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  DADAPT_SGD: { row: 'dadapt-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  PRODIGY: {
    row: 'prodigy',
    defaults: { weightDecay: 0 },
    arguments: DISTANCE,
    variants: [{ when: { decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
  },
  PRODIGY_PLUS_SCHEDULE_FREE: OWN,
  ADAFACTOR,
  ...Object.fromEntries(
    [
      ...['ADAMW_ADV', 'ADOPT', 'ADOPT_ADV', 'LION_ADV', 'SIGNSGD_ADV', 'PRODIGY_ADV', 'CAME', 'CAME_8BIT', 'MUON'],
      ...['MUON_ADV', 'ADAMUON_ADV', 'ADABELIEF', 'TIGER', 'AIDA', 'YOGI'],
    ].map((name) => [name, OWN]),
  ),
};
