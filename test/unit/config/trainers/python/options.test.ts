import path from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';
import { doubts, unread } from './scripts';

const OPTIONS = path.join(import.meta.dirname, 'options.txt');

// `npx vitest -u` writes what is read now: a rate that is not certain is null.
it('reads the defaults of options that nothing sets', async () => {
  const said = doubts(OPTIONS).map(({ head, text }) => {
    const { learningRate, scheduler, optimizer } = readConfig(text, 'train.py').recipes[0] ?? {};
    const read = `=> rate ${learningRate}, optimizer ${optimizer?.name}, scheduler ${scheduler}`;
    return [`#### ${head}`, read, ...unread(text).map((doubt) => `=> ${doubt}`)].join('\n');
  });
  expect(said.length).toBeGreaterThan(50);
  await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot(OPTIONS);
});
