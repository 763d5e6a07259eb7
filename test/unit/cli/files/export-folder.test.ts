import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertOnlyExports, writeFolder } from '../../../../src/cli/commands/export';
import { EXPORT_MARK } from '../../../../src/config/hint';

const OURS = `${EXPORT_MARK} train.py"""\n`;

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lora-alpha-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('assertOnlyExports', () => {
  it('takes a new folder, an empty one, and one with earlier exports, their results and hidden files', async () => {
    await assertOnlyExports(at('new'));
    await assertOnlyExports(folder);
    await writeFile(at('sweep.py'), OURS);
    await writeFile(at('.DS_Store'), 'x');
    await mkdir(at('results'));
    await mkdir(at('__pycache__'));
    await assertOnlyExports(folder);
  });

  it.each([
    ['a file of yours', 'mine.py', 'print(1)\n', /mine\.py: exists and is not an export of LoRA Alpha/],
    ['an export under text of yours', 'mine.py', `# mine\n${OURS}`, /mine\.py: exists and is not an export/],
    ['a folder of yours', 'data', null, /data: is no regular file/],
  ])('refuses a folder with %s', async (_, name, text, message) => {
    await writeFile(at('sweep.py'), OURS);
    await (text === null ? mkdir(at(name)) : writeFile(at(name), text));
    await expect(assertOnlyExports(folder)).rejects.toThrow(message);
  });

  it('refuses a file', async () => {
    await writeFile(at('config.yml'), 'a: 1\n');
    await expect(assertOnlyExports(at('config.yml'))).rejects.toThrow('is a file; --out must be a folder');
  });
});

describe('writeFolder', () => {
  it('makes the folder, replaces earlier files of the same names, and names the others', async () => {
    const other = 'alpha_8_rank_8_symmetric.py';
    expect(await writeFolder(at('a', 'b'), [{ name: 'sweep.py', text: OURS }])).toEqual([]);
    await writeFile(at('a', 'b', other), OURS);
    expect(await writeFolder(at('a', 'b'), [{ name: 'sweep.py', text: `${OURS}1\n` }])).toEqual([other]);
    expect(await readFile(at('a', 'b', 'sweep.py'), 'utf8')).toBe(`${OURS}1\n`);
    expect(await readdir(at('a', 'b'))).toHaveLength(2);
  });

  it('says why a folder cannot be made', async () => {
    await writeFile(at('file'), '');
    await expect(writeFolder(at('file', 'b'), [])).rejects.toThrow('cannot be made: a part of its path is not');
  });
});
