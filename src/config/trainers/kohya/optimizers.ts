import * as l10n from '@vscode/l10n';
import { bnb, BNB_CLASSES, BNB_SGD } from '../../optimizers/bitsandbytes';
import {
  ADAFACTOR,
  DADAPT_ADAM_PREPRINT,
  DADAPTATION_CLASSES,
  LION,
  PRODIGY,
  PYTORCH_OPTIMIZER_CLASSES,
  SCHEDULE_FREE_CLASSES,
} from '../../optimizers/packages';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { narrow, wordOf, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };

/** Names that sd-scripts knows itself. */
const OWN: OptimizerNames = {
  AdamW: ADAMW,
  AdamW8bit: narrow(ADAMW),
  PagedAdamW: ADAMW,
  PagedAdamW8bit: narrow(ADAMW),
  PagedAdamW32bit: ADAMW,
  Lion: LION,
  Lion8bit: bnb('Lion8bit'),
  PagedLion8bit: bnb('PagedLion8bit'),
  // Momentum defaults to 0.9; the 8-bit class has no Nesterov momentum.
  SGDNesterov: { row: 'sgd', defaults: { momentum: 0.9, nesterov: true, weightDecay: 0 } },
  SGDNesterov8bit: narrow({ ...BNB_SGD, defaults: { momentum: 0.9, weightDecay: 0 } }),
  AdaFactor: ADAFACTOR,
  Prodigy: PRODIGY,
  DAdaptation: DADAPT_ADAM_PREPRINT,
  ...DADAPTATION_CLASSES,
  ...SCHEDULE_FREE_CLASSES,
  ...Object.fromEntries(
    ['AdEMAMix8bit', 'PagedAdEMAMix8bit'].map((name) => [
      name,
      {
        refused: l10n.t`sd-scripts looks for it in torch.optim, which has none; write ${`bitsandbytes.optim.${name}`}.`,
      },
    ]),
  ),
};

/** Every path that begins with dadapt counts as one of sd-scripts' own names, and is none. */
const DADAPT_PATHS: OptimizerNames = Object.fromEntries(
  Object.keys(OWN)
    .filter((name) => name.startsWith('DAdapt'))
    .map((name) => [
      `dadaptation.${name}`,
      { refused: l10n.t`sd-scripts reads a name that starts with dadapt as one of its own, and stops; write ${name}.` },
    ]),
);

/** Any other name is looked up in torch.optim: `RMSprop` is torch.optim.RMSprop. */
const TORCH_BARE: OptimizerNames = Object.fromEntries(
  Object.entries(TORCH_CLASSES)
    .map(([path, word]) => [path.slice('torch.optim.'.length), word] as const)
    .filter(([name]) => wordOf(OWN, name) === undefined),
);

/**
 * `optimizer_type` of sd-scripts: its own names, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_optimizer, 48d368fa)
 */
export const KOHYA_NAMES: OptimizerNames = {
  ...OWN,
  ...TORCH_BARE,
  ...DADAPT_PATHS,
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  ...PYTORCH_OPTIMIZER_CLASSES,
};

/**
 * `optimizer_type` of musubi-tuner: one of its own three names, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/trainer_base.py: get_optimizer, 30c658c)
 */
export const MUSUBI_NAMES: OptimizerNames = {
  AdamW: ADAMW,
  AdamW8bit: narrow(ADAMW),
  AdaFactor: ADAFACTOR,
  ...without(TORCH_BARE, ['AdamW', 'Adafactor']),
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  ...PYTORCH_OPTIMIZER_CLASSES,
};

function without(names: OptimizerNames, others: readonly string[]): OptimizerNames {
  return Object.fromEntries(Object.entries(names).filter(([name]) => !others.includes(name)));
}
