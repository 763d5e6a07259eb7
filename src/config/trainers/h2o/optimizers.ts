import * as l10n from '@vscode/l10n';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * `training.optimizer` of H2O LLM Studio; nothing but rate and decay is handed on.
 * @see https://github.com/h2oai/h2o-llmstudio (llm_studio/src/optimizers.py)
 */
export const H2O_NAMES: OptimizerNames = {
  Adam: { row: 'adam' },
  AdamW: { row: 'adamw' },
  SGD: {
    row: 'sgd',
    fixed: {
      momentum: { value: 0.9 },
      nesterov: { value: true, why: l10n.t("H2O LLM Studio builds SGD with Nesterov's momentum.") },
    },
  },
  RMSprop: {
    row: 'rmsprop',
    defaults: { eps: 1e-8 },
    options: { smoothing: 0.9 },
    fixed: { momentum: { value: 0.9 } },
  },
  Adadelta: { row: 'adadelta', defaults: { eps: 1e-6 } },
  // It is bitsandbytes' Adam8bit; Adam and AdamW are one kernel there, with decoupled decay.
  AdamW8bit: { row: 'adamw', quantized: true },
};
