import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, TOO_MUCH } from '../../../support/growth';
import { parseShell } from '../../../../src/config/syntax/shell';
import type { ScalarNode } from '../../../../src/config/syntax/tree';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from './trees';

const rootsOf = (text: string): unknown[] => plainTrees(parseShell(text));
const first = (text: string): unknown => rootsOf(text)[0];
const scalar = (text: string, path: string): ScalarNode => scalarIn(parseShell(text), path);

describe('a command line', () => {
  it.each([
    ['--key value', 'python t.py --lora_rank 8', { $command: 'python t.py', lora_rank: 8 }],
    ['--key=value', 'python t.py --lr=2e-4', { $command: 'python t.py', lr: 2e-4 }],
    ['dashes in names', 'axolotl train c.yml --lora-alpha 32', { $command: 'axolotl train c.yml', lora_alpha: 32 }],
    ['several values', 'x --m q_proj v_proj', { $command: 'x', m: ['q_proj', 'v_proj'] }],
    ['no value', 'x --use_peft --r 8', { $command: 'x', use_peft: true, r: 8 }],
    ['short flags', 'x -r 8 -a', { $command: 'x', r: 8, a: true }],
    ['negative numbers', 'x --min -0.5 --max -1', { $command: 'x', min: -0.5, max: -1 }],
    ['grouped digits', 'x --steps 20_000', { $command: 'x', steps: 20_000 }],
    ['quotes', `x --a "v a l" --b='16' "--c=3" --d=""`, { $command: 'x', a: 'v a l', b: 16, c: 3, d: null }],
    ['dotted names', 'litgpt f --optimizer.lr 1e-3', { $command: 'litgpt f', optimizer: { lr: 1e-3 } }],
    ['pairs of a flag', 'x --args "a=1" "b=0.9,0.99"', { $command: 'x', args: ['a=1', 'b=0.9,0.99'] }],
    [
      'Hydra',
      'x a.b.c=1 +a.b.d=2 ++e=[q,v] ~f',
      { $command: 'x', a: { b: { c: 1, d: 2 } }, e: ['q', 'v'], $removed: ['f'] },
    ],
    ['Hydra behind a flag', 'tune run r --config c m.a=16', { $command: 'tune run r', config: 'c', m: { a: 16 } }],
    ['the environment', 'CUDA_VISIBLE_DEVICES=0 LR=1 python t.py --r 8', { $command: 'python t.py', r: 8 }],
    ['redirections', 'python t.py --r 8 > log 2>&1 &', { $command: 'python t.py', r: 8 }],
    ['an odd name', 'x --a 16 --le%X%b 2', { $command: 'x', a: 16, $rest: ['--le%X%b', 2] }],
    ['further arguments', 'python t.py --r 8 "$@"', { $command: 'python t.py', r: 8, $further: ['<$@>'] }],
    [
      'further flags behind a switch',
      'x --r 8 --a ${MORE_ARGS}',
      { $command: 'x', r: 8, a: true, $further: ['<${MORE_ARGS}>'] },
    ],
    ['further words behind a value', 'x --r 8 $MORE', { $command: 'x', r: 8, $further: ['<$MORE>'] }],
    [
      'what may be nothing',
      'x ${MORE:-} --r 8 ${EXTRA:-}',
      { $command: 'x', r: 8, $further: ['<${MORE:-}>', '<${EXTRA:-}>'] },
    ],
    [
      'flags of a set variable',
      'x --a ${LR:+--lr $LR} --r 8',
      { $command: 'x', a: true, r: 8, $further: ['<${LR:+--lr $LR}>'] },
    ],
    ['flags of a file', 'x $(cat more.txt) --r 8', { $command: 'x', r: 8, $further: ['<$(cat more.txt)>'] }],
    [
      'a value from outside',
      'x --r $R --s "$S" --b 0.9 "$B"',
      { $command: 'x', r: '<$R>', s: '<$S>', b: [0.9, '<$B>'] },
    ],
    ['an empty default as a value', 'x --r ${R:-} --s 1', { $command: 'x', r: '<${R:-}>', s: 1 }],
    ['a file from outside', 'x $FILE --r 8', { $command: 'x', r: 8, $rest: ['<$FILE>'] }],
  ])('with %s', (_, text, wanted) => {
    expect(first(text)).toEqual(wanted);
  });

  it.each([
    ['accelerate launch --num_processes 1 --multi_gpu train.py --lora_rank 8', 'accelerate launch train.py'],
    ['torchrun --nproc_per_node 8 --master_port=1 src/train.py --lora_rank 8', 'torchrun src/train.py'],
    ['deepspeed --module openrlhf.cli.train_sft --lora_rank 8', 'deepspeed openrlhf.cli.train_sft'],
    ['python3 -u -m torch.distributed.launch --nproc_per_node=4 run_glue.py --lora_rank 8', 'python3 run_glue.py'],
    ['python -m verl.trainer.main_ppo --lora_rank 8', 'python verl.trainer.main_ppo'],
    ['nohup swift sft --lora_rank 8', 'nohup swift sft'],
    ['swift sft --lora_rank 8 --plugin p.py', 'swift sft'],
    ['$PYTHON train.py --lora_rank 8', 'train.py'],
    ['./venv/bin/python3.11 train.py c.json --lora_rank 8', './venv/bin/python3.11 train.py c.json'],
    ['srun --gpus 8 python train.py --lora_rank 8', 'srun python train.py'],
    ['uv run --with peft train.py --lora_rank 8', 'uv run train.py'],
    [
      'ray job submit --address=a -- python3 -m openrlhf.cli.train_ppo_ray --lora_rank 8',
      'ray job submit python3 openrlhf.cli.train_ppo_ray',
    ],
  ])('%s runs %s', (text, command) => {
    expect(first(text)).toMatchObject({ $command: command, lora_rank: 8 });
  });

  it("keeps the launcher's flags apart", () => {
    expect(first('accelerate launch --num_processes 1 --lora_rank 4 t.py --lora_rank 8')).toMatchObject({
      $launcher: { num_processes: 1, lora_rank: 4 },
      lora_rank: 8,
    });
  });

  it('has the exact place of every value', () => {
    for (const text of [
      'x --a=16',
      'x --a 16',
      'x --a "16"',
      "x '--a=16'",
      'x --a="16"',
      'x \\\r\n --a \\\r\n 16\r\n',
    ]) {
      const { inner, lock } = scalar(text, 'a');
      expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
    }
    expect(scalar('\uFEFFx --a 16', 'a').inner).toEqual({ start: 7, end: 9 });
  });

  it('ends where bash ends it: at a comment between its lines', () => {
    expect(first('x --a 1 \\\n # why\n  --b 2')).toEqual({ $command: 'x', a: 1, '$cut-off': '--b' });
  });
});

