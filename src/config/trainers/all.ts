import { aiToolkit } from './ai-toolkit/index';
import { automodel } from './automodel/index';
import { axolotl } from './axolotl/index';
import { chatglm3 } from './chatglm3/index';
import { h2o } from './h2o/index';
import { diffusers } from './diffusers/index';
import { generic } from './generic/index';
import { diffusionPipe } from './diffusion-pipe/index';
import { fluxGym } from './kohya/fluxgym';
import { kohya } from './kohya/index';
import { kohyaGui } from './kohya/gui';
import { litgpt } from './litgpt/index';
import { llamafactory } from './llamafactory/index';
import { ludwig } from './ludwig/index';
import { mlxLm } from './mlx-lm/index';
import { msSwift } from './ms-swift/index';
import { loralib } from './loralib/index';
import { musubi } from './kohya/musubi';
import { nemo } from './nemo/index';
import { openrlhf } from './openrlhf/index';
import { oneTrainer } from './onetrainer/index';
import { peft } from './peft/index';
import { primeRl } from './prime-rl/index';
import { simpleTuner } from './simpletuner/index';
import { optuna, wandb } from './sweep/index';
import { torchtune } from './torchtune/index';
import type { Trainer } from './trainer';
import { unsloth } from './unsloth/index';
import { trl } from './trl/index';
import { verl } from './verl/index';
import { xtuner } from './xtuner/index';

/** Every trainer whose configs are read, in the order in which they are tried. Adding one is one file and one line here. */
export const TRAINERS: readonly Trainer[] = [
  // Its configs have a peft_type too.
  oneTrainer,
  unsloth,
  trl,
  xtuner,
  loralib,
  peft,
  // Before Axolotl, which has `adapter: lora` and base_model too.
  ludwig,
  axolotl,
  torchtune,
  llamafactory,
  musubi,
  fluxGym,
  kohya,
  kohyaGui,
  msSwift,
  litgpt,
  mlxLm,
  h2o,
  aiToolkit,
  diffusionPipe,
  simpleTuner,
  nemo,
  automodel,
  verl,
  primeRl,
  chatglm3,
  diffusers,
  openrlhf,
  wandb,
  optuna,
  // Where no trainer is known: after all others.
  generic,
];
