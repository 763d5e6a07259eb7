import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { changedLines } from './changed-lines';

/** Whether anything is written. Without a known alpha there is no recipe to rewrite. */
const isWritten = (text: string, path: string): boolean =>
  readConfig(text, path).recipes.length > 0 && Array.isArray(changedLines(text, path));

/** A run with SGD, so that only alpha and the learning rate change. */
const run = (alpha: string, rate = '0.1', before = ''): string =>
  `${before}llamafactory-cli train --finetuning_type lora --optim sgd --lora_rank 8 --lora_alpha ${alpha} --learning_rate ${rate} --max_grad_norm 0 --weight_decay 0`;

const OTHER = 'llamafactory-cli train --finetuning_type lora --lora_rank 8 --lora_alpha 8 --learning_rate 0.1';

describe('a number in a variable of bash', () => {
  it.each([
    ['plain', 'A=32', '$A', ['A=128']],
    ['in quotes', 'A="32"', '"$A"', ['A="128"']],
    ['in single quotes', "A='32'", '${A}', ["A='128'"]],
    ['behind another variable', 'A=32\nB=$A', '$B', ['A=128']],
    ['in a flag’s lower-case name', 'lora_alpha=32', '$lora_alpha', ['lora_alpha=128']],
    ['with a default that never holds', 'A=32', '${A:-8}', ['A=128']],
    ['beside others on its line', 'R=8 A=32 # alpha', '$A', ['R=8 A=128 # alpha']],
    ['named in comments and prose', '# A is alpha\nA=32\necho "A good run"', '$A', ['A=128']],
    ['in a function', 'f() {\nA=32', '$A', ['A=128']],
    ['behind Windows’ line ends', 'A=32\r', '$A', ['A=128\r']],
    ['beside arithmetic of others', 'A=32\nS=$((R * 2))', '$A', ['A=128']],
  ])('is written where it is assigned: %s', (_, before, alpha, wanted) => {
    const text = `R=8\n${before}\n${run(alpha)}${before.startsWith('f()') ? '\n}\nf' : ''}\n`;
    expect(changedLines(text, 'train.sh')).toEqual([...wanted, expect.stringContaining('--learning_rate 0.025 ')]);
  });

  it('is written in an array that the command takes', () => {
    const text = 'A=32\nARGS=(--lora_alpha $A)\n' + run('1').replace('--lora_alpha 1', '"${ARGS[@]}"');
    expect(changedLines(text, 'train.sh')).toEqual(['A=128', expect.stringContaining('--learning_rate 0.025 ')]);
  });

  it('is written once where all that take it move alike', () => {
    const text =
      'L=1e-4\naccelerate launch train_network.py --network_module networks.lora --network_dim 8 --network_alpha 8 --optimizer_type AdamW --optimizer_args weight_decay=0 eps=1e-8 --max_grad_norm 0 --learning_rate $L --unet_lr $L --text_encoder_lr "$L"\n';
    const lines = changedLines(text, 'train.sh');
    expect(lines[0]).toBe('L=5e-5');
    expect(lines[1]).toMatch(/--network_alpha 32 .*--learning_rate \$L --unet_lr \$L --text_encoder_lr "\$L"$/);
  });

  it('gets new flags behind the quotes around the variable', () => {
    const text =
      'A=8\nL=1e-4\n' +
      run('$A', '"$L"')
        .replace('--optim sgd ', '')
        .replace(/ --weight_decay 0$/, '');
    const lines = changedLines(text, 'train.sh');
    expect(lines.slice(0, 2)).toEqual(['A=32', 'L=5e-5']);
    expect(lines[2]).toContain('--learning_rate "$L" --adam_epsilon 2e-8');
  });

  it.each([
    ['the rank', '', '$A', '', 5],
    ['another program', 'other --x $A', '8', '', 3],
    ['another run', '', '8', OTHER.replace('alpha 8', 'alpha "$A"'), 5],
    ['the name of a folder', 'mkdir out-$A', '8', '', 3],
    ['arithmetic', 'B=$((A * 2))', '8', '', 3],
    ['arithmetic on several lines', 'B=$((\nA * 2))', '8', '', 4],
    ['a test of numbers', '[[ A -eq 3 ]]', '8', '', 3],
    ['a command in single quotes', "bash -c 'other $A'", '8', '', 3],
    ['a heredoc', 'cat <<X\n$A\nX', '8', '', 4],
    ['a file', 'echo $A > alpha.txt', '8', '', 3],
    ['a pipe', 'echo $A | other', '8', '', 3],
    ['a variable', 'echo ${B:=$A}', '8', '', 3],
    ['the result of a function', 'f() {\n  echo $A\n}', '8', '', 4],
    ['the environment', 'export A', '8', '', 3],
    ['a slice', 'B=${X:A}', '8', '', 3],
    ['its length', 'B=${#A}', '8', '', 3],
  ])('is refused where %s takes it, with the line', (_, before, rank, after, line) => {
    const text = `\nA=32\n${before}\n\n${run('$A').replace('rank 8', `rank ${rank}`)}\n${after}\n`;
    const at = rank === '8' ? (after === '' ? line : line + 1) : line;
    expect(changedLines(text, 'train.sh')).toBe(
      `This value comes from the variable A, set in line 2 and also used in line ${at}. Write a number here first.`,
    );
  });

  it.each([
    ['exported', 'export A=32'],
    ['declared', 'declare -x A=32'],
    ['assigned in a script that exports all', 'set -e -a\nA=32'],
    ['assigned in a script that computes names', 'A=32\nN=B\necho ${!N}'],
    ['a default', 'A=${A:-32}'],
    ['a computed number', 'A=$((4 * 8))'],
    ['an array', 'A=(32)'],
    ['two pieces', 'A=3"2"'],
    ['assigned twice', 'A=32\nA=32'],
    ['assigned in a branch', 'if [ "$1" ]; then A=32; fi'],
    ['assigned before a file is sourced', 'A=32\n. ./settings.sh'],
    ['there for a file that is sourced later', `A=32\n${run('$A')}\n. ./more.sh`],
  ])('is refused where it is %s', (_, before) => {
    expect(isWritten(`${before}\n${run('$A')}\n`, 'train.sh')).toBe(false);
  });

  it('is refused if an array passes it to two commands', () => {
    const text = `A=32\nARGS=(--lora_alpha $A)\n${run('1').replace('--lora_alpha 1', '"${ARGS[@]}"')}\nother --x 1 "\${ARGS[@]}"\n`;
    expect(changedLines(text, 'train.sh')).toMatch(/^2 commands of this script share this value/);
  });

  it('is refused where a flag takes a part of it', () => {
    expect(changedLines(`A=3\n${run('${A}2')}\n`, 'train.sh')).toMatch(/^This value comes from the variable A/);
  });

  it.each(['--run_name "r8_a$A"', 'trainer.experiment_name=x-${A}'])(
    'is written where only a name follows it: %s',
    (name) => {
      const text = `A=32\n${run('$A')} ${name}\n`;
      expect(changedLines(text, 'train.sh')).toEqual(['A=128', expect.stringContaining('--learning_rate 0.025 ')]);
      expect(isWritten(`A=32\n${run('$A')} --data_name_or_path $A\n`, 'train.sh')).toBe(false);
    },
  );

  it('has the place of its assignment in the reading', () => {
    const [recipe] = readConfig(`A=32\n${run('$A')}\n`, 'train.sh').recipes;
    expect(recipe?.stated.alpha).toMatchObject({ line: 1, column: 3, path: 'lora_alpha' });
  });
});

