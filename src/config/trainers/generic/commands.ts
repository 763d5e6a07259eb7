import type { Entry, MapNode } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { ownEntries } from './entries';
import { isUse } from './use';
import { isNumber, plainWord, WANTED } from './words';

const RATES = WANTED.find(({ field }) => field === 'learningRate')?.words ?? new Set();

/**
 * Whether a tree can be a guess at all. A command is one where it trains, as a rate among its flags says.
 */
export function mayBeGuessed(root: MapNode): boolean {
  if (!root.command) return true;
  const flags = ownEntries(root);
  const hasRate = flags.some(({ key, value }) => RATES.has(plainWord(key)) && isNumber(value) && !isZero(value));
  return hasRate && !isUse(commandOf(root), flags);
}

const isZero = (node: Entry['value']): boolean => node.kind === 'scalar' && Number(node.value) === 0;
