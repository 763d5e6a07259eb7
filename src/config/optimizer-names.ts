import { AI_TOOLKIT_NAMES } from './optimizers/ai-toolkit';
import { AUTOMODEL_NAMES } from './optimizers/automodel';
import { AXOLOTL_NAMES } from './optimizers/axolotl';
import { H2O_NAMES } from './optimizers/h2o';
import { DIFFUSION_PIPE_NAMES } from './optimizers/diffusion-pipe';
import { DIFFUSERS_NAMES } from './optimizers/diffusers';
import { HF_NAMES } from './optimizers/hugging-face';
import { KOHYA_NAMES } from './optimizers/kohya';
import { LLAMAFACTORY_NAMES, LLAMAFACTORY_V1_NAMES } from './optimizers/llamafactory';
import { LITGPT_NAMES } from './optimizers/litgpt';
import { LUDWIG_NAMES } from './optimizers/ludwig';
import { MLX_NAMES } from './optimizers/mlx';
import { SWIFT_MEGATRON_NAMES, SWIFT_NAMES } from './optimizers/ms-swift';
import { NEMO_NAMES } from './optimizers/nemo';
import { ONETRAINER_NAMES } from './optimizers/onetrainer';
import { OPENRLHF_NAMES } from './optimizers/openrlhf';
import { PEFT_NAMES } from './optimizers/peft';
import { PRIME_RL_NAMES } from './optimizers/prime-rl';
import { SCRIPT_NAMES } from './optimizers/script';
import { SIMPLETUNER_NAMES } from './optimizers/simpletuner';
import { TORCHTUNE_NAMES } from './optimizers/torchtune';
import { MEGATRON_NAMES, VERL_NAMES } from './optimizers/verl';
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
