import { nodeAt, scalarAt, type MapNode } from '../syntax/tree';
import { key, type Key } from './trainer';

/** Keys of the group that trains, in configs for Ray; what stands there beats the top level (swift/ray: merge_group_dict). */
const GROUP = 'train';
export const grouped = (name: string): readonly Key[] => [key(`${GROUP}.${name}`), key(name)];

export const tunerOf = (root: MapNode): unknown =>
  ['tuner_type', 'train_type', 'sft_type']
    .flatMap(grouped)
    .map(({ path }) => scalarAt(root, path))
    .find((value) => value !== undefined);

export const says = (root: MapNode, ...names: string[]): boolean =>
  names.flatMap(grouped).some(({ path }) => nodeAt(root, path) !== null);

/** Only Megatron's arguments have these (swift/megatron/arguments/megatron_args.py). */
export const isMegatron = (root: MapNode): boolean =>
  says(root, 'lr', 'micro_batch_size', 'tensor_model_parallel_size', 'lr_warmup_fraction', 'train_iters', 'min_lr');

export function isSwift(root: MapNode): boolean {
  const tuner = tunerOf(root);
  if (tuner !== undefined) return tuner === 'lora' || tuner === 'lora_llm';
  // LoRA is what swift sft does when nobody says; Megatron trains all weights.
  const isOurs = says(root, 'model') && says(root, 'dataset') && says(root, 'lora_rank', 'lora_alpha');
  return isOurs && !says(root, 'stage', 'finetuning_type', 'model_name_or_path') && !isMegatron(root);
}
