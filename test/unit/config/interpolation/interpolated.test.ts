import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { interpolated } from '../../../../src/config/interpolation/interpolated';
import { parseText } from '../../../../src/config/syntax/parse';
import { nodeAt, type MapNode, type ScalarNode, type SyntaxNode } from '../../../../src/config/syntax/tree';
import { CASES, type Expected } from './cases';

function mapOf(text: string): MapNode {
  const parsed = parseText(text, 'yaml');
  const node = parsed.ok ? parsed.roots[0]?.node : undefined;
  if (node?.kind !== 'map') throw new Error(`no map: ${text}`);
  return node;
}

function nodeIn(text: string, at: readonly (string | number)[] = ['x']): SyntaxNode {
  const node = nodeAt(interpolated(mapOf(text)), at.map(String));
  if (!node) throw new Error(`nothing at ${at.join('.')}: ${text}`);
  return node;
}

function scalarIn(text: string, at?: readonly string[]): ScalarNode {
  const node = nodeIn(text, at);
  if (node.kind !== 'scalar') throw new Error(`no scalar: ${text}`);
  return node;
}

function plain(node: SyntaxNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}

function outcomeOf(node: SyntaxNode): Expected {
  if (node.kind !== 'scalar' || node.unresolved === undefined) return { value: plain(node) };
  if (node.lock?.code === 'value-loop') return 'loop';
  return 'elsewhere';
}

const named = CASES.map((one) => [one.text.replaceAll('\n', ' ¶ '), one] as const);

describe('interpolated', () => {
  it.each(named)('reads %s as OmegaConf does', (_, { text, at, expected }) => {
    expect(outcomeOf(nodeIn(text, at))).toEqual(expected);
  });

  it('has expectations that OmegaConf confirms, where it is installed', ({ skip }) => {
    const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
    const input = JSON.stringify(CASES.map(({ text, at = ['x'] }) => [text, at]));
    const asked = spawnSync(python, ['test/support/omegaconf-outcomes.py'], { input, encoding: 'utf8' });
    // Without the program there is no output at all.
    if (asked.status !== 0) skip(`${python}: ${asked.error?.message ?? asked.stdout.trim()}`);
    const { stdout } = asked;
    const outcomes = JSON.parse(stdout) as { value?: unknown; error?: string }[];
    const expected = CASES.map(({ expected }) => (typeof expected === 'object' ? expected : 'stops'));
    expect(outcomes.map(({ error, value }) => (error === undefined ? { value } : 'stops'))).toEqual(expected);
  });

  it('leaves a tree without references as it is', () => {
    const root = mapOf('a: {b: 1}\nx: $HOME');
    expect(interpolated(root)).toBe(root);
  });

  it('locks what comes from elsewhere in the file, and names the key to change', () => {
    expect(scalarIn('a: {r: 8}\nx: ${a.r}').lock).toMatchObject({ code: 'interpolated' });
    expect(scalarIn('a: {r: 8}\nx: ${a.r}').lock?.message).toContain('comes from a.r.');
    expect(scalarIn('r: 8\ns: 4\nx: ${r}${s}').lock?.message).toContain('comes from r and s.');
    expect(scalarIn('a: {r: 8}\nx: ${a.r}', ['a', 'r']).lock).toBeNull();
  });

  it('locks what a reference to a whole map brings in, and grows nothing there', () => {
    const node = nodeIn('a: {r: 8}\nx: ${a}');
    expect(node).toMatchObject({ kind: 'map', entries: [{ key: 'r', home: undefined }] });
    expect(nodeIn('a: {r: 8}\nx: ${a}', ['x', 'r'])).toMatchObject({ value: 8, lock: { code: 'interpolated' } });
    expect(nodeIn('a: {r: 8}\nx: ${a}', ['a', 'r'])).toMatchObject({ value: 8, lock: null });
  });

  it.each([
    'a: [1, 2]\nx: ${a[1]}',
    'k: b\na: {b: 8}\nx: ${a.${k}}',
    'r: 16\nx: \\${r}',
    'x: ${oc.env:RANK,16}',
    'x: ${oc.decode:"16"}',
    'x: ${multiply:2,3}',
  ])('does not follow %j, which has no value then', (text) => {
    expect(scalarIn(text)).toMatchObject({ value: null, unresolved: expect.stringContaining('${') as string });
    expect(scalarIn(text).lock?.message).toContain('LoRA Alpha follows only references such as');
  });

  it.each([
    ['x: ???', /set when the run starts/],
    ['x: ${a.b}', /This file has no a\.b/],
    ['x: ${y}\ny: ${x}', /refers to itself/],
  ])('says why %s has no value', (text, why) => {
    expect(scalarIn(text)).toMatchObject({ value: null });
    expect(scalarIn(text).lock?.message).toMatch(why);
  });

  it('ends where references double what they refer to, or lead on and on', () => {
    const doubled = Array.from({ length: 60 }, (_, i) => `a${i + 1}: ["\${a${i}}", "\${a${i}}"]`).join('\n');
    expect(nodeIn(`a0: [1]\n${doubled}\nx: 1`)).toMatchObject({ value: 1 });
    const longer = Array.from({ length: 60 }, (_, i) => `a${i + 1}: \${a${i}}\${a${i}}`).join('\n');
    expect(scalarIn(`a0: text\n${longer}\nx: \${a60}`)).toMatchObject({ value: null });
    const chain = Array.from({ length: 5000 }, (_, i) => `a${i}: \${a${i + 1}}`).join('\n');
    expect(scalarIn(`${chain}\na5000: 1\nx: \${a0}`)).toMatchObject({ value: null });
    expect(scalarIn(`x: ${'${'.repeat(5000)}`)).toMatchObject({ value: null, lock: { code: 'value-elsewhere' } });
  });
});
