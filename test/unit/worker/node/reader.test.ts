import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  ConfigReader,
  ListAnswer,
  ListRequest,
  LookAnswer,
  LookRequest,
} from '../../../../src/worker/config-reader';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { nodeReader } from '../../../../src/worker/node/reader';
import { bundle } from '../support/bundle';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

let threadPath: string;
let reader: ConfigReader;
beforeAll(async () => {
  threadPath = await bundle('src/extension/questions/reader-thread.ts');
  reader = nodeReader({ threadPath });
});
afterAll(() => reader.dispose());

describe('a thread that reads configs', () => {
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

  it('says what a config holds, from text and from bytes', async () => {
    const fromText = await reader.read('/w/x.yml', AXOLOTL);
    expect(fromText).toMatchObject({
      trainer: 'Axolotl',
      recipes: [{ place: { line: 4 }, recipe: { rank: 16, scaling: 2 } }],
    });
    expect(await reader.read('/w/x.yml', new TextEncoder().encode(AXOLOTL))).toEqual(fromText);
  });

  it('says nothing of what is none', async () => {
    expect(await reader.read('/w/x.yml', 'services: {}\n')).toBeNull();
    expect(await reader.read('/w/x.json', '{"lora": ')).toBeNull();
  });

  it('answers each of many in its turn', async () => {
    const answers = await Promise.all(
      [8, 16, 32].map((alpha) => reader.read('/w/x.yml', AXOLOTL.replace('32', String(alpha)))),
    );
    expect(answers.map((answer) => answer?.recipes[0]?.recipe.alpha)).toEqual([8, 16, 32]);
  });

  it('gives up a file that takes too long, and reads the next in another thread', async () => {
    const impatient = nodeReader({ threadPath, limitMs: 0 });
    await expect(impatient.read('/w/x.yml', AXOLOTL)).rejects.toThrow(/^read|took/);
    impatient.dispose();
    expect(await reader.read('/w/x.yml', AXOLOTL)).not.toBeNull();
  });

  it('rejects what is under way when it is shut down, and everything after', async () => {
    const own = nodeReader({ threadPath });
    const underWay = own.read('/w/x.yml', AXOLOTL);
    const rejected = expect(underWay).rejects.toThrow('shut down');
    await Promise.resolve();
    await Promise.resolve();
    own.dispose();
    await rejected;
    await expect(own.read('/w/x.yml', AXOLOTL)).rejects.toThrow('shut down');
  });

  it.runIf(process.platform === 'linux')('gives way to the threads of the extension host', async () => {
    await reader.read('/w/x.yml', AXOLOTL);
    // The 19th word of a thread's state is its nice value; the second, in parentheses, may hold blanks.
    const niceOf = (thread: number | string): number =>
      Number(
        readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')[16],
      );
    // Another thread may end between the look at the folder and the look at it.
    const nices = readdirSync('/proc/self/task').flatMap((thread) => {
      try {
        return [niceOf(thread)];
      } catch {
        return [];
      }
    });
    expect(Math.max(...nices)).toBeGreaterThanOrEqual(constants.priority.PRIORITY_BELOW_NORMAL);
    expect(niceOf(process.pid)).toBe(getPriority());
  });

  it('ends its thread when nothing is left to read', async () => {
    const before = threads();
    const own = nodeReader({ threadPath, idleMs: 1 });
    await own.read('/w/x.yml', AXOLOTL);
    await expect.poll(threads).toBeLessThanOrEqual(before);
    own.dispose();
  });
});

