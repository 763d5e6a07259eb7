import * as l10n from '@vscode/l10n';
import type { Library } from '../../init-code/divide';
import { allAre, type OptimizerNames } from '../../optimizers/word';
import { under } from '../../syntax/table';
import { field, key, type Default, type Key, type Source } from '../shared/fields';

/**
 * NeMo and Megatron-Bridge: the adapter's two linear layers.
 * @see https://github.com/NVIDIA/NeMo/blob/main/nemo/collections/nlp/modules/common/megatron/adapters/parallel_adapters.py
 */
export const MEGATRON_LIBRARY: Library = { A: ['linear_in'], B: ['linear_out'] };

/** Words of NeMo, Megatron-Bridge and Automodel for the init of A; other words stay as they are. */
const INITS: Readonly<Record<string, string>> = { xavier: 'xavier-normal', kaiming: 'kaiming-uniform' };

/** Our name of an init of A (nlp/modules/common/megatron/adapters/parallel_adapters.py: _get_init_fn, 8cfedd72). */
const initOfA: NonNullable<Key['read']> = (value) => under(INITS, String(value)) ?? String(value);

/** B at anything but zero is an init that is not known here, and is called by its own word. */
const initOfB: NonNullable<Key['read']> = (value) => (value === 'zero' ? undefined : `${String(value)} B`);

/** The init of both factors, in a map of Megatron-Bridge's LoRA. */
export const bridgeInit = (at: string, who?: string): Source =>
  field([key(`${at}.lora_B_init_method`, initOfB), key(`${at}.lora_A_init_method`, initOfA)], 'xavier-normal', who);

/** Keys of the LoRA of Megatron-Bridge and NeMo 2, but for its dtype (nemo/collections/llm/peft/lora.py: LoRA, 8cfedd72). */
export const BRIDGE_LORA = '_target_ a2a_experimental dropout_position dropout_recompute exclude_modules';

export const MEGATRON_ADAM: Default = { value: 'adam', inWords: l10n.t("Megatron's Adam with decoupled weight decay") };

/**
 * Megatron-Core's own words. Its Adam decouples the weight decay by default.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py: decoupled_weight_decay)
 */
export const MEGATRON_NAMES: OptimizerNames = {
  adam: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  sgd: { row: 'sgd', defaults: { momentum: 0.9 } },
  ...allAre(
    { unknown: l10n.t('Megatron trains matrices with Muon and the rest with Adam, each with its own learning rate.') },
    'muon dist_muon',
  ),
};

/**
 * Megatron-Core's OptimizerConfig, but for a second rate, a threshold on the gradient's norm, coupled decay, and dtypes.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py)
 */
export const MEGATRON_OPTIMIZER = `_target_ bf16 fp8_recipe optimizer_cpu_offload optimizer_offload_fraction
  overlap_cpu_optimizer_d2h_h2d overlap_param_gather store_param_remainders timers use_distributed_optimizer
  use_precision_aware_optimizer`;
