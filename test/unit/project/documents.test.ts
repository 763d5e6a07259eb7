import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };

const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SUPPORT.md'].concat(
  ['config', 'experiment', 'extension', 'run'].map((room) => `src/${room}/README.md`),
);

describe.each(DOCUMENTS)('%s', (document) => {
  const said = text(document);
  const found = (pattern: RegExp): string[] => [...said.matchAll(pattern)].map(([, name = '']) => name);

  it('names scripts and links that are there', () => {
    expect(found(/npm run ([\w:]+)/g).filter((name) => !(name in scripts))).toEqual([]);
    const files = [
      ...found(/\bnode ([\w./-]+\.mjs)/g),
      ...found(/\]\((?!https?:)([^)#]+)\)/g),
      ...found(/`((?:src|test|docs|scripts|media)\/[\w./-]+\.\w+)`/g),
    ];
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

it.each(['README.md', 'SUPPORT.md'])('%s says that nothing is collected', (document) => {
  expect(text(document)).toMatch(/Nothing is collected[:,] .*no (telemetry|network)/);
});

describe('ARCHITECTURE.md', () => {
  const said = text('ARCHITECTURE.md');

  it('is read once, so it has at most 900 words', () => {
    expect(said.split(/\s+/).length).toBeLessThanOrEqual(900);
  });

  it('says of each room what it may import, as lint holds it', () => {
    const rule = /const MAY_IMPORT = \{([^}]*)\}/.exec(text('eslint.config.mjs'))?.[1] ?? '';
    const rules = [...rule.matchAll(/(\w+): \[(.*)\]/g)];
    const allowed = new Map(rules.map(([, room = '', rooms = '']) => [room, (rooms.match(/\w+/g) ?? []).sort()]));
    expect(allowed.size).toBe(13);
    const rows = said.matchAll(/^\| `src\/(\w+)\/`.*\| ([^|]*)\|$/gm);
    const table = [...rows].map(([, room = '', words = '']) => {
      const named: string[] = words.match(/\w+/g) ?? [];
      const others = [...allowed.keys()].filter((other) => other !== room);
      if (words.startsWith('nothing')) return [room, []];
      return [room, (words.startsWith('all but') ? others.filter((other) => !named.includes(other)) : named).sort()];
    });
    expect(Object.fromEntries(table)).toEqual(Object.fromEntries(allowed));
  });
});
