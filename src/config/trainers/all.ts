import type { Trainer } from './trainer';
import { axolotl } from './axolotl';

/** Every trainer whose configs are read, in the order in which they are tried. Adding one is one file and one line here. */
export const TRAINERS: readonly Trainer[] = [axolotl];
