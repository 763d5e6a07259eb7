import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import { pieces } from '../../../../support/pieces';
import { commandIn, type MapNode } from '../../../../../src/config/syntax/tree';

/** Writes down each of its calls: the words, each with a tab behind it, and the end of the line. */
const PRELUDE = `PATH=; FUNCNEST=9; train() { printf '%s\\t' "$@"; echo; } >&3\n`;
const folder = mkdtempSync(path.join(tmpdir(), 'shell-'));
writeFileSync(path.join(folder, 'settings.sh'), 'A=41; C=42\n');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The argument lists of every `train` that bash calls, of each script. One process starts all of them. */
function callsOf(scripts: readonly string[]): string[][][] {
  const place = mkdtempSync(path.join(folder, 'scripts-'));
  const fileOf = (i: number): string => path.join(place, String(i));
  scripts.forEach((script, i) => writeFileSync(fileOf(i), PRELUDE + script));
  const each = '(ulimit -t 5; exec bash "$0/$i" 3> "$0/$i.calls")';
  spawnSync('bash', ['-c', `for ((i = 0; i < ${scripts.length}; i++)); do ${each}; done`, place], {
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    stdio: 'ignore',
  });
  return scripts.map((_, i) => {
    const lines = readFileSync(`${fileOf(i)}.calls`, 'utf8')
      .split('\n')
      .slice(0, -1);
    return lines.map((line) => line.split('\t').slice(0, -1));
  });
}

/** Flags with what stands behind each. */
function flagsOf(words: readonly string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  let open: string[] = [];
  for (const word of words) {
    const [, name, value] = /^--(\w+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) open.push(word);
    else flags.set(name, (open = value === undefined ? [] : [value]));
  }
  return flags;
}

/** What the reader says of each `train`, by its `--id`; null is what it does not know. */
function readingOf(script: string): Map<string, { known: Map<string, string | null>; isOpen: boolean }> {
  const parsed = parseShell(script);
  if (!parsed.ok) throw new Error(`${parsed.message}\n${script}`);
  const found = new Map<string, { known: Map<string, string | null>; isOpen: boolean }>();
  for (const { node } of parsed.roots) {
    const root = node as MapNode;
    const known = new Map<string, string | null>();
    for (const { key, value } of root.entries) known.set(key, value.kind === 'scalar' ? textIn(value.value) : null);
    const isOpen = (commandIn(root)?.further ?? []).length > 0;
    const id = known.get('id');
    if (id !== undefined && id !== null) found.set(id, { known, isOpen });
  }
  return found;
}

const textIn = (value: string | number | boolean | null): string | null => (value === null ? null : String(value));

/** Numbers as Python reads them. */
const plain = (words: readonly string[]): string => {
  const [only = 'true', ...more] = words;
  return more.length > 0 ? words.join(' ') : /^\d+$/.test(only) ? String(Number(only)) : only;
};

/** How the reader differs from what bash calls; nothing where it does not. */
function differences(script: string, calls: readonly string[][]): string[] {
  const reading = readingOf(script);
  return calls.flatMap((words) => {
    const given = flagsOf(words);
    const id = plain(given.get('id') ?? []);
    const own = reading.get(id);
    if (!own) return [`train ${id} is not read`];
    const wrong = [...own.known].flatMap(([name, value]) => {
      const passed = given.get(name);
      if (value === null || (own.isOpen && value === 'true')) return [];
      if (passed && plain(passed) === value) return [];
      return [`train ${id}: --${name} is read as ${value}, bash passes ${passed?.join(' ') ?? 'nothing'}`];
    });
    const missed = own.isOpen ? [] : [...given.keys()].filter((name) => !own.known.has(name));
    return [...wrong, ...missed.map((name) => `train ${id}: --${name} is not read`)];
  });
}

const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

