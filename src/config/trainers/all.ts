import { aiToolkit } from './ai-toolkit/index';
import { automodel } from './automodel/index';
import { axolotl } from './axolotl/index';
import { diffusers } from './diffusers/index';
import { diffusionPipe } from './diffusion-pipe/index';
import { generic } from './generic/index';
import { h2o } from './h2o/index';
import { kohyaGui } from './kohya/gui';
import { fluxGym, kohya, musubi } from './kohya/index';
import { litgpt } from './litgpt/index';
import { llamafactory } from './llamafactory/index';
import { loralib } from './loralib/index';
import { ludwig } from './ludwig/index';
import { mlxLm } from './mlx-lm/index';
import { msSwift } from './ms-swift/index';
import { nemo } from './nemo/index';
import { oneTrainer } from './onetrainer/index';
import { openrlhf } from './openrlhf/index';
import { peft } from './peft/index';
import { primeRl } from './prime-rl/index';
import { simpleTuner } from './simpletuner/index';
import { torchtune } from './torchtune/index';
import type { Trainer } from './trainer';
import { trl } from './trl/index';
import { unsloth } from './unsloth/index';
import { verl } from './verl/index';
import { xtuner } from './xtuner/index';

/**
 * Every trainer whose configs are read, in any order. To add one: its folder, one line here, and a word that
 * src/config/hint.ts matches; every-trainer.test.ts names what is missing.
 */
export const TRAINERS: readonly Trainer[] = [
  aiToolkit,
  automodel,
  axolotl,
  diffusers,
  diffusionPipe,
  fluxGym,
  generic,
  h2o,
  kohya,
  kohyaGui,
  litgpt,
  llamafactory,
  loralib,
  ludwig,
  mlxLm,
  msSwift,
  musubi,
  nemo,
  oneTrainer,
  openrlhf,
  peft,
  primeRl,
  simpleTuner,
  torchtune,
  trl,
  unsloth,
  verl,
  xtuner,
];
