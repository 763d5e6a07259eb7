import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../../src/extension/own-run/command';

const NAMES = ['a b', '$(touch x)', '`touch x`', '"; touch x; "', "it's", '${HOME}', 'a;b&c|d>e', '!!', '*', 'ü%PATH%'];

describe.skipIf(process.platform === 'win32')('commandFor', () => {
  it.each([
    ['train.py', 'python3', '/bin/bash', 'python3 train.py'],
    ['-c.py', '/my env/python', '/bin/bash', '"/my env/python" ./-c.py'],
    ['train.py', '/my env/python', '/usr/bin/pwsh', '& "/my env/python" train.py'],
    ['run.sh', '', '/bin/bash', 'bash run.sh'],
    ['$&”;b.yml', '', '/usr/bin/pwsh', "trl sft --config '$&”;b.yml'"],
    ["it's $(x).py", 'python3', '/bin/bash', ''],
    ['a\\"b.py', 'python3', '/bin/bash', ''],
  ])('starts %j', (file, python, shell, command) => {
    expect(commandFor(file, 'trl', python, shell)).toBe(command);
  });

  it.each(NAMES)('gives a shell the file name %j and nothing to run', (name) => {
    const shown = commandFor(`${name}.yml`, 'trl', '', '/bin/bash').replace('trl sft --config', "printf '%s'");
    expect(execFileSync('bash', ['-c', shown], { encoding: 'utf8' })).toBe(`${name}.yml`);
  });
});
