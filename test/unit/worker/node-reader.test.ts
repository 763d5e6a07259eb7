import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeReader } from '../../../src/worker/node-reader';
import type { Reader } from '../../../src/worker/reader';
import { bundle } from './support/bundle';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

describe('a thread that reads configs', () => {
  let threadPath: string;
  let reader: Reader;
  beforeAll(async () => {
    threadPath = await bundle('src/worker/node-reader-thread.ts', 'reader-node');
    reader = nodeReader({ threadPath });
  });
  afterAll(() => reader.dispose());

  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

  it('says what a config holds, from text and from bytes', async () => {
    const fromText = await reader.read('/w/x.yml', AXOLOTL);
    expect(fromText).toMatchObject({ trainer: 'Axolotl', recipes: [{ line: 4, recipe: { rank: 16, scaling: 2 } }] });
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
    await expect(impatient.read('/w/x.yml', AXOLOTL)).rejects.toThrow(/summarise|took/);
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

  it('ends its thread when nothing is left to read', async () => {
    const before = threads();
    const own = nodeReader({ threadPath, idleMs: 1 });
    await own.read('/w/x.yml', AXOLOTL);
    await expect.poll(threads).toBeLessThanOrEqual(before);
    own.dispose();
  });
});
