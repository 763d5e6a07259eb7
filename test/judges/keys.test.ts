import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { TRAINERS } from '../../src/config/trainers/all';
import { unreadLora } from '../../src/config/trainers/peft/lora-config';
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
 * The keys of the trainers' schemas, as their sources have them (keys.py), beside the lists of their layouts. What no list
 * names makes a plan inexact; keys.txt has these, so that a new version's new keys are seen.
 */
it('every key of a schema is classified, or named in keys.txt', async ({ skip }) => {
  const { stdout } = spawnSync(PYTHON, ['test/judges/keys.py'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const schemas = Object.entries(JSON.parse(stdout || '{}') as Record<string, string[]>);
  if (schemas.length < 43) skip('LORA_ALPHA_JUDGE_SOURCES lacks clones of trainers');
  const told = schemas.map(([place, keys]) => {
    const [id, at = ''] = place.split(' ');
    const layout = layouts.find((one) => one.id === id);
    if (!layout) throw new Error(`There is no layout ${place}.`);
    const open = keys.filter((name) => !isNamed(layout, at, name));
    return `${place.trim()}: ${keys.length} keys, of which ${open.length} are not classified\n  ${open.join(' ')}\n`;
  });
  await expect(told.join('')).toMatchFileSnapshot('keys.txt');
});
