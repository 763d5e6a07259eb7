import * as l10n from '@vscode/l10n';
import { bnb, BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { DADAPT_ADAM, PRODIGY } from '../../optimizers/packages';
import type { OptimizerNames, OptimizerRule, OptimizerWord } from '../../optimizers/word';
import type { Default } from '../shared/fields';

const OWN: OptimizerWord = {
  unknown: l10n.t("it is OneTrainer's own or a library's version, which LoRA Alpha has not measured."),
};

const ownRate: Default = {
  value: null,
  why: l10n.t`With relative_step, Adafactor sets its own learning rate. Set relative_step to false to use the one of the file.`,
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
        refused: l10n.t`without relative_step it gets both a learning rate and a relative step, and stops. Set relative_step.`,
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

/** Classes of bitsandbytes: `AdEMAMix_8BIT` is AdEMAMix8bit. */
const BNB = [
  ...['SGD8bit', 'Adam8bit', 'AdamW8bit', 'AdEMAMix', 'AdEMAMix8bit', 'Adagrad', 'Adagrad8bit', 'RMSprop'],
  ...['RMSprop8bit', 'LAMB', 'LAMB8bit', 'LARS', 'LARS8bit'],
].map((name): [string, OptimizerWord] => {
  const own = name.startsWith('AdEMAMix') ? name : name.toUpperCase();
  return [own.replace(/8bit$/i, '_8BIT'), BNB_CLASSES[`bitsandbytes.optim.${name}`] ?? OWN];
});

const UNMEASURED = [
  ...['PRODIGY_PLUS_SCHEDULE_FREE', 'ADAMW_ADV', 'ADOPT', 'ADOPT_ADV', 'LION_ADV', 'SIGNSGD_ADV', 'PRODIGY_ADV'],
  ...['CAME', 'CAME_8BIT', 'MUON', 'MUON_ADV', 'ADAMUON_ADV', 'ADABELIEF', 'TIGER', 'AIDA', 'YOGI'],
];

/**
 * `optimizer.optimizer` of OneTrainer; its arguments are in the same map.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/create.py: create_optimizer, 23df3832)
 */
export const ONETRAINER_NAMES: OptimizerNames = {
  SGD: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  ADAM: { row: 'adam', defaults: { weightDecay: 0 } },
  ADAMW: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  ...Object.fromEntries(BNB),
  LION: { row: 'lion', defaults: { betas: [0.9, 0.99], weightDecay: 0 } },
  LION_8BIT: { ...bnb('Lion8bit'), defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  SCHEDULE_FREE_ADAMW: { row: 'schedule-free-adamw', defaults: { weightDecay: 0.01 } },
  SCHEDULE_FREE_SGD: { row: 'schedule-free-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  DADAPT_ADA_GRAD: { row: 'dadapt-adagrad', defaults: { weightDecay: 0, eps: 0 } },
  DADAPT_ADAM: { ...DADAPT_ADAM, defaults: { weightDecay: 0 } },
  DADAPT_ADAN: { row: 'dadapt-adan', defaults: { weightDecay: 0.02 }, arguments: { beta3: 'beta3' } },
  DADAPT_LION: { row: 'dadapt-lion', defaults: { betas: [0.9, 0.999], weightDecay: 0 } },
  DADAPT_SGD: { row: 'dadapt-sgd', defaults: { momentum: 0, weightDecay: 0 } },
  PRODIGY: { ...PRODIGY, defaults: { weightDecay: 0 } },
  ADAFACTOR,
  ...Object.fromEntries(UNMEASURED.map((name) => [name, OWN])),
};
