import type { TrainerId } from '../../reading';
import { isCommand } from '../../syntax/command';
import type { MapNode } from '../../syntax/tree';
import { COMMAND_LINES, commandOf } from '../command-lines';
import { isNumber, plainWord, WANTED } from './words';

/** Names that scripts of many people have, those of trainers among them. */
const COMMON_NAME = /(?:^|[ /\\])(?:train|finetune)\.py\b/;
/** Scripts whose LoRA is off unless a flag of their own says so, which loralib's reader knows. */
const OF_LORALIB = /(?:^|[ /\\])(?:run_glue|gpt2_ft)\.py\b/;
/** Trainers whose scripts have names that other people's have too: `train_lora.py`. */
const OF_ANYBODY: ReadonlySet<string> = new Set(['generic', 'loralib', 'diffusers'] satisfies TrainerId[]);

const RATES = WANTED.find(({ field }) => field === 'learningRate')?.words ?? new Set();

/**
 * Whether a tree can be a guess at all. A command is one where it trains, as a rate among its flags says, and where its
 * program is none of a trainer that is known: what that trainer's own reader leaves of it trains no LoRA.
 */
export function mayBeGuessed(root: MapNode): boolean {
  if (!isCommand(root)) return true;
  const hasRate = root.entries.some(({ key, value }) => RATES.has(plainWord(key)) && isNumber(value));
  return hasRate && !isOfTrainer(commandOf(root));
}

function isOfTrainer(command: string): boolean {
  if (COMMON_NAME.test(command)) return false;
  if (OF_LORALIB.test(command)) return true;
  return Object.entries(COMMAND_LINES).some(([id, line]) => !OF_ANYBODY.has(id) && line.program.test(command));
}
