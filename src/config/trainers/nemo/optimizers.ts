import * as l10n from '@vscode/l10n';
import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';

/** Apex's FusedAdam decouples the weight decay by default (adam_w_mode). */
const FUSED_ADAM: OptimizerRule = {
  row: 'adamw',
  defaults: { weightDecay: 0 },
  variants: [{ when: { adam_w_mode: false }, is: { row: 'adam' } }],
};

/**
 * `model.optim.name` of NeMo.
 * @see https://github.com/NVIDIA/NeMo (nemo/core/optim/optimizers.py, nemo/core/config/optimizers.py, 8cfedd72)
 */
export const NEMO_NAMES: OptimizerNames = {
  fused_adam: FUSED_ADAM,
  megatron_fused_adam: FUSED_ADAM,
  distributed_fused_adam: FUSED_ADAM,
  mcore_distributed_optim: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  adam: { row: 'adam', defaults: { weightDecay: 0 } },
  adamw: { row: 'adamw', defaults: { weightDecay: 0 } },
  adamax: { row: 'adamax', defaults: { weightDecay: 0 } },
  adadelta: { row: 'adadelta', defaults: { weightDecay: 0, eps: 1e-6 } },
  adagrad: { row: 'adagrad', defaults: { weightDecay: 0, eps: 1e-10 } },
  rmsprop: { row: 'rmsprop', defaults: { weightDecay: 0, eps: 1e-8 } },
  sgd: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  rprop: { unknown: l10n.t('NeMo passes its own step sizes, which LoRA Alpha does not follow.') },
  novograd: { unknown: l10n.t('it keeps one second moment a layer, and no rule for it is part of this version.') },
  adafactor: { unknown: l10n.t('NeMo has its own Adafactor, a rule that LoRA Alpha does not know.') },
  adan: { unknown: l10n.t('NeMo has its own Adan, a rule that LoRA Alpha does not know.') },
  lamb: { unknown: l10n.t("Apex's FusedLAMB clips the gradient itself, and its rule is not part of this version.") },
};
