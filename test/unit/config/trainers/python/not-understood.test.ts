import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { casesIn, unread } from './scripts';

const FILE = path.join(import.meta.dirname, 'doubts.txt');

// `npx vitest -u` writes what is said now; look at each case that loses its doubts.
it('names what may reach the run and is not known to be harmless', async () => {
  const said = casesIn(readFileSync(FILE, 'utf8')).map(({ head, text }) =>
    [`#### ${head}`, ...unread(text).map((doubt) => `=> ${doubt}`)].join('\n'),
  );
  await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot(FILE);
});
