import { aiToolkit } from './ai-toolkit';
import { automodel } from './automodel';
import { axolotl } from './axolotl';
import { chatglm3 } from './chatglm3';
import { h2o } from './h2o';
import { diffusers } from './diffusers';
import { generic } from './generic';
import { diffusionPipe } from './diffusion-pipe';
import { fluxGym } from './fluxgym';
import { kohya } from './kohya';
import { kohyaGui } from './kohya-gui';
import { litgpt } from './litgpt';
import { llamafactory } from './llamafactory';
import { ludwig } from './ludwig';
import { mlxLm } from './mlx-lm';
import { msSwift } from './ms-swift';
import { loralib } from './loralib';
import { musubi } from './musubi';
import { nemo } from './nemo';
import { openrlhf } from './openrlhf';
import { oneTrainer } from './onetrainer';
import { peft } from './peft';
import { primeRl } from './prime-rl';
import { simpleTuner } from './simpletuner';
import { optuna, wandb } from './sweeps';
import { torchtune } from './torchtune';
import type { Trainer } from './trainer';
import { unsloth } from './unsloth';
import { trl } from './trl';
import { verl } from './verl';
import { xtuner } from './xtuner';

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
