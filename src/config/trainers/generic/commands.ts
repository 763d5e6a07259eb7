import type { TrainerId } from '../../reading';
import { isCommand } from '../../syntax/command';
import type { Entry, MapNode } from '../../syntax/tree';
import { COMMAND_LINES, commandOf } from '../shared/command-line';
import { ownEntries } from './entries';
import { isUse } from './use';
import { isNumber, plainWord, WANTED } from './words';

/** Names that scripts of many people have, those of trainers among them. */
const COMMON_NAME = /(?:^|[ /\\])(?:train|finetune)\.py\b/;
/** Trainers whose scripts have names that other people's have too: `train_lora.py`, `dpo.py`. */
const OF_ANYBODY: ReadonlySet<string> = new Set(['generic', 'loralib', 'diffusers', 'trl'] satisfies TrainerId[]);
/**
 * Programs of trainers that train no LoRA, or only where a flag of their own says so, which their own readers know:
 * loralib's examples, kohya's full fine-tunes, whatever belongs to a package, and TRL's examples.
 */
const OF_TRAINERS: readonly RegExp[] = [
  /(?:^|[ /\\])(?:run_glue|gpt2_ft|(?:sdxl|sd3|flux|lumina)_train)\.py\b/,
  /(?:^|[ /\\])(?:axolotl|mlx_lm|openrlhf|xtuner|litgpt|verl|trl|swift|megatron|llamafactory|ludwig)(?:[ ./\\]|$)/,
  /(?:^|[ /\\])examples[/\\]scripts[/\\]/,
];

const RATES = WANTED.find(({ field }) => field === 'learningRate')?.words ?? new Set();

/**
 * Whether a tree can be a guess at all. A command is one where it trains, as a rate among its flags says, and where its
 * program is none of a trainer that is known: what that trainer's own reader leaves of it trains no LoRA.
 */
export function mayBeGuessed(root: MapNode): boolean {
  if (!isCommand(root)) return true;
  const flags = ownEntries(root);
  const hasRate = flags.some(({ key, value }) => RATES.has(plainWord(key)) && isNumber(value) && !isZero(value));
  return hasRate && !isOfTrainer(commandOf(root), flags) && !isUse(commandOf(root), flags);
}

function isOfTrainer(command: string, flags: readonly Entry[]): boolean {
  // TRL's own switch: its reader has looked at the command already.
  if (flags.some(({ key }) => key === 'use_peft')) return COMMAND_LINES.trl?.program.test(command) === true;
  if (OF_TRAINERS.some((program) => program.test(command))) return true;
  if (COMMON_NAME.test(command)) return false;
  return Object.entries(COMMAND_LINES).some(([id, line]) => !OF_ANYBODY.has(id) && line.program.test(command));
}

const isZero = (node: Entry['value']): boolean => node.kind === 'scalar' && Number(node.value) === 0;
