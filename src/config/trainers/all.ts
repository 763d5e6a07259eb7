import { axolotl } from './axolotl';
import { kohya } from './kohya';
import { llamafactory } from './llamafactory';
import { peft } from './peft';
import { torchtune } from './torchtune';
import type { Trainer } from './trainer';

/** Every trainer whose configs are read, in the order in which they are tried. Adding one is one file and one line here. */
export const TRAINERS: readonly Trainer[] = [peft, axolotl, torchtune, llamafactory, kohya];