describe('a number in a variable of PowerShell', () => {
  it.each([
    ['plain', '$Alpha = 32', '$alpha', '$Alpha = 128'],
    ['in quotes', '$a = "32"', '"$a"', '$a = "128"'],
    ['behind another variable', '$a = 32\n$b = $a', '$b', '$a = 128'],
    ['beside a comment', '$a = 32 # alpha a', '${a}', '$a = 128 # alpha a'],
    ['behind an environment', '. .\\venv\\Scripts\\activate.ps1\n$a = 32', '$a', '$a = 128'],
  ])('is written where it is assigned: %s', (_, before, alpha, line) => {
    const lines = changedLines(`${before}\n${run(alpha)}\n`, 'train.ps1');
    expect(lines).toEqual([line, expect.stringContaining('--learning_rate 0.025 ')]);
  });

  it.each([
    ['another program', 'other --x $A'],
    ['a text', '$b = "alpha $A"'],
    ['an expression', '$b = $a * 2'],
    ['a splat', 'other @A'],
    ['a scope of its own', '$b = ${script:a}'],
  ])('is refused where %s takes it, with the line', (_, use) => {
    expect(changedLines(`$a = 32\n${use}\n${run('$a')}\n`, 'train.ps1')).toMatch(/ and also used in line 2\. /);
  });

  it.each([
    ['assigned twice', '$a = 32\n$a = 32'],
    ['read by another script', '$a = 32\n.\\more.ps1'],
    ['a parameter', 'param($a = 32)'],
    ['computed', '$a = 4 * 8'],
    ['read by its name', '$a = 32\nGet-Variable a'],
    ['the variable of a loop', '$a = 32\nforeach ($a in 1, 2) { x --b 1 }'],
  ])('is refused where it is %s', (_, before) => {
    expect(isWritten(`${before}\n${run('$a')}\n`, 'train.ps1')).toBe(false);
  });
});