describe('a variable', () => {
  it('is followed to its number', () => {
    const { value, lock, origin } = scalar('LR=1e-4\npython t.py --lr $LR', 'lr');
    expect([value, lock, origin?.uses]).toEqual([1e-4, null, 1]);
    expect(origin?.node).toMatchObject({ raw: '1e-4', inner: { start: 3, end: 7 }, lock: null });
  });

  it('is locked if it is an array, and the lock names the line', () => {
    const { lock } = scalar('LR=1e-4\nR=(8 16)\npython t.py --r $R', 'r');
    expect(lock).toMatchObject({ code: 'reference', message: expect.stringContaining('set in line 2') as string });
  });

  it.each([
    ['R=16; x --a $R', 16],
    ['R=16; x --a="${R}"', 16],
    ['R=16; x --a "$R"', 16],
    ['export R=16; x --a $R', 16],
    ['R=16; R=32; x --a $R', 32],
    ['R=16; S=$R; x --a $S', 16],
    ['x --a ${R:-1e-4}', 1e-4],
    ['R=2; x --a ${R:-1e-4}', 2],
    [': "${R:=3}"; x --a $R', 3],
    ['R=016; x --a $R', 16],
    ['for R in 16; do x --a $R; done', 16],
    ['R=16; f() { x --a $R; }; f', 16],
    ['R=16; if true; then x --a $R; fi', 16],
  ])('%s', (text, value) => {
    const node = scalar(text, 'a');
    expect(node.value).toBe(value);
    expect(node.lock?.code ?? node.origin?.node?.raw).toEqual(expect.any(String));
  });

  it.each([
    ['x --a $1', '$1', 'an argument'],
    ['x --a $R', '$R', 'not set in this text'],
    ['x --a $(cat rank)', '$(cat rank)', 'computed'],
    ['R=8; x --a $((R * 2))', '$((R * 2))', 'computed'],
    ['x --a $((010))', '$((010))', 'computed'],
    ['for R in 16 32; do x --a $R; done', '$R', 'R = 16 and 32'],
    ['R=1\nif [ $2 ]; then R=2; fi; x --a $R', '$R', 'lines 1, 2'],
    ['[ $2 ] && R=2; x --a $R', '$R', 'only set if'],
    ['R=1\nif [ "$S" = 1 ]; then R=2; fi; x --a $R', '$R', 'lines 1, 2'],
    ['S=${S:-1}\nR=1\nif [ $S = 1 ]; then R=2; fi; x --a $R', '$R', 'lines 2, 3'],
    ['R=1\nif [ "${S:-1}" = 1 ]; then R=2; fi; x --a $R', '$R', 'lines 1, 2'],
    ['S=ab\nR=1\nif [[ $S == a* ]]; then R=2; fi; x --a $R', '$R', 'lines 2, 3'],
    ['S=1\nR=1\nif [ $S -eq 1 ] && [ -f data ]; then R=2; fi; x --a $R', '$R', 'lines 2, 3'],
    ['S=1\nR=1\n[ $S = 1 ] && [ -f data ] && R=2; x --a $R', '$R', 'lines 2, 3'],
    ['R=1\nf() { x --a $R; }\nf\nR=2\nf', '$R', 'Lines 1 and 4 may set'],
    ['S=1\nR=8\nif [ $S = 1 ]; then R=16; fi\nx --a $R', '$R', 'lines 2, 3'],
    ['S=1\nR=8\n[ $S = 1 ] && R=16\nx --a $R', '$R', 'lines 2, 3'],
    ['R=8\nsource ./settings.sh\nx --a $R', '$R', 'Line 2 may set any variable'],
    ['source ./settings.sh\nx --a ${R:-8}', '${R:-8}', 'Line 1 may set any variable'],
    ['R=8\n((R *= 2))\nx --a $R', '$R', 'Line 2 may set'],
    ['declare -i R=16; x --a $R', '$R', 'changed while'],
    ['R=8; x --a $(( ($R + 8) / 2 ))', '$(( ($R + 8) / 2 ))', 'computed'],
    ['R=8; x --a $(expr 2 \\* $R)', '$(expr 2 \\* $R)', 'computed'],
    ['R=${Q/a/b}; x --a $R', '$R', 'computed'],
    ['read R; x --a $R', '$R', 'Line 1 may set'],
    ['R=1; read R <<E\n2\nE\nx --a $R', '$R', 'Line 1 may set'],
    ["R=1; read -d '' R <<E\n2\\t\nE\nx --a $R", '$R', 'Line 1 may set'],
    ["R=1; read -r -d '' R S <<E\n2\nE\nx --a $R", '$R', 'Line 1 may set'],
    ['R=1; read R; x --a $R', '$R', 'Line 1 may set'],
  ])('%s is not known', (text, elsewhere, why) => {
    const node = scalar(text, 'a');
    expect(node).toMatchObject({ value: null, elsewhere });
    expect(node.lock?.message).toContain(why);
  });

  it.each([
    ['ARGS=(--lora_rank 8\n  --a 16 # why\n)\npython t.py "${ARGS[@]}" --z 1'],
    ['ARGS="--lora_rank 8 --a 16"\npython t.py $ARGS --z 1'],
    ['ARGS="--lora_rank 8"\nARGS="$ARGS --a 16"\npython t.py $ARGS --z 1'],
    ['ARGS=(--lora_rank 8)\nARGS+=(--a 16)\npython t.py ${ARGS[@]} --z 1'],
    ['ARGS="--lora_rank 8 \\\n  --a 16 \\\n"\npython t.py $ARGS --z 1'],
  ])('that holds flags gives its words, whose places are its own: %s', (text) => {
    expect(first(text)).toMatchObject({ lora_rank: 8, a: 16, z: 1 });
    const { inner, lock } = scalar(text, 'a');
    expect([text.slice(inner.start, inner.end), lock]).toEqual(['16', null]);
  });

  it.each([
    ['A=(--a 1)\nif [ "$1" ]; then A+=(--b 2 --c); fi\nx "${A[@]}" --z 1', 'A'],
    ['A=(--a 1)\nif [ "$1" ]; then A+=(--b=2 --c); fi\nx ${A[@]} --z 1', 'A'],
    ['A=(--a 1)\n[ "$1" ] && A+=(--b 2 --c)\nx "${A[@]}" --z 1', 'A'],
    ['if [ "$1" ]; then A="--b 2 --c"; fi\nx --a 1 --z 1 $A', 'A'],
    ['A=""\nif [ "$1" ]; then A="$A --b 2"; fi\nif [ "$2" ]; then A="$A --c"; fi\nx --a 1 --z 1 $A', 'A'],
    ['A=()\nif [ "$1" ]; then A=(--b 2); else A=(--c --b 3); fi\nx --a 1 --z 1 "${A[@]}"', 'A'],
  ])('that may hold further flags says which, and nothing of their values: %s', (text, name) => {
    expect(first(text)).toMatchObject({ a: 1, z: 1 });
    for (const key of ['b', 'c']) {
      const node = scalar(text, key);
      expect([node.value, typeof node.elsewhere]).toEqual([null, 'string']);
      expect(node.lock?.message).toContain(`the variable ${name}, which is`);
    }
  });

  it('that may hold pairs says which', () => {
    const text = 'A=(--o lion)\nif [ "$1" ]; then A+=(--args d=0.1 "e=1e-8"); fi\nx "${A[@]}"';
    expect(first(text)).toMatchObject({ o: 'lion', args: ['<d=0.1>', '<e=1e-8>'] });
  });

  it('that two commands take is locked', () => {
    const text = 'A=(--a 16)\nx "${A[@]}" --b 1\ny "${A[@]}" --b 2';
    expect(scalar(text, 'a').lock?.code).toBe('shared');
    expect(scalar(text, 'b').lock).toBeNull();
  });
});

