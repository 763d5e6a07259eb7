import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TreeSyntax } from '../../../../src/config/reading';
import { LOADERS } from '../../../../src/config/syntax/loaders';
import { parseText } from '../../../../src/config/syntax/parse';
import { commandIn, type ScalarNode, type SyntaxNode } from '../../../../src/config/syntax/tree';
import { valuesStandWhereTheySay } from './trees';

/**
 * Texts with the trees that they give, or why they give none: `cases/yaml.txt`, `cases/yaml+OmegaConf.load.txt` as that
 * loader reads it. A line in quotes is a text, as JSON writes it; a line `# …` says what those below it are about.
 *
 * In a tree, `16 @3-5` is a value with the place that a new one replaces. `CASES=write npx vitest run --project unit
 * test/unit/config/syntax/cases` writes them all: then read the diff.
 */
const CASES = 'test/unit/config/syntax/cases';

function scalar({ value, quoted, inner, range, unresolved, lock, origin }: ScalarNode): string {
  const [start, end] = [range.start + (quoted ? 1 : 0), range.end - (quoted ? 1 : 0)];
  return [
    unresolved === undefined ? (typeof value === 'number' ? `${value}` : JSON.stringify(value)) : `? ${unresolved}`,
    ` @${inner.start}-${inner.end}`,
    quoted ? ' quoted' : '',
    start === inner.start && end === inner.end ? '' : ` in ${range.start}-${range.end}`,
    lock ? ` locked: ${lock.code} (${lock.message})` : '',
    origin ? ` from ${origin.node ? scalar(origin.node) : 'an expression'}, uses ${origin.uses}` : '',
    origin?.also ? ` (${origin.also})` : '',
  ].join('');
}

function tree(node: SyntaxNode): string {
  if (node.kind === 'scalar') return scalar(node);
  if (node.kind === 'list') return `[${node.items.map(tree).join(', ')}]`;
  const { program, launcher, further = [], cutOff } = commandIn(node) ?? {};
  const entries = node.entries.map(({ key, value, home }) => `${key} (${home ?? 'no neighbour'}): ${tree(value)}`);
  return [
    program === undefined ? '' : `${program}${launcher ? ` (${launcher.trim()})` : ''} `,
    `{${entries.join(', ')}}`,
    ...further.map((one) => `; further ${tree(one)}`),
    cutOff ? `; cut off ${tree(cutOff)}` : '',
  ].join('');
}

function told(text: string, file: string): string[] {
  const [syntax, loader] = file.replace(/\.txt$/, '').split('+');
  const parsed = parseText(text, syntax as TreeSyntax, { loader: LOADERS[loader as keyof typeof LOADERS] });
  valuesStandWhereTheySay(text, parsed);
  if (!parsed.ok) {
    const line = text.slice(0, parsed.offset).split('\n').length;
    return [`stops at ${parsed.offset}, line ${line}: ${parsed.message}`];
  }
  return parsed.roots.map(({ name, node }) => `${name === undefined ? '' : `${name}: `}${tree(node)}`);
}

it.each(readdirSync(CASES))('%s', (file) => {
  const before = readFileSync(join(CASES, file), 'utf8');
  const lines = before.split('\n').filter((line) => /^["#]/.test(line));
  const now = lines.flatMap((line) => {
    if (line.startsWith('#')) return [line];
    return [line, ...told(JSON.parse(line) as string, file).map((one) => `  ${one.replace(/\s*[\n\r]\s*/g, ' ⏎ ')}`)];
  });
  if (process.env.CASES === 'write') writeFileSync(join(CASES, file), `${now.join('\n')}\n`);
  else expect(before).toBe(`${now.join('\n')}\n`);
});
