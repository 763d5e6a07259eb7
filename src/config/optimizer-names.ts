import { AI_TOOLKIT_NAMES } from './trainers/ai-toolkit/optimizers';
import { AUTOMODEL_NAMES } from './trainers/automodel/optimizers';
import { AXOLOTL_NAMES } from './trainers/axolotl/optimizers';
import { H2O_NAMES } from './trainers/h2o/optimizers';
import { DIFFUSION_PIPE_NAMES } from './trainers/diffusion-pipe/optimizers';
import { DIFFUSERS_NAMES } from './trainers/diffusers/optimizers';
import { HF_NAMES } from './trainers/hugging-face/optimizers';
import { KOHYA_NAMES } from './trainers/kohya/optimizers';
import { LLAMAFACTORY_NAMES, LLAMAFACTORY_V1_NAMES } from './trainers/llamafactory/optimizers';
import { LITGPT_NAMES } from './trainers/litgpt/optimizers';
import { LUDWIG_NAMES } from './trainers/ludwig/optimizers';
import { MLX_NAMES } from './trainers/mlx-lm/optimizers';
import { SWIFT_MEGATRON_NAMES, SWIFT_NAMES } from './trainers/ms-swift/optimizers';
import { NEMO_NAMES } from './trainers/nemo/optimizers';
import { ONETRAINER_NAMES } from './trainers/onetrainer/optimizers';
import { OPENRLHF_NAMES } from './trainers/openrlhf/optimizers';
import { PEFT_NAMES } from './trainers/peft/optimizers';
import { PRIME_RL_NAMES } from './trainers/prime-rl/optimizers';
import { SCRIPT_NAMES } from './trainers/python/optimizers';
import { SIMPLETUNER_NAMES } from './trainers/simpletuner/optimizers';
import { TORCHTUNE_NAMES } from './trainers/torchtune/optimizers';
import { MEGATRON_NAMES, VERL_NAMES } from './trainers/verl/optimizers';
import { isNoRule, reasonOf, type OptimizerNames, type OptimizerWord } from './optimizers/word';

/** One name of one trainer, and what it stands for. */
export interface OptimizerName {
  trainer: string;
  name: string;
  /** The rows it can stand for, that without any arguments first; empty where there is none. */
  rows: readonly string[];
  /** Why there is no row (for some arguments, where there are rows), as sentences. */
  reasons: readonly string[];
}

/** The names each trainer has of its own; Axolotl and LLaMA-Factory take those of Hugging Face's Trainer besides. */
const FAMILIES: readonly (readonly [trainer: string, names: OptimizerNames])[] = [
  ['Hugging Face Trainer', HF_NAMES],
  ['Axolotl', without(AXOLOTL_NAMES, HF_NAMES)],
  ['LLaMA-Factory', without(LLAMAFACTORY_NAMES, HF_NAMES)],
  ['LLaMA-Factory v1', LLAMAFACTORY_V1_NAMES],
  ['torchtune', TORCHTUNE_NAMES],
  ['kohya sd-scripts', KOHYA_NAMES],
  ['ai-toolkit', AI_TOOLKIT_NAMES],
  ['diffusion-pipe', DIFFUSION_PIPE_NAMES],
  ['OneTrainer', ONETRAINER_NAMES],
  ['SimpleTuner', SIMPLETUNER_NAMES],
  ['diffusers', DIFFUSERS_NAMES],
  ['OpenRLHF', OPENRLHF_NAMES],
  ['PEFT', PEFT_NAMES],
  ['Python script', without(SCRIPT_NAMES, TORCHTUNE_NAMES)],
  ['ms-swift', without(SWIFT_NAMES, HF_NAMES)],
  ['ms-swift with Megatron', SWIFT_MEGATRON_NAMES],
  ['litgpt', without(LITGPT_NAMES, TORCHTUNE_NAMES)],
  ['mlx-lm', MLX_NAMES],
  ['Ludwig', LUDWIG_NAMES],
  ['H2O LLM Studio', H2O_NAMES],
  ['NeMo', NEMO_NAMES],
  ['Megatron-Core (NeMo 2, verl)', MEGATRON_NAMES],
  ['NeMo Automodel', without(AUTOMODEL_NAMES, TORCHTUNE_NAMES)],
  ['verl', VERL_NAMES],
  ['prime-rl', PRIME_RL_NAMES],
];

/** Every optimizer name that a trainer is known to take, in the order in which the trainers are documented. */
export function optimizerNames(): OptimizerName[] {
  return FAMILIES.flatMap(([trainer, names]) =>
    Object.entries(names).map(([name, word]) => ({ trainer, name, ...meaningOf(name, word) })),
  );
}

function meaningOf(name: string, word: OptimizerWord): Pick<OptimizerName, 'rows' | 'reasons'> {
  const reason = reasonOf(name, word);
  if (isNoRule(word)) return { rows: [], reasons: reason === null ? [] : [reason] };
  const variants = word.variants ?? [];
  const rows = variants.flatMap(({ is }) => (isNoRule(is) || is.row === undefined ? [] : [is.row]));
  const reasons = variants.flatMap(({ is }) => (isNoRule(is) ? [reasonOf(name, is) ?? ''] : []));
  return { rows: [...new Set([word.row, ...rows])], reasons: [...new Set(reasons)] };
}

function without(names: OptimizerNames, others: OptimizerNames): OptimizerNames {
  return Object.fromEntries(Object.entries(names).filter(([name]) => !(name in others)));
}
