import * as l10n from '@vscode/l10n';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * `--optim` of OpenRLHF: `adam` is DeepSpeed's FusedAdam with decoupled decay.
 * @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/utils/deepspeed, 3c3be623)
 */
export const OPENRLHF_NAMES: OptimizerNames = {
  adam: { row: 'adamw' },
  muon: {
    unknown: l10n.t("DeepSpeed's Muon moves the factors by their singular vectors; no rule is known for LoRA with it."),
  },
};
