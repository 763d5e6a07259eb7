import { numberIn } from './scalars';
import type { Entry, ListNode, Lock, MapNode, ScalarNode, SyntaxNode } from './tree';

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: 'This text holds escapes, so the place of its value is not certain; write it without them.',
};

/**
 * A list of `"key=value"` texts (kohya's optimizer_args and network_args) seen as a map, with the range of every value.
 * Texts without exactly one `=` are left out, as the trainer would stop on them.
 */
export function argumentMap(list: ListNode): MapNode {
  return { kind: 'map', range: list.range, entries: list.items.flatMap(argumentEntry) };
}

function argumentEntry(item: SyntaxNode): Entry[] {
  if (item.kind !== 'scalar' || typeof item.value !== 'string') return [];
  const match = /^(\s*)([^=\s]+)(\s*=\s*)([^=]*?)(\s*)$/.exec(item.raw);
  if (!match) return [];
  const [, lead = '', key = '', equals = '', raw = ''] = match;
  const keyStart = item.inner.start + lead.length;
  const start = keyStart + key.length + equals.length;
  const range = { start, end: start + raw.length };
  // A neighbour is inserted beside the whole text, so key and value must fill it.
  const home = lead === '' && range.end === item.inner.end ? 'argument' : 'fixed';
  const value: ScalarNode = {
    kind: 'scalar',
    range,
    inner: range,
    raw,
    value: argumentValue(raw),
    quoted: false,
    lock: item.raw === item.value ? item.lock : ESCAPED,
  };
  return [{ key, keyRange: { start: keyStart, end: keyStart + key.length }, value, home }];
}

/** Python literals, as far as configs use them; a tuple stays text. */
function argumentValue(raw: string): ScalarNode['value'] {
  if (raw === 'None') return null;
  if (raw === 'True' || raw === 'true') return true;
  if (raw === 'False' || raw === 'false') return false;
  return numberIn(raw) ?? raw.replace(/^(["'])(.*)\1$/, '$2');
}