describe.skipIf(!hasBash)('what is read is what bash passes', () => {
  const train = 'train --id 1 --a $A --b ${B:-8}';
  it.each(pieces`
    (( A = 16*2 )) ¦ let "A = 32" ¦ let A=32 ¦ f() { A=32; }; f ¦ set_a() { A=$1; }; set_a 32
    f() { g; }; g() { B=32; }; f ¦ f() { A=32; }; if f; then :; fi ¦ eval "A=32" ¦ declare -n ref=A; ref=32
    declare -n ref=A; A=3; ref=32 ¦ echo $((A+=30)) ¦ for ((A=0; A<5; A++)); do :; done ¦ read A <<< 32
    while read A; do :; done <<< 32 ¦ printf -v A 32 ¦ mapfile -t A <<< 32 ¦ source ./settings.sh ¦ . ./settings.sh
    set -- -x; getopts x A ¦ A=; : \u0024{A:=32} ¦ A=; : \u0024{A=32} ¦ unset A; echo \u0024{A:=32}
    trap 'A=32' DEBUG ¦ declare -i A; A=010 ¦ declare -i A=2; A+=3 ¦ A=32 & (A=33); A=34 | :; wait ¦ A=32 :
    f() { local A=32; }; f ¦ A=016 ¦ exec {A}>&2 ¦ A[0]=32 ¦ A=([1]=32 [0]=31) ¦ if true; then A=32; fi
    case a in a) A=32 ;& b) train --id 2 --a $A;; esac ¦ export "A=32" ¦ N=A; export $N=32
    builtin read A <<< 32; command printf -v B 5 ¦ f() { A=32; }; C=f; $C ¦ unset A
    run() { "$@"; }; A=32; run train --id 2 --a $A ¦ f() { train --id 2 --a \u0024{C:-3}; }; C=5; f
    for i in 1 2; do train --id 2 --a $A; A=32; done ¦ f() { train --id 2 --a $A; }; (A=32; f); A=33 f
    f() { train --id 2 --a \u0024{1:-3}; }; f 32 ¦ set -- 32; train --id 2 --a \u0024{1:-3}
    C=(4 5); train --id 2 --a "\u0024{C[*]}" ¦ C=(4 5); train --id 2 --a x\u0024{C[@]} ¦ [[ A=3 -eq 3 ]]
    B=08; A=$((B*2)) ¦ set -- 3; for A; do :; done ¦ f() ( A=3; train --id 2 --a $A ); f
    f() { local -n r=A; r=3; }; f ¦ g() { train --id 2 --a $A; }; f() { local A=7; g; }; f
    IFS=,; C=4,5; train --id 2 --a $C
  `)('after %s', (line) => {
    const script = `A=2\n${line}\n${train}`;
    const [calls = []] = callsOf([script]);
    expect(calls, script).not.toHaveLength(0);
    expect(differences(script, calls), script).toEqual([]);
  });

  it('in words of any quoting', () => {
    const lines = fc.sample(
      fc.tuple(word(), word(), fc.constantFrom('', ' # note', ';', ' && :', ' |:', ' >/dev/null', ' \\\n')),
      {
        numRuns: 200,
        seed: 16,
      },
    );
    let known = 0;
    const scripts = lines.map(([one, other, end]) => `A=16\nB='p q'\ntrain --id 1 --v ${one} --w ${other}${end} --x 3`);
    const calls = callsOf(scripts);
    for (const [i, script] of scripts.entries()) {
      // What bash calls no program with is nothing that has to be read.
      if (!calls[i]?.length) continue;
      expect(differences(script, calls[i]), script).toEqual([]);
      for (const { known: own } of readingOf(script).values()) {
        known += [...own.values()].filter((value) => value !== null).length - 1;
      }
    }
    expect(known).toBeGreaterThan(200);
  });

  it('in scripts of any statements', () => {
    const samples = fc.sample(fc.array(statements(3), { minLength: 2, maxLength: 8 }), { numRuns: 250, seed: 12 });
    const scripts = samples.map((lines) => {
      let id = 1;
      return [...lines, 'train --id # --a $A --b "$B" "${L[@]}"'].join('\n').replaceAll('#', () => `${id++}`);
    });
    const calls = callsOf(scripts);
    let known = 0;
    let all = 0;
    for (const [i, script] of scripts.entries()) {
      expect(differences(script, calls[i] ?? []), script).toEqual([]);
      for (const { known: own } of readingOf(script).values()) {
        all += own.size - 1;
        known += [...own.values()].filter((value) => value !== null).length - 1;
      }
    }
    // Whoever knows nothing is never wrong.
    expect(known / all).toBeGreaterThan(0.1);
  });
});

