import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { TRAINERS } from '../../src/config/trainers/all';
import { unreadLora } from '../../src/config/trainers/peft/lora-config';
import { isElsewhere } from '../../src/config/trainers/shared/known';
import type { Layout } from '../../src/config/trainers/trainer';
import { isClassified } from '../../src/config/understand/unknown-keys';
import { PYTHON } from './python';

const layouts = TRAINERS.flatMap((trainer) => trainer.layouts);

const NOWHERE = { start: 0, end: 0 };
const EMPTY = {
  kind: 'scalar',
  range: NOWHERE,
  inner: NOWHERE,
  raw: '',
  value: null,
  quoted: false,
  lock: null,
} as const;

/** PEFT's own config has a list beside its layout, as scripts hold it too. */
const isNamed = (layout: Layout, at: string, name: string): boolean =>
  layout.id === 'peft'
    ? unreadLora({ kind: 'map', range: NOWHERE, entries: [{ key: name, keyRange: NOWHERE, value: EMPTY }] }).length ===
      0
    : isClassified(layout, at, name);

/**
 * What is said of the keys of a schema. Those that no list names make a plan inexact. Those that only a pattern or the list of
 * all trainers calls harmless are named, and so are words of the trainer's list that this version has no key for.
 */
function toldOf(place: string, keys: readonly string[]): string {
  const [id = '', at = ''] = place.split(' ');
  const layout = layouts.find((one) => one.id === id);
  if (!layout) throw new Error(`There is no layout ${place}.`);
  const known = (layout.known?.[at] ?? '').split(/\s+/).filter(Boolean);
  const words = known.filter((word) => !word.includes('*'));
  const bare: Layout = { ...layout, known: { ...layout.known, [at]: '' } };
  const isOpen = (name: string): boolean => !isNamed(layout, at, name);
  const isRead = (name: string): boolean => isNamed(bare, at, name) && (id === 'peft' || !isElsewhere(name));
  const lists = {
    'not classified': keys.filter(isOpen),
    'harmless by a pattern': keys.filter((name) => !isOpen(name) && !words.includes(name) && !isRead(name)),
    'no key': words.filter((word) => !keys.includes(word)),
  };
  const lines = Object.entries(lists).map(([title, names]) =>
    `  ${names.length} ${title}: ${names.join(' ')}`.trimEnd(),
  );
  return `${place.trim()}: ${keys.length} keys\n${lines.join('\n')}\n`;
}

/** The keys of the trainers' schemas, as their sources have them (keys.py), beside the lists of their layouts. */
async function compare(
  snapshot: string,
  least: number,
  skip: (why: string) => void,
  args: string[] = [],
): Promise<void> {
  const { stdout } = spawnSync(PYTHON, ['test/judges/keys.py', ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const schemas = Object.entries(JSON.parse(stdout || '{}') as Record<string, string[]>);
  if (schemas.length < least) skip(`only ${schemas.length} of ${least} schemas are here`);
  await expect(schemas.map(([place, keys]) => toldOf(place, keys)).join('')).toMatchFileSnapshot(snapshot);
}

it('every key of an installed schema is classified, or named in keys-of-packages.txt', ({ skip }) =>
  compare('keys-of-packages.txt', 18, skip, ['packages']));

it('every key of a schema in a clone (LORA_ALPHA_JUDGE_SOURCES) is classified, or named in keys.txt', ({ skip }) =>
  compare('keys.txt', 50, skip));
