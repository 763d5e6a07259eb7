import { automodel } from './automodel';
import { axolotl } from './axolotl';
import { chatglm3 } from './chatglm3';
import { kohya } from './kohya';
import { kohyaGui } from './kohya-gui';
import { llamafactory } from './llamafactory';
import { musubi } from './musubi';
import { nemo } from './nemo';
import { peft } from './peft';
import { primeRl } from './prime-rl';
import { torchtune } from './torchtune';
import type { Trainer } from './trainer';
import { unsloth } from './unsloth';
import { verl } from './verl';

/** Every trainer whose configs are read, in the order in which they are tried. Adding one is one file and one line here. */
export const TRAINERS: readonly Trainer[] = [
  unsloth,
  peft,
  axolotl,
  torchtune,
  llamafactory,
  musubi,
  kohya,
  kohyaGui,
  nemo,
  automodel,
  verl,
  primeRl,
  chatglm3,
];
