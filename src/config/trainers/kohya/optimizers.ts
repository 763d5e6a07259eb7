import * as l10n from '@vscode/l10n';
import { bnb, BNB_CLASSES, BNB_SGD } from '../../optimizers/bitsandbytes';
import { ADAFACTOR, DADAPT_ADAM_PREPRINT, DADAPTATION_CLASSES, LION, PRODIGY } from '../../optimizers/packages';
import { PYTORCH_OPTIMIZER_CLASSES, SCHEDULE_FREE_CLASSES } from '../../optimizers/packages';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { allAre, narrow, withoutModules, wordOf } from '../../optimizers/word';
import type { OptimizerNames, OptimizerRule, OptimizerWord } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };

const refusedAs = (why: string): OptimizerWord => ({ refused: why });
const inTorch = (name: string): OptimizerWord =>
  refusedAs(l10n.t`sd-scripts looks for it in torch.optim, which has none; write ${`bitsandbytes.optim.${name}`}.`);
const byPath = (name: string): OptimizerWord =>
  refusedAs(l10n.t`sd-scripts reads a name that starts with dadapt as one of its own, and stops; write ${name}.`);

/** Names that sd-scripts knows itself. */
const OWN: OptimizerNames = {
  ...allAre(ADAMW, 'AdamW PagedAdamW PagedAdamW32bit'),
  ...allAre(narrow(ADAMW), 'AdamW8bit PagedAdamW8bit'),
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
  ...{ AdEMAMix8bit: inTorch('AdEMAMix8bit'), PagedAdEMAMix8bit: inTorch('PagedAdEMAMix8bit') },
};

/** Every path that begins with dadapt counts as one of sd-scripts' own names, and is none. */
const DADAPT_PATHS = Object.fromEntries(
  Object.keys(OWN)
    .filter((name) => name.startsWith('DAdapt'))
    .map((name) => [`dadaptation.${name}`, byPath(name)]),
);

const PATHS: OptimizerNames = { ...TORCH_CLASSES, ...BNB_CLASSES, ...TORCHAO_CLASSES, ...PYTORCH_OPTIMIZER_CLASSES };

/** Any name but their own is looked up in torch.optim: `RMSprop` is torch.optim.RMSprop. */
const torchBare = (own: OptimizerNames): OptimizerNames =>
  Object.fromEntries(Object.entries(withoutModules(TORCH_CLASSES)).filter(([name]) => wordOf(own, name) === undefined));

/**
 * `optimizer_type` of sd-scripts: its own names, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/sd-scripts (library/train_util.py: get_optimizer, 48d368fa)
 */
export const KOHYA_NAMES: OptimizerNames = { ...OWN, ...torchBare(OWN), ...DADAPT_PATHS, ...PATHS };

/** musubi-tuner's own three names. */
const MUSUBI: OptimizerNames = { AdamW: ADAMW, AdamW8bit: narrow(ADAMW), AdaFactor: ADAFACTOR };

/**
 * `optimizer_type` of musubi-tuner: one of its own, a name in torch.optim, or the path of any class.
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/training/trainer_base.py: get_optimizer, 30c658c)
 */
export const MUSUBI_NAMES: OptimizerNames = { ...MUSUBI, ...torchBare(MUSUBI), ...PATHS };
