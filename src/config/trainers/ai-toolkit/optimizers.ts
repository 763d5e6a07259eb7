import * as l10n from '@vscode/l10n';
import { DADAPT_ADAM, PRODIGY } from '../../optimizers/packages';
import { FIRST_EPS } from '../../optimizers/torch';
import { narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';

/** ai-toolkit passes this eps itself. */
const withEps = (rule: OptimizerRule): OptimizerRule => ({ ...rule, fixed: { ...rule.fixed, eps: { value: 1e-6 } } });

/** bitsandbytes' kernel under Adam's name, with decoupled decay; ai-toolkit's own 8-bit Adam decouples it too. */
const ADAM_8BIT = withEps(narrow({ row: 'adamw', defaults: { weightDecay: 0 } }));
const LION: OptimizerRule = { row: 'lion', defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 } };
const EPS_OF_ADAFACTOR = { arguments: FIRST_EPS, pairs: { eps: [1e-30, 1e-3] } } as const;
const ADAFACTOR: OptimizerRule = {
  row: 'adafactor-hf',
  ...EPS_OF_ADAFACTOR,
  variants: [{ when: { scale_parameter: true }, is: { row: 'adafactor-hf-scale' } }],
};
const REFUSED = { refused: l10n.t('ai-toolkit builds DAdaptLion with an eps, which DAdaptLion refuses.') };

/**
 * `train.optimizer` of ai-toolkit; its arguments are in `train.optimizer_params`.
 * @see https://github.com/ostris/ai-toolkit (toolkit/optimizer.py, 27a03a91)
 */
export const AI_TOOLKIT_NAMES: OptimizerNames = {
  adam: withEps({ row: 'adam' }),
  adamw: withEps({ row: 'adamw' }),
  adam8: { ...ADAM_8BIT, variants: [{ when: { decouple: false }, decays: true, is: { row: 'adam' } }] },
  adamw8: ADAM_8BIT,
  adam8bit: ADAM_8BIT,
  adamw8bit: { ...ADAM_8BIT, defaults: { weightDecay: 0.01 } },
  ademamix8bit: withEps(narrow({ row: 'ademamix', defaults: { weightDecay: 0.01 } })),
  lion: LION,
  lion8bit: narrow(LION),
  adagrad: { row: 'adagrad', defaults: { eps: 1e-10 } },
  // The loop asks for the name as it is written (extensions_built_in/sd_trainer/SDTrainer.py).
  Adafactor: ADAFACTOR,
  adafactor: {
    ...ADAFACTOR,
    fixed: {
      maxGradNorm: {
        value: 0,
        why: l10n.t('ai-toolkit never clips gradients for `adafactor`, but does for `Adafactor`.'),
      },
    },
  },
  prodigy: withEps(PRODIGY),
  prodigy8bit: withEps(narrow(PRODIGY)),
  // A rate below 0.1 is taken for 1.
  dadaptation: withEps({ ...DADAPT_ADAM, defaults: {} }),
  dadaptationadam: REFUSED,
  dadaptationlion: REFUSED,
  automagic: { row: 'automagic', ...EPS_OF_ADAFACTOR },
  automagic2: { row: 'automagic' },
  automagic3: { row: 'automagic3' },
  automagicexperiment: {
    unknown: l10n.t('it is automagic3 with another denominator, which LoRA Alpha has not measured.'),
  },
};
