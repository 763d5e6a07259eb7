import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../../src/extension/own-run/command';

describe.skipIf(process.platform === 'win32')('commandFor', () => {
  it.each([
    ['train.py', null, 'python3', '/bin/bash', 'python3 train.py'],
    ['a b/c.yml', 'axolotl', '', '/bin/bash', 'axolotl train "a b/c.yml"'],
    ['$&.yml', 'trl', '', '/bin/bash', "trl sft --config '$&.yml'"],
    ['run.sh', null, '', '/bin/bash', 'bash run.sh'],
    ['-c.py', null, 'python3', '/bin/bash', 'python3 ./-c.py'],
    ['train.py', null, '/my env/python', '/bin/bash', '"/my env/python" train.py'],
    ['train.py', null, '/my env/python', '/usr/bin/pwsh', '& "/my env/python" train.py'],
    ["it's $(x).py", null, 'python3', '/bin/bash', ''],
    ['a\\"b.py', null, 'python3', '/bin/bash', ''],
    ['a”;b.yml', 'trl', '', '/usr/bin/pwsh', "trl sft --config 'a”;b.yml'"],
  ])('starts %j (%s)', (file, trainer, python, shell, command) => {
    expect(commandFor(file, trainer, python, shell)).toBe(command);
  });

  it.each([
    'a b',
    '$(touch x)',
    '`touch x`',
    '"; touch x; "',
    "it's",
    '${HOME}',
    'a;b&c|d>e',
    '!!',
    '*',
    '~',
    'ü%PATH%',
  ])('gives a shell the file name %j and nothing to run', (name) => {
    const command = commandFor(`${name}.yml`, 'trl', '', '/bin/bash');
    const shown = execFileSync('bash', ['-c', command.replace('trl sft --config', "printf '%s'")], {
      encoding: 'utf8',
    });
    expect(shown).toBe(`${name}.yml`);
  });
});