describe('a thread that looks into files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-alpha look-%-'));
  const file = path.join(folder, 'x.yml');
  const ask = { url: pathToFileURL(file).href, path: '/w/x.yml', before: null, most: 1000 };
  beforeEach(() => writeFileSync(file, AXOLOTL));
  afterAll(() => rmSync(folder, { recursive: true }));

  const look = async (more: Partial<LookRequest> = {}): Promise<LookAnswer> => {
    if (!reader.look) throw new Error('it cannot look');
    return reader.look({ ...ask, ...more });
  };
  async function read(more: Partial<LookRequest> = {}): Promise<Extract<LookAnswer, { kind: 'read' }>> {
    const seen = await look(more);
    if (seen.kind !== 'read') throw new Error(`it was ${seen.kind}`);
    return seen;
  }

  it('says the same as of the text', async () => {
    const { summary, size } = await read();
    expect(summary).toEqual(await reader.read('/w/x.yml', AXOLOTL));
    expect(summary).not.toBeNull();
    expect(size).toBe(AXOLOTL.length);
  });

  it('reads again only what has another time or size', async () => {
    const { mtime, size } = await read();
    expect(await look({ before: { mtime, size } })).toEqual({ kind: 'same' });
    utimesSync(file, new Date(), new Date(mtime + 5000));
    expect((await read({ before: { mtime, size } })).summary).not.toBeNull();
    writeFileSync(file, `${AXOLOTL}# more\n`);
    utimesSync(file, new Date(), new Date(mtime));
    expect((await read({ before: { mtime, size } })).size).toBe(size + '# more\n'.length);
  });

  it('knows the code of a plan beside a config that names it, and reads again when that changes', async () => {
    const { code } = planConfig(AXOLOTL, readConfig(AXOLOTL, 'x.yml'), 0, 128).plans[0] ?? {};
    const beside = path.join(folder, 'rescale_init.py');
    writeFileSync(file, `${AXOLOTL.replace('32', '128')}plugins: [rescale_init.RescaleInit]\n`);
    const before = await read();
    expect(before.summary?.notUnderstood).toMatch(/rescale_init/);
    writeFileSync(beside, code ?? '');
    utimesSync(beside, new Date(), new Date(before.mtime + 5000));
    const { summary } = await read({ before, most: 5000 });
    expect([summary?.notUnderstood, summary?.recipes[0]?.recipe.initFactors]).toEqual([null, { A: 0.5, B: 0.5 }]);
    rmSync(beside);
  });

  it.each<[string, Partial<LookRequest>, string?]>([
    ['longer than asked for', { most: AXOLOTL.length - 1 }],
    ['a folder', { url: pathToFileURL(folder).href }],
    ['empty', {}, ''],
    ['other text', {}, 'services: {}\n'],
  ])('finds no config in what is %s', async (_, more, text = AXOLOTL) => {
    writeFileSync(file, text);
    expect((await read(more)).summary).toBeNull();
  });

  it('says why a file cannot be read, and goes on', async () => {
    const seen = await look({ url: `${pathToFileURL(file).href}.gone` });
    expect(seen).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('ENOENT') as string });
    expect((await read()).summary).not.toBeNull();
  });
});

describe('a thread that lists folders', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'lora-alpha list-%-'));
  beforeAll(() => {
    mkdirSync(path.join(root, 'folder'));
    mkdirSync(path.join(root, 'out'));
    for (const name of ['a.yml', 'b.py', 'c.txt', 'excluded.yml']) writeFileSync(path.join(root, name), AXOLOTL);
    for (const [name, target] of Object.entries({ 'up.yml': '..', all: '/', 'link.yml': 'c.txt', 'gone.yml': 'no' }))
      symlinkSync(target, path.join(root, name));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const list = async (more: Partial<ListRequest> = {}): Promise<ListAnswer> => {
    if (!reader.list) throw new Error('it cannot list');
    const { files, folders } = await reader.list({
      ...{ url: pathToFileURL(root).href, within: 'x/', exclude: ['x/out/**', '**/excluded.*'], most: 100 },
      ...more,
    });
    return { files: files.toSorted(), folders: folders.toSorted() };
  };

  it('names what can be a config and is not excluded, and follows no link to a folder', async () => {
    expect(await list()).toEqual({ files: ['a.yml', 'b.py', 'link.yml'], folders: ['folder'] });
    expect((await list({ within: '' })).folders).toEqual(['folder', 'out']);
  });

  it('names as many as were asked for', async () => {
    expect((await list({ most: 2 })).files).toHaveLength(2);
  });

  it('finds nothing where nothing can be read', async () => {
    const url = `${pathToFileURL(root).href}/gone`;
    expect(await list({ url })).toEqual({ files: [], folders: [] });
  });
});
