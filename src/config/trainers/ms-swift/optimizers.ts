import * as l10n from '@vscode/l10n';
import { HF_NAMES } from '../hugging-face/optimizers';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * `optim` of ms-swift is Hugging Face's; its own key `optimizer` overrides it.
 * @see https://github.com/modelscope/ms-swift (swift/optimizers/mapping.py)
 */
export const SWIFT_NAMES: OptimizerNames = {
  ...HF_NAMES,
  galore: {
    unknown: l10n.t(
      "ms-swift's own GaLore projects weights of the whole model; LoRA Alpha has not measured it with LoRA.",
    ),
  },
  muon: {
    unknown: l10n.t(
      "it is Moonlight's Muon, whose step ms-swift fetches from another repository; LoRA Alpha has not measured it.",
    ),
  },
  muonclip: { unknown: l10n.t("it is ms-swift's own MuonClip, which LoRA Alpha has not measured.") },
};

/**
 * `optimizer` of Megatron: Adam with decoupled weight decay, whatever its name.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/__init__.py: _get_megatron_optimizer_based_on_param_groups)
 */
export const SWIFT_MEGATRON_NAMES: OptimizerNames = {
  adam: { row: 'adamw' },
  sgd: { row: 'sgd' },
  muon: { unknown: l10n.t("LoRA Alpha has not measured Megatron's Muon.") },
  dist_muon: { unknown: l10n.t("LoRA Alpha has not measured Megatron's Muon.") },
};
