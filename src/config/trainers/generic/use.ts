import type { Entry, MapNode } from '../../syntax/tree';
import { isNumber, isOn, MEASURED, plainWord, RECORDED } from './words';

/** Names of what uses a model, tests it or changes its format; where it takes a rate, that trains nothing. */
const USES =
  /(?:^|[_-])(?:eval\w*|infer\w*|predict\w*|generat\w*|merge\w*|export\w*|serve\w*|chat|demo|tests?|pytest|convert\w*|quantiz\w*)(?=$|[_-])/i;
/** Names that say of themselves that they train, whatever else they do: `finetune_chat.py`. */
const TRAINS = /train|tun(?:e|ing)|sft|dpo|ppo/i;
/** Switches by which a script is told to use a model. */
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
/** What `--mode` says then. */
const MODES_OF_USE = /^(?:test|eval\w*|infer\w*|predict\w*|generat\w*)$/i;

/**
 * Whether a command evaluates, merges, exports or serves, rather than trains.
 * @param command the words that name its program
 */
export function isUse(command: string, flags: readonly Entry[]): boolean {
  const stem = stemOf(command);
  if (USES.test(stem) && !TRAINS.test(stem)) return true;
  const trains = flags.find(({ key }) => plainWord(key) === 'do_train');
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

/** Whether a file is what a run wrote down of itself: nobody trains with it. */
export function isReport({ entries }: MapNode): boolean {
  return entries.some(({ key, value }) => {
    const word = plainWord(key);
    const isMeasured = value.kind === 'list' ? value.items.every(isNumber) : isNumber(value);
    return RECORDED.test(word) || (MEASURED.test(word) && isMeasured);
  });
}
