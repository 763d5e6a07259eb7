import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../../support/growth';

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));
}

/** Every regular expression of the room, with where it stands. */
function expressions(): [where: string, expression: RegExp][] {
  return filesIn('src/config').flatMap((path) => {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const found: [string, RegExp][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const [, body = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push([`${path}:${line} ${node.text}`, new RegExp(body, flags)]);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** What expressions with two ways to read the same text stumble over: long runs of one thing, and an odd end. */
const RUNS: readonly string[] = [
  ...['a', '0', '_', ' ', '\t', '\n', '-', '- ', '.', ',', '=', ':', '"', '\\', '#', '$', '{', '(', '[', '%'],
  ...[
    'a.',
    '0.',
    'a=',
    'a=1,',
    ' a',
    '${',
    '${a',
    '\\"',
    '--a ',
    '"a" ',
    'lora_',
    'adapter: ',
    'peft=lora;',
    'LoraConfig(',
    '# lora',
  ],
];
const ENDS: readonly string[] = ['!', '\n', 'x'];

/** Small steps first: what doubles with every letter would never come back from a long text. */
const LENGTHS: readonly number[] = [16, 20, 24, 28, 32, 64, 256, 1024, 4096];
/** Milliseconds that call for a look: a linear expression needs hundredths for the longest text. */
const SLOW = 2;
/** Four times the text takes a linear expression 4 times as long, a quadratic one 16 times. */
const GROWTH = 9;
/** A collection of garbage may fall into a look. A linear expression is acquitted by one look of these. */
const LOOKS = 12;

/** Of the processor: whatever else the machine does, does not count. */
function timeOf(expression: RegExp, text: string): number {
  expression.lastIndex = 0;
  return processorTimeOf(() => text.replace(expression, ''));
}

/** For each run and end: the texts of all lengths, with those of a quarter of the length. */
const TEXTS = RUNS.flatMap((run) =>
  ENDS.map((end) => {
    const textOf = (length: number): string => run.repeat(Math.ceil(length / run.length)) + end;
    return { run, end, texts: LENGTHS.map((length) => [textOf(length), textOf(length / 4)] as const) };
  }),
);

/**
 * By how much longer four times the text takes, where it takes long at all; the shorter texts are tried first. It is
 * the least of many looks, each at the long text and then at the short one.
 */
function growthOn(expression: RegExp, texts: readonly (readonly [long: string, short: string])[]): number {
  for (const [long, short] of texts) {
    let least = Number.POSITIVE_INFINITY;
    for (let look = 0; look < LOOKS && least > GROWTH; look += 1) {
      const time = timeOf(expression, long);
      // One look in which the long text takes no time is proof enough.
      least = Math.min(least, time < SLOW ? 1 : time / timeOf(expression, short));
    }
    if (least > GROWTH) return least;
  }
  return 1;
}

/** Only ever asked of a piece whose length is bounded where it is asked, as the comment there says. */
const BOUNDED: readonly RegExp[] = [
  // The digits of one JavaScript number.
  /numbers\.ts.*\\d\(\?=\(\\d\{3\}\)\+\$\)/,
  // Two hundred characters around an entry, or the white space of one line before it.
  /remove\.ts/,
  // The last eighty characters of a callee.
  /outline\.ts.*\(\\w\+\)\\s\*\$/,
];

describe('the regular expressions of config', () => {
  it('take no longer than the text is long', () => {
    const slow: string[] = [];
    for (const [where, expression] of expressions().filter(([name]) => !BOUNDED.some((one) => one.test(name)))) {
      for (const { run, end, texts } of TEXTS) {
        const growth = growthOn(expression, texts);
        if (growth > GROWTH)
          slow.push(`${where} on ${JSON.stringify(run)}…${JSON.stringify(end)}: ×${growth.toFixed(1)}`);
      }
    }
    expect(slow).toEqual([]);
  });
});
