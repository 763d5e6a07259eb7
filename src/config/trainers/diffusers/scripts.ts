import type { Library } from '../../init-code/library';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { under } from '../../syntax/table';

/**
 * diffusers' add_adapter makes PEFT layers; its models train no embeddings.
 * @see https://github.com/huggingface/diffusers/blob/main/src/diffusers/loaders/peft.py
 */
export const DIFFUSERS_LIBRARY: Library = {
  A: ['lora_A'],
  B: ['lora_B'],
  hasAdapters: true,
  arrays: 'torch',
};

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

/**
 * By the script's name after `train_`: how it differs from the others.
 * @see https://github.com/huggingface/diffusers (examples, 58eb52c0: the defaults of each script's add_argument)
 */
const SCRIPTS: Readonly<Record<string, Partial<TrainingScript>>> = {
  dreambooth_lora: { learningRate: 5e-4 },
  dreambooth_lora_sdxl: WITH_OPTIMIZER,
  dreambooth_lora_sd15_advanced: WITH_OPTIMIZER,
  dreambooth_lora_sdxl_advanced: WITH_OPTIMIZER,
  dreambooth_lora_sd3: WITH_OPTIMIZER,
  dreambooth_lora_lumina2: WITH_OPTIMIZER,
  dreambooth_lora_hidream: WITH_OPTIMIZER,
  text_to_image_lora: {},
  text_to_image_lora_sdxl: {},
  control_lora_flux: { learningRate: 5e-6, init: 'kaiming-uniform' },
  dreambooth_lora_flux: WITH_ALPHA,
  dreambooth_lora_flux_advanced: WITH_ALPHA,
  dreambooth_lora_flux_kontext: WITH_ALPHA,
  dreambooth_lora_flux2: WITH_ALPHA,
  dreambooth_lora_flux2_img2img: WITH_ALPHA,
  dreambooth_lora_flux2_klein: WITH_ALPHA,
  dreambooth_lora_flux2_klein_img2img: WITH_ALPHA,
  dreambooth_lora_qwen_image: WITH_ALPHA,
  dreambooth_lora_sana: WITH_ALPHA,
  dreambooth_lora_z_image: WITH_ALPHA,
  dreambooth_lora_ideogram4: WITH_ALPHA,
  dreambooth_lora_krea2: { ...WITH_OPTIMIZER, rank: 32, alpha: 32, learningRate: 3e-4 },
  cogvideox_lora: COGVIDEO,
  cogvideox_image_to_video_lora: COGVIDEO,
  lcm_distill_lora_sd_wds: LCM,
  lcm_distill_lora_sdxl_wds: LCM,
  lcm_distill_lora_sdxl: { ...LCM, learningRate: 1e-6 },
};

/** Flags of kohya's trainers, which forks of diffusers' scripts take over. */
const FOREIGN = ['network_alpha', 'network_dim'];

/** The script that a command runs, or null where it is none of these. */
export function scriptOf(root: MapNode): TrainingScript | null {
  const stem = /\btrain_(\w+)\.py\b/.exec(commandOf(root))?.[1] ?? '';
  const own = under(SCRIPTS, stem);
  // A fork with flags that no script of diffusers has reads the others in its own way.
  const isFork = FOREIGN.some((flag) => nodeAt(root, [flag]) !== null);
  return own && !isFork ? { ...USUAL, ...own, name: `train_${stem}.py` } : null;
}