/** Pieces of words, and how often they come; one a line where blanks and line ends are part of them. */
const PIECES: readonly [number, readonly string[]][] = [
  [4, 'a b x-y 7 c.d = : @ % + , /'.split(' ')],
  [4, ['"b c"', "'x y'", '""', "''", '"it\'s"', '\'say "a"\'', '"a#b"', "'#'", '"*"', "'{a,b}'"]],
  [3, ['a\\ ', '"\\$A"', '"\\a"', '"\\\\"', '"\\""', '\\\n', '"a\\\nb"', ...'\\$ \\" \\\' \\\\ \\# \\*'.split(' ')]],
  [2, ["$'a b'", "$'\\x41'", "$'\\''", "$'\\u00e9'", '$"a b"', "$'a\\\\b'"]],
  [2, ['"${Z-q r}"', ...'$A "$A" ${A} "${A}b" $B "$B" \'$A\' ${A:-z} ${Z:-z} $$ $ "$"'.split(' ')]],
  [1, ['$(echo 1)', '`echo 1`', ...'{a,b} * ? ~ [ab] a#b # ! $((1+1)) <(:) {x} {1..3}'.split(' ')]],
];

/** A word of letters, quotes, escapes and expansions, glued together. */
function word(): fc.Arbitrary<string> {
  const piece = fc.oneof(...PIECES.map(([weight, all]) => ({ weight, arbitrary: fc.constantFrom(...all) })));
  return fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
}

/** Lines of a script; `#` is a number that no other line has. */
function statements(depth: number): fc.Arbitrary<string> {
  const name = fc.constantFrom(...'ABCDEFGHIJKM');
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('1', '2', '16', '"4"', "'5'", '016') },
    fc
      .tuple(fc.constantFrom('$N', '"${N}"', '${N:-7}', '${N-6}', '$((N*2))', '$((N+=30))', '${N:=9}', '${1:-3}'), name)
      .map(([text, own]) => text.replace('N', own)),
  );
  const line = (text: string, weight = 1): fc.WeightedArbitrary<string> => ({
    weight,
    arbitrary: fc
      .tuple(name, value, name)
      .map(([own, is, other]) => text.replaceAll('N', own).replaceAll('V', is).replaceAll('M', other)),
  });
  const rare = (text: string): fc.WeightedArbitrary<string> => line(text);
  const simple = fc.oneof(
    line('N=V', 40),
    line('N=$M', 8),
    line('train --id # --a $N --b "$M" --c=${N:-7}', 30),
    line('L+=(--d V)', 8),
    line('L=(--d V --e)', 8),
    line('train --id # --a $N "${L[@]}"', 15),
    line('export N=V', 8),
    line('f V', 2),
    line(': ${N:=V}', 2),
    ...['((N = 3 * 2))', 'let N=3', 'eval "N=V"', 'read N <<< 8', 'printf -v N 8', 'source ./settings.sh'].map(rare),
    ...['declare -n M=N', 'N=V & wait', '(N=V; train --id # --a $N)', 'unset N', 'set -- V', 'g', 'N+=V'].map(rare),
    ...['N=V train --id # --a $M', 'N=V f 4', 'declare -i N=V'].map(rare),
  );
  if (depth === 0) return simple;
  const block = fc.array(statements(depth - 1), { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
  const around = (text: string): fc.Arbitrary<string> =>
    fc
      .tuple(block, block, name, value)
      .map(([one, two, own, is]) => text.replace('X', one).replace('Y', two).replaceAll('N', own).replaceAll('V', is));
  return fc.oneof(
    { weight: 30, arbitrary: simple },
    around('if [ "$N" = V ]; then\nX\nelse\nY\nfi'),
    around('if true; then\nX\nelif false; then\nY\nfi'),
    around('for N in V 2; do\nX\ndone'),
    around('for N in V; do\nX\ndone'),
    around('f() {\nX\n}'),
    around('g() {\nlocal N=V\nX\n}'),
    around('case "$N" in 1) X;; *) Y;; esac'),
    around('[ "$N" = V ] && {\nX\n}'),
    around('{\nX\n} || {\nY\n}'),
    around('while read N; do\nX\ndone <<< V'),
  );
}
