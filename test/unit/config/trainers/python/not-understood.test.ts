import { expect, it } from 'vitest';
import { DOUBTS, doubts, unread } from './scripts';

// `npx vitest -u` writes what is said now; look at each case that loses its doubts.
it('names what may reach the run and is not known to be harmless', async () => {
  const said = doubts().map(({ head, text }) =>
    [`#### ${head}`, ...unread(text).map((doubt) => `=> ${doubt}`)].join('\n'),
  );
  await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot(DOUBTS);
});
