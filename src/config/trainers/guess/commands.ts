import type { TrainerId } from '../../reading';
import { isCommand } from '../../syntax/command';
import type { Entry, MapNode } from '../../syntax/tree';
import { COMMAND_LINES, commandOf } from '../command-lines';
import { ownEntries } from './entries';
import { isNumber, isOn, plainWord, WANTED } from './words';

/** Names that scripts of many people have, those of trainers among them. */
const COMMON_NAME = /(?:^|[ /\\])(?:train|finetune)\.py\b/;
/** Trainers whose scripts have names that other people's have too: `train_lora.py`, `dpo.py`. */
const OF_ANYBODY: ReadonlySet<string> = new Set(['generic', 'loralib', 'diffusers', 'trl'] satisfies TrainerId[]);
/**
 * Programs of trainers that train no LoRA, or only where a flag of their own says so, which their own readers know:
 * loralib's examples, kohya's full fine-tunes, and whatever belongs to a package.
 */
const OF_TRAINERS =
  /(?:^|[ /\\])(?:run_glue|gpt2_ft|(?:sdxl|sd3|flux|lumina)_train)\.py\b|(?:^|[ /\\])(?:axolotl|mlx_lm|openrlhf|xtuner|litgpt|verl|trl|swift|megatron|llamafactory|ludwig)(?:[ ./\\]|$)|(?:^|[ /\\])examples[/\\]scripts[/\\]/;

/** Names of what uses a model, tests it or changes its format; where it takes a rate, that trains nothing. */
const USES =
  /(?:^|[_-])(?:eval\w*|infer\w*|predict\w*|generat\w*|merge\w*|export\w*|serve\w*|chat|demo|tests?|pytest|convert\w*|quantiz\w*)(?=$|[_-])/i;
/** Names that say of themselves that they train, whatever else they do: `finetune_chat.py`. */
const TRAINS = /train|tun(?:e|ing)|sft|dpo|ppo/i;
/** Flags that say so. */
const USE_FLAGS: ReadonlySet<string> = new Set([
  'eval',
  'eval_only',
  'only_eval',
  'evaluate',
  'evaluate_only',
  'test_only',
  'inference',
  'predict_only',
  'help',
]);
const MODES_OF_USE = /^(?:test|eval\w*|infer\w*|predict\w*|generat\w*)$/i;

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
  if (OF_TRAINERS.test(command)) return true;
  if (COMMON_NAME.test(command)) return false;
  return Object.entries(COMMAND_LINES).some(([id, line]) => !OF_ANYBODY.has(id) && line.program.test(command));
}

/** Evaluates, merges, exports or serves. */
function isUse(command: string, flags: readonly Entry[]): boolean {
  const stem = stemOf(command);
  if (USES.test(stem) && !TRAINS.test(stem)) return true;
  const said = (name: string): Entry | undefined => flags.find(({ key }) => plainWord(key) === name);
  const trains = said('do_train');
  if (trains) return !isOn(trains.value);
  return flags.some(({ key, value }) => {
    const word = plainWord(key);
    if (USE_FLAGS.has(word) || /^do_(?:eval|predict|test)$/.test(word)) return isOn(value);
    const isMode = word === 'mode' || word === 'phase' || word === 'stage';
    return isMode && value.kind === 'scalar' && MODES_OF_USE.test(String(value.value));
  });
}

/** The script or module that a command names last, without its folder or package. */
function stemOf(command: string): string {
  const last = command.split(' ').at(-1) ?? '';
  return (last.endsWith('.py') ? last.slice(0, -3) : last).split(/[./\\]/).at(-1) ?? '';
}

const isZero = (node: Entry['value']): boolean => node.kind === 'scalar' && Number(node.value) === 0;
