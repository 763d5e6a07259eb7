import { describe, expect, it } from 'vitest';
import { choiceOf, ranged, toggled, toggledAll } from '../../../../src/webview/recipes/choice';

const SHOWN = ['a', 'b', 'c', 'd', 'e'];

describe('choosing rows', () => {
  it('keeps the order they were chosen in', () => {
    const choice = toggled(toggled(toggled(choiceOf([]), 'c'), 'a'), 'd');
    expect(choice.ids).toEqual(['c', 'a', 'd']);
    expect(toggled(choice, 'a').ids).toEqual(['c', 'd']);
  });

  it('chooses a range in either direction, and lets go what it shrinks by', () => {
    const begun = toggled(choiceOf(['e']), 'b');
    const long = ranged(begun, 'd', SHOWN);
    expect(long.ids).toEqual(['e', 'b', 'c', 'd']);
    expect(ranged(long, 'c', SHOWN).ids).toEqual(['e', 'b', 'c']);
    expect(ranged(long, 'a', SHOWN).ids).toEqual(['e', 'b', 'a']);
  });

  it('begins a range where it is told, if nothing was chosen before or that row is hidden', () => {
    expect(ranged(choiceOf([]), 'c', SHOWN, 'b').ids).toEqual(['b', 'c']);
    expect(ranged(toggled(choiceOf([]), 'x'), 'c', SHOWN).ids).toEqual(['x', 'c']);
  });

  it('chooses all that are shown, then none of them; what is hidden stays as it is', () => {
    const all = toggledAll(choiceOf(['x', 'b']), SHOWN);
    expect(all.ids).toEqual(['x', 'b', 'a', 'c', 'd', 'e']);
    expect(toggledAll(all, SHOWN).ids).toEqual(['x']);
  });
});
