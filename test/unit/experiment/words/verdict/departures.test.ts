import { expect, it } from 'vitest';
import type { MovedNumber } from '../../../../../src/experiment/spec';
import { seenBy } from '../../../../../src/experiment/words/undecided-words';

const stays = (what: MovedNumber): Parameters<typeof seenBy>[0][number] => ({ what, owner: 'shared', by: 1, right: 2 });

it('names the number that would show a departure, each way once', () => {
  expect(seenBy([stays('maxGradNorm'), stays('maxGradNorm')])).toBe(
    'Max grad norm matters only if it is reached: a lower one would show it.',
  );
  expect(seenBy([stays('maxGradValue')])).toBe(
    'Max grad value matters only if it is reached: a lower one would show it.',
  );
});
