import { type Library } from '../../init-code/library';
import type { Key } from '../shared/fields';
import { keys } from '../shared/keys';
import { under } from '../../syntax/table';

/**
 * NeMo and Megatron-Bridge: the adapter's two linear layers.
 * @see https://github.com/NVIDIA/NeMo/blob/main/nemo/collections/nlp/modules/common/megatron/adapters/parallel_adapters.py
 */
export const MEGATRON_LIBRARY: Library = {
  A: ['linear_in'],
  B: ['linear_out'],
  arrays: 'torch',
};

/** Words of NeMo, Megatron-Bridge and Automodel for the init of A; a word that is not known stays as it is. */
const INITS: Readonly<Record<string, string>> = {
  xavier: 'xavier-normal',
  normal: 'normal',
  kaiming: 'kaiming-uniform',
};

/**
 * Our name of an init of A.
 * @see https://github.com/NVIDIA/NeMo (nlp/modules/common/megatron/adapters/parallel_adapters.py: _get_init_fn, 8cfedd72)
 */
export const initOfA: NonNullable<Key['read']> = (value) => under(INITS, String(value)) ?? String(value);

/** B at anything but zero is an init that is not known here, and is called by its own word. */
export const initOfB: NonNullable<Key['read']> = (value) => (value === 'zero' ? undefined : `${String(value)} B`);

/** Keys of the LoRA of Megatron-Bridge and of NeMo 2 (nemo/collections/llm/peft/lora.py: LoRA, 8cfedd72). */
export const BRIDGE_LORA = keys(`
  _target_ a2a_experimental adapter_path alpha dim dropout dropout_position dropout_recompute dtype exclude_modules
  lora_A_init_method lora_B_init_method lora_dtype merge rank target_modules type
`);
