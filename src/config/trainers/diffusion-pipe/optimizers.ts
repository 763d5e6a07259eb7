import * as l10n from '@vscode/l10n';
import { OPTIMI_ADAMW, OPTIMI_STABLE_ADAMW } from '../../optimizers/optimi';
import { PYTORCH_OPTIMIZER_CLASSES } from '../../optimizers/pytorch-optimizer';
import { withoutModules, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };

/** Of pytorch_optimizer, whose classes are named without their module; the name of one of them is taken. */
const CLASSES = withoutModules(
  Object.fromEntries(
    Object.entries(PYTORCH_OPTIMIZER_CLASSES).filter(
      ([name]) => name.startsWith('pytorch_optimizer.') && !name.endsWith('.StableAdamW'),
    ),
  ),
);

/**
 * `optimizer.type` of diffusion-pipe; the other keys of the table go to the class as they are.
 * @see https://github.com/tdrussell/diffusion-pipe (train.py: get_optimizer, 8f83dbf)
 */
export const DIFFUSION_PIPE_NAMES: OptimizerNames = {
  ...CLASSES,
  adamw: ADAMW,
  adamw8bit: { ...ADAMW, quantized: true },
  adamw_optimi: OPTIMI_ADAMW,
  stableadamw: OPTIMI_STABLE_ADAMW,
  sgd: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  adamw8bitkahan: { ...ADAMW, quantized: true },
  offload: ADAMW,
  automagic: { unknown: l10n.t("it is diffusion-pipe's own version of it, which LoRA Alpha has not measured.") },
  genericoptim: {
    unknown: l10n.t('it is put together from parts by its arguments, which LoRA Alpha has not measured.'),
  },
  Prodigy: {
    row: 'prodigy',
    defaults: { learningRate: 1, weightDecay: 0 },
    variants: [{ when: { weight_decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
  },
};