describe('a script', () => {
  it('has a root for every command with flags, and one for its assignments', () => {
    const roots = rootsOf('export A=1\ncd d && x --a 1 | tee log\nB="t"\n(y --b 2)\nmkdir d');
    expect(roots).toEqual([
      { $command: 'x', a: 1 },
      { $command: 'y', b: 2 },
      { A: 1, B: 't' },
    ]);
  });

  it('says where it is broken', () => {
    expect(parseShell('x --a "1')).toMatchObject({ ok: false, offset: 6 });
  });

  it.each([
    ['a text that doubles', 'A="$A $A"\n'],
    ['a list that doubles', 'A=("${A[@]}" "${A[@]}" x)\n'],
    ['a sum', 'A=$((A + A))\n'],
    ['conditions', 'if [ $A ]; then A=1; fi\n'],
    ['nested commands', '$('],
    ['nested blocks', '{ ( '],
    ['an open heredoc', 'cat <<A\n'],
  ])('is read in no time, whatever its size: %s', (_, line) => {
    const parse = (letters: number): unknown => parseShell(`A=1\n${line.repeat(letters / line.length)}x --a $A\n`);
    expect(growthOf(parse, 25_000)).toBeLessThan(TOO_MUCH);
  });

  it('ends where the text ends, behind a last letter that escapes nothing', () => {
    const text = 'a --b <<E#`\\';
    valuesStandWhereTheySay(text, parseShell(text));
    expect(first(text)).toMatchObject({ $command: 'a', b: true });
    const windows = `c --b 1\r\n${text}`;
    valuesStandWhereTheySay(windows, parseShell(windows));
  });

  it('takes any text', () => {
    const piece = fc.constantFrom(
      '--a',
      '=',
      '$A',
      '"',
      "'",
      '\\',
      '\n',
      '\r\n',
      ' ',
      '16',
      '(',
      ')',
      '{',
      '}',
      '<<E',
      'E',
      ';',
      '#',
      '$((',
      '`',
      'x',
      'A=1',
      '|',
      '&&',
      'if',
      'fi',
      'do',
      'done',
      'for i in',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        valuesStandWhereTheySay(text, parseShell(text));
      }),
      { numRuns: 2000 },
    );
  });
});
