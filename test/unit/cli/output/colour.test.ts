import { describe, expect, it } from 'vitest';
import { paintFor, shown, unpainted, unspelled } from '../../../../src/cli/output/colour';

const paint = paintFor({ isTTY: true }, {});

describe('shown', () => {
  it('keeps our colours and spells out those of a file', () => {
    const text = `${paint('green', '✓ \u001b[31mred')}\u001b[2K\u001b]0;title\u0007`;
    expect(shown(text)).toBe('\u001b[32m✓ \\u001b[31mred\u001b[39m\\u001b[2K\\u001b]0;title\\u0007');
    expect(unspelled(text)).toBe('\u001b[32m✓ \u001b[31mred\u001b[39m\u001b[2K\u001b]0;title\u0007');
    expect(unpainted(paint('bold', 'a'))).toBe('a');
  });

  it.each([
    ['no colours', {}, { NO_COLOR: '1' }],
    ['a pipe', { isTTY: false }, {}],
  ])('leaves text alone with %s', (_, screen, env) => expect(paintFor(screen, env)('red', 'a')).toBe('a'));
});
