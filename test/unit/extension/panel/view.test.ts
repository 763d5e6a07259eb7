import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { outlookOf, type Choice } from '../../../../src/extension/panel/model';
import { noRun } from '../../../../src/extension/panel/run-state';
import { viewOf, type FileView } from '../../../../src/extension/panel/view';
import { panelView, type PanelView } from '../../../../src/messages/panel';

const AXOLOTL = `base_model: some/model
adapter: lora
lora_r: 8
lora_alpha: 16
optimizer: adamw_torch
learning_rate: 3e-4
`;
const ADAPTER = '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}';

const FILE: FileView = { name: 'train.yml', path: '/train.yml', state: 'ok', message: null, line: null };

function viewFor(
  text: string,
  name: string,
  change: Partial<Choice> = {},
  file: Partial<FileView> = {},
  news = '',
): PanelView {
  const source = { text, reading: readConfig(text, name) };
  const choice: Choice = { network: 0, targetAlpha: 64, plan: 'symmetric', task: 'auto', ...change };
  const outlook = outlookOf(source, choice, { backend: 'cpu' });
  return viewOf({ file: { ...FILE, ...file }, source, choice, outlook, run: noRun().view, measured: {}, news });
}

describe('viewOf', () => {
  it('fits the schema the page checks it with', () => {
    for (const view of [viewFor(AXOLOTL, 'train.yml'), viewFor(ADAPTER, 'adapter_config.json')]) {
      expect(v.safeParse(panelView, view).success).toBe(true);
    }
  });

  it('shows what changes, with a note where nobody wrote a number', () => {
    const { changes } = viewFor(AXOLOTL, 'train.yml');
    expect(changes.find(({ key }) => key === 'learning_rate')).toMatchObject({
      from: '3e-4',
      to: '1.5e-4',
      line: 6,
      note: '',
    });
    expect(changes.find(({ key }) => key === 'max_grad_norm')).toMatchObject({
      to: '2.0',
      line: null,
      note: 'default',
    });
    expect(changes.find(({ key }) => key === 'init of A')).toMatchObject({ to: '0.5', note: 'in code' });
  });

  it('says by how much a number moves that stands in no file', () => {
    const rate = viewFor(ADAPTER, 'adapter_config.json').changes.find(({ note }) => note === 'in your script');
    expect(rate?.to).toBe('yours ÷ 2');
  });

  it('can apply only what is whole and changes something', () => {
    expect(viewFor(AXOLOTL, 'train.yml').canApply).toBe(true);
    expect(viewFor(AXOLOTL, 'train.yml', { targetAlpha: 16 }).canApply).toBe(false);
    expect(viewFor(AXOLOTL, 'train.yml', {}, { state: 'broken' }).canApply).toBe(false);
  });

  it('says what was written, once the file says what the target does', () => {
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
    expect(viewFor(text, 'train.yml').refusal).toContain('nothing to change');
    expect(viewFor(text, 'train.yml', {}, {}, 'Written: alpha 16 → 64.').refusal).toBe('Written: alpha 16 → 64.');
    expect(viewFor(AXOLOTL, 'train.yml', {}, {}, 'Written: alpha 16 → 64.').refusal).toBeNull();
  });

  it('offers init code with the plan that needs it, and none with the other', () => {
    expect(viewFor(AXOLOTL, 'train.yml').code).toContain('lora_A');
    expect(viewFor(AXOLOTL, 'train.yml', { plan: 'lr-only' }).code).toBeNull();
  });
});
