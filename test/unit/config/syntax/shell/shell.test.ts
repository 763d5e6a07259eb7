import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../../../src/config/syntax/shell/bash';
import type { ScalarNode } from '../../../../../src/config/syntax/tree';
import { plainTrees, scalarIn, valuesStandWhereTheySay } from '../trees';

const rootsOf = (text: string): unknown[] => plainTrees(parseShell(text));
const first = (text: string): unknown => rootsOf(text)[0];
const scalar = (text: string, path: string): ScalarNode => scalarIn(parseShell(text), path);

describe('a command line', () => {
  it.each([
    ['dashes in names', 'axolotl train c.yml --lora-alpha 32', { $command: 'axolotl train c.yml', lora_alpha: 32 }],
    ['several values', 'x --m q_proj v_proj', { $command: 'x', m: ['q_proj', 'v_proj'] }],
    ['no value', 'x --use_peft --r 8', { $command: 'x', use_peft: true, r: 8 }],
    ['short flags', 'x -r 8 -a', { $command: 'x', r: 8, a: true }],
    ['negative numbers', 'x --min -0.5 --max -1', { $command: 'x', min: -0.5, max: -1 }],
    ['grouped digits', 'x --steps 20_000', { $command: 'x', steps: 20_000 }],
    ['quotes', `x --a "v a l" --b='16' "--c=3" --d=""`, { $command: 'x', a: 'v a l', b: 16, c: 3, d: null }],
    ['dotted names', 'litgpt f --optimizer.lr 1e-3', { $command: 'litgpt f', optimizer: { lr: 1e-3 } }],
    ['pairs of a flag', 'x --args "a=1" "b=0.9,0.99"', { $command: 'x', args: ['a=1', 'b=0.9,0.99'] }],
    ['Hydra', 'x a.b.c=1 +a.b.d=2 ++e=[q,v] ~f', { $command: 'x', a: { b: { c: 1, d: 2 } }, e: ['q', 'v'] }],
    ['Hydra behind a flag', 'tune run r --config c m.a=16', { $command: 'tune run r', config: 'c', m: { a: 16 } }],
    ['the environment', 'CUDA_VISIBLE_DEVICES=0 LR=1 python t.py --r 8', { $command: 'python t.py', r: 8 }],
    ['an odd name', 'x --a 16 --le%X%b 2', { $command: 'x', a: 16 }],
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
    ['a file from outside', 'x $FILE --r 8', { $command: 'x', r: 8 }],
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

  it("leaves out the launcher's flags", () => {
    expect(first('accelerate launch --num_processes 1 --lora_rank 4 t.py --lora_rank 8')).toEqual({
      $command: 'accelerate launch t.py',
      lora_rank: 8,
    });
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
    ['x --a ${R:-1e-4}', 1e-4],
    ['R=2; x --a ${R:-1e-4}', 2],
    ['R=${R:-3}; x --a $R', 3],
    ['f() { R=${R:-3}; x --a $R; }; f', 3],
    ['R=016; x --a $R', 16],
    ["read -r -d '' R <<E\n2\nE\nx --a $R", 2],
  ])('%s', (text, value) => {
    expect(scalar(text, 'a').value).toBe(value);
  });

  it.each([
    ['R=8; x --a $(( ($R + 8) / 2 ))', '$(( ($R + 8) / 2 ))', 'computed'],
    ['R=8; x --a $(expr 2 \\* $R)', '$(expr 2 \\* $R)', 'computed'],
    ['R=${Q/a/b}; x --a $R', '$R', 'computed'],
    ['R=1\nf() { x --a $R; }\nf\nR=2\nf', '$R', 'Lines 1 and 4 may set'],
    ['source ./settings.sh\nx --a ${R:-8}', '${R:-8}', 'Line 1 may set any variable'],
    ['R=8\nfor i in 1 2; do\nx --a $R\nsource ./settings.sh\ndone', '$R', 'Line 4 may set any variable'],
    ['R=8\nf() { source ./settings.sh; }\nf\nx --a $R', '$R', 'may set'],
    ['declare -i R=16; x --a $R', '$R', 'Line 1 may set'],
    [': ${R:=3}; x --a $R', '$R', 'Line 1 may set'],
    ['R+=3; x --a $R', '$R', 'Line 1 may set'],
    ['R[1]=3; x --a $R', '$R', 'Line 1 may set'],
    ['R=([1]=3); x --a $R', '$R', 'Line 1 may set'],
    ['R=1; read R <<E\n2\nE\nx --a $R', '$R', 'Line 1 may set'],
    ["read -d '' R <<E\n2\\t\nE\nx --a $R", '$R', 'Line 1 may set'],
    ["read -r -d '' R S <<E\n2\nE\nx --a $R", '$R', 'Line 1 may set'],
    ["read -d '' R <<E\n2\nE\nx --a $R", '$R', 'Line 1 may set'],
  ])('%s is not known', (text, unresolved, why) => {
    const node = scalar(text, 'a');
    expect(node).toMatchObject({ value: null, unresolved });
    expect(node.lock?.message).toContain(why);
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

  it.each([
    ['S=./a/train_network.py', 'S="b/sdxl_train_network.py"', 'python train_network.py'],
    ['S=a/train_network.py', 'S=a/train_db.py', 'python'],
    ['S=train_network.py', 'S=$1', 'python'],
    ['S=train_network.py', 'S=', 'python'],
  ])('knows how its program ends if all branches agree: %s, %s', (one, other, program) => {
    const [command] = rootsOf(`${one}\nif [ $x ]; then\n  ${other}\nfi\npython $S --r 8\n`);
    expect(command).toMatchObject({ $command: program, r: 8 });
  });

  it('says where it is broken', () => {
    expect(parseShell('x --a "1')).toMatchObject({ ok: false, offset: 6 });
  });

  it('ends where the text ends, behind a last letter that escapes nothing', () => {
    const text = 'a --b <<E#`\\';
    valuesStandWhereTheySay(text, parseShell(text));
    expect(first(text)).toMatchObject({ $command: 'a', b: true });
    const windows = `c --b 1\r\n${text}`;
    valuesStandWhereTheySay(windows, parseShell(windows));
  });
});
