import type { Library } from '../../init-code/library';
import type { MapNode } from '../../syntax/tree';
import { commandOf } from '../shared/command';
import { has } from '../shared/fields';
import { under } from '../../syntax/table';

/**
 * diffusers' add_adapter makes PEFT layers; its models train no embeddings.
 * @see https://github.com/huggingface/diffusers/blob/main/src/diffusers/loaders/peft.py
 */
export const DIFFUSERS_LIBRARY: Library = { A: ['lora_A'], B: ['lora_B'], hasAdapters: true, arrays: 'torch' };

/** The defaults of one of diffusers' training scripts. */
export interface TrainingScript {
  name: string;
  /** Its flag for the rank. */
  rankFlag: 'rank' | 'lora_rank';
  rank: number;
  /** The default of `--lora_alpha`, whatever the rank; null where the script has no such flag and takes the rank. */
  alpha: number | null;
  learningRate: number;
  weightDecay: number;
  beta2: number;
  optimizer: 'AdamW' | 'Adam';
  init: 'gaussian' | 'kaiming-uniform';
}

const USUAL: Omit<TrainingScript, 'name'> = {
  rankFlag: 'rank',
  rank: 4,
  alpha: null,
  learningRate: 1e-4,
  weightDecay: 1e-2,
  beta2: 0.999,
  optimizer: 'AdamW',
  init: 'gaussian',
};

/** Scripts that choose their optimizer by a flag have less decay. */
const WITH_OPTIMIZER: Partial<TrainingScript> = { weightDecay: 1e-4 };
const WITH_ALPHA: Partial<TrainingScript> = { ...WITH_OPTIMIZER, alpha: 4 };
const COGVIDEO: Partial<TrainingScript> = {
  ...WITH_OPTIMIZER,
  rank: 128,
  alpha: 128,
  beta2: 0.95,
  optimizer: 'Adam',
  init: 'kaiming-uniform',
};
const LCM: Partial<TrainingScript> = { rankFlag: 'lora_rank', rank: 64, alpha: 64, init: 'kaiming-uniform' };

const each = <T>(start: string, ends: readonly string[], script: T): Record<string, T> =>
  Object.fromEntries(ends.map((end) => [start + end, script]));

/**
 * By the script's name after `train_`: how it differs from the others.
 * @see https://github.com/huggingface/diffusers (examples, 58eb52c0: the defaults of each script's add_argument)
 */
const SCRIPTS: Readonly<Record<string, Partial<TrainingScript>>> = {
  dreambooth_lora: { learningRate: 5e-4 },
  text_to_image_lora: {},
  text_to_image_lora_sdxl: {},
  control_lora_flux: { learningRate: 5e-6, init: 'kaiming-uniform' },
  ...each('dreambooth_lora_', ['sdxl', 'sd15_advanced', 'sdxl_advanced', 'sd3', 'lumina2', 'hidream'], WITH_OPTIMIZER),
  ...each('dreambooth_lora_flux', ['', '_advanced', '_kontext', '2', '2_img2img', '2_klein'], WITH_ALPHA),
  ...each('dreambooth_lora_', ['flux2_klein_img2img', 'qwen_image', 'sana', 'z_image', 'ideogram4'], WITH_ALPHA),
  dreambooth_lora_krea2: { ...WITH_OPTIMIZER, rank: 32, alpha: 32, learningRate: 3e-4 },
  ...each('cogvideox_', ['lora', 'image_to_video_lora'], COGVIDEO),
  ...each('lcm_distill_lora_', ['sd_wds', 'sdxl_wds'], LCM),
  lcm_distill_lora_sdxl: { ...LCM, learningRate: 1e-6 },
};

/** Flags of kohya's trainers, which forks of diffusers' scripts take over. */
const FOREIGN = ['network_alpha', 'network_dim'];

/** The script that a command runs, or null where it is none of these. */
export function scriptOf(root: MapNode): TrainingScript | null {
  const stem = /\btrain_(\w+)\.py\b/.exec(commandOf(root))?.[1] ?? '';
  const own = under(SCRIPTS, stem);
  // A fork with flags that no script of diffusers has reads the others in its own way.
  const isFork = FOREIGN.some((flag) => has(root, flag));
  return own && !isFork ? { ...USUAL, ...own, name: `train_${stem}.py` } : null;
}
