import type { Key } from '../shared/fields';
import { under } from '../../syntax/table';

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
