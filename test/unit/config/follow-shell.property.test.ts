import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/config/write/edits';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';

/**
 * Stand-ins for trainers and other programs. Each prints its arguments and the exported variables. `cat` prints its
 * input, so that text from other commands is seen too.
 */
const PRELUDE = `PATH=
note() {
  printf '%s\\t' "$@"
  [[ \${A@a} == *x* ]] && printf 'A=%s\\t' "$A"
  [[ \${B@a} == *x* ]] && printf 'B=%s\\t' "$B"
  [[ \${L@a} == *x* ]] && printf 'L=%s\\t' "$L"
  echo
} >&3
llamafactory-cli() { note train "$@"; }
other() { note "$@"; }
cat() { local own; while read -r own; do note "$own"; done; }
`;

/** The arguments of every program that each script starts: one line per call. One process runs all scripts. */
function callsOf(scripts: readonly string[]): string[][] {
  const each = `(set --; ulimit -t 5; eval "$PRELUDE$script") 3>&4; printf '\\0' >&4`;
  const done = spawnSync('bash', ['-c', `PRELUDE=$0; for script; do ${each}; done`, PRELUDE, ...scripts], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ignore', 'pipe'],
    timeout: 60_000,
    encoding: 'utf8',
  });
  const outputs = (done.output[4] ?? '').split('\0').slice(0, -1);
  return outputs.map((output) => output.split('\n').slice(0, -1));
}

const TRAIN =
  'llamafactory-cli train --finetuning_type lora --optim sgd --lora_rank 8 --max_grad_norm 0 --weight_decay 0';

/** A call with new values for its flags. */
const moved = (call: string, flags: ReadonlyMap<string, string>): string =>
  [...flags].reduce((text, [name, value]) => text.replace(new RegExp(`(--${name}\\t)[^\\t]*`), `$1${value}`), call);

const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

describe.skipIf(!hasBash)('a number that is written in a variable', () => {
  it('reaches the flags of its run, and nothing else', () => {
    const written: { text: string; after: string; flags: ReadonlyMap<string, string> }[] = [];
    const scripts = fc.sample(script(), { numRuns: 400, seed: 12 });
    for (const text of scripts) {
      const reading = readConfig(text, 'train.sh');
      const flagsAt = text.indexOf('--run first');
      const at = reading.recipes.findIndex(({ stated }) => {
        const { start = 0 } = stated.alpha?.key ?? {};
        return start > flagsAt && !text.slice(flagsAt, start).includes('\n');
      });
      const result =
        at < 0 ? null : rewriteConfig(text, reading, at, (reading.recipes[at]?.alpha ?? 0) * 4, 'symmetric');
      if (!result || 'refusal' in result) continue;
      const [plan] = planConfig(text, reading, at, (reading.recipes[at]?.alpha ?? 0) * 4).plans;
      const changes = (plan?.configChanges ?? []).filter(({ where }) => where === 'file');
      const flags = new Map(changes.map(({ key, to }) => [key, to ?? '']));
      written.push({ text, after: applyEdits(text, result.edits), flags });
    }
    const calls = callsOf(written.flatMap(({ text, after }) => [text, after]));
    expect(calls.length).toBe(2 * written.length);
    for (const [i, { text, after, flags }] of written.entries()) {
      const [before = [], now] = calls.slice(2 * i);
      const own = before.findIndex((call) => call.startsWith('train\t') && call.includes('--run\tfirst'));
      const wanted = before.map((call, j) => (j === own ? moved(call, flags) : call));
      expect(now, `${text}\n---\n${after}`).toEqual(wanted);
    }
    expect(written.length / scripts.length).toBeGreaterThan(0.2);
  });
});

/** Lines that may use a variable, and how often they come. */
const NOISE: readonly [weight: number, lines: readonly string[]][] = [
  [20, ['X=V']],
  [10, ['other --y V']],
  [6, ['# N and $M', 'echo "is $N"']],
  [3, ['other "run of N"', 'other --x $N']],
  [
    2,
    [
      'if true; then echo $N; fi',
      "other 'a $N'",
      'other "a $((N * 2))"',
      'cat <<E\nx: $N\nE',
      "cat <<'E'\nx: $N\nE",
      `${TRAIN} --lora_alpha $N --learning_rate 0.1`,
      `${TRAIN} --lora_alpha 8 --learning_rate $N`,
      'export N',
      'N=$M',
    ],
  ],
  [
    1,
    [
      'C=$(echo $N); other $C',
      'C=$(\necho $N\n)\nother $C',
      'f() {\necho $N\n}\nother $(f)',
      'echo $N | cat',
      '{ echo $N; } | cat',
      'if true; then\necho $N\nfi | cat',
      'echo "$(other $N)"',
      'echo $N >&3',
      'for i in $(echo $N); do other $i; done',
      'exec >&3; echo $N',
      'export N=V',
      'N=V',
      'N=${N:-V}',
      ': ${N:=V}',
      'set -a',
      'Y=N; other ${!Y}',
      'eval "other \\$N"',
      '[[ N -gt 3 ]] && other big',
      'if [ "$N" = 32 ]; then other same; fi',
      'f() { other $N; }; f',
      'f() { N=V; }; f',
      'C=($N V); other ${C[@]}',
      'for i in 1 2; do other $i $N; done',
      'N=V other $M',
      'other ${N:1} ${#N}',
      'D="--x $N"; other $D',
      'read N <<< 5',
      'printf -v N 5',
      '(N=V; other $N)',
      'declare -i N=V',
      'unset N',
    ],
  ],
];

/** A script with one run to rescale, among lines that may use its variables. */
function script(): fc.Arbitrary<string> {
  const number = fc.constantFrom('32', '"32"', "'16'", '4');
  const name = fc.constantFrom('A', 'A', 'B', 'L');
  const line = (weight: number, text: string): fc.WeightedArbitrary<string> => ({
    weight,
    arbitrary: fc.tuple(name, name, number).map(([one, two, is]) => {
      return text.replaceAll('N', one).replaceAll('M', two).replaceAll('V', is);
    }),
  });
  const noise = fc.oneof(...NOISE.flatMap(([weight, lines]) => lines.map((text) => line(weight, text))));
  const flag = fc.constantFrom('$A', '"$A"', '${A}', '${A:-8}', '$B', '32');
  const rate = fc.constantFrom('$L', '"$L"', '0.1');
  const around = fc.constantFrom('#', '#', '#', 'if true; then\n#\nfi', 'g() {\n#\n}\ng', '{ #; }');
  return fc
    .tuple(number, fc.constantFrom('B=$A', 'B=8', 'B="$A"'), fc.array(noise, { maxLength: 4 }), flag, rate, around)
    .chain(([alpha, second, lines, own, learning, block]) => {
      const run = `${TRAIN} --run first --lora_alpha ${own} --learning_rate ${learning}`;
      const parts = [`A=${alpha}`, second, 'L=0.1', block.replace('#', run)];
      return fc
        .array(fc.integer({ min: 0, max: parts.length }), { minLength: lines.length, maxLength: lines.length })
        .map((places) => {
          const all = parts.map((part, i) => [...lines.filter((_, j) => places[j] === i), part]);
          return [...all.flat(), ...lines.filter((_, j) => places[j] === parts.length)].join('\n') + '\n';
        });
    });
}
