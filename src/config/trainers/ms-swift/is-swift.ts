import { hasSpread, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { calleeIs } from '../python/tree';
import { key, type Key } from '../shared/fields';

/** Keys of the training group in configs for Ray, which override the top level (swift/ray: merge_group_dict). */
const GROUP = 'train';
export const grouped = (name: string): readonly Key[] => [key(`${GROUP}.${name}`), key(name)];

const TUNERS = ['tuner_type', 'train_type', 'sft_type'] as const;

export const tunerOf = (root: MapNode): unknown =>
  TUNERS.flatMap(grouped)
    .map(({ path }) => scalarAt(root, path))
    .find((value) => value !== undefined);

export const says = (root: MapNode, ...names: string[]): boolean =>
  names.flatMap(grouped).some(({ path }) => nodeAt(root, path) !== null);

/**
 * The arguments that a script passes to `sft_main` or `rlhf_main`.
 * @see https://github.com/modelscope/ms-swift (swift/arguments/sft_args.py, rlhf_args.py; TrainArguments before 4.0)
 */
export const ARGUMENTS = /(?:^|\.)(?:Sft|Train|RLHF)Arguments$/;

/**
 * Whether a call that names no tuner trains LoRA: of ms-swift's own class, as other programs have a TrainArguments too, and
 * either with nothing said elsewhere, which may be the tuner, or with LoRA's own numbers.
 */
const isLoraCall = (root: MapNode): boolean =>
  calleeIs(root, /^swift\./) &&
  (!(hasSpread(root) || says(root, 'load_args', ...TUNERS)) || says(root, 'lora_rank', 'lora_alpha'));

/** Only Megatron's arguments have these (swift/megatron/arguments/megatron_args.py). */
export const isMegatron = (root: MapNode): boolean =>
  says(root, 'lr', 'micro_batch_size', 'tensor_model_parallel_size', 'lr_warmup_fraction', 'train_iters', 'min_lr');

export function isSwift(root: MapNode): boolean {
  const tuner = tunerOf(root);
  if (tuner !== undefined) return tuner === 'lora' || tuner === 'lora_llm';
  // swift sft trains LoRA by default; Megatron trains all weights.
  if (calleeIs(root, ARGUMENTS)) return isLoraCall(root);
  const isOurs = says(root, 'model') && says(root, 'dataset') && says(root, 'lora_rank', 'lora_alpha');
  return isOurs && !says(root, 'stage', 'finetuning_type', 'model_name_or_path') && !isMegatron(root);
}
