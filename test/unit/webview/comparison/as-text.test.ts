import { describe, expect, it } from 'vitest';
import { comparisonStateOf } from '../../../webview-preview/comparison-states';
import { comparisonAsText } from '../../../../src/webview/comparison/as-text';

describe('comparisonAsText', () => {
  it('says all that the page says', () => {
    const text = comparisonAsText(comparisonStateOf('different').view);
    expect(text).toMatch(
      /^- llama3-lora\.yml: \/home\/me\/recipes\/llama3-lora\.yml \(Axolotl · adamw_torch · rank 16; s = α\/r = 16\/16 = 1\)$/m,
    );
    expect(text).toContain('Different runs. In house-rule.yml, B learns 4× faster');
    expect(text).toContain('| alpha | 16 | 64 | × 4 |');
    expect(text).toContain('| reach of B | 2e-4 | 8e-4 | × 4 | B learns 4× faster. |');
    expect(text).toMatch(/lora_alpha 64 → 16, lr_scheduler linear → cosine \(by hand\)/);
  });

  it('says what a training showed, while it is about these files', () => {
    const said = (state: string): string => comparisonAsText(comparisonStateOf(state).view);
    expect(said('train-same')).toContain(
      'Trained side by side: Both train alike, to the last bit. Every loss of 200 steps has the same bits. Alpha alone:',
    );
    expect(said('train-stale')).not.toContain('Trained side by side');
  });

  it('keeps the columns of a table whatever a file holds', () => {
    const view = comparisonStateOf('different').view;
    const [row] = view.differences;
    if (!row) throw new Error('nothing differs');
    const text = comparisonAsText({ ...view, differences: [{ ...row, first: 'a|b\nc' }] });
    expect(text).toContain('| a\\|b c |');
  });
});
