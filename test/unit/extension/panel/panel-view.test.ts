import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { outlookOf, type PanelChoice } from '../../../../src/extension/panel/outlook';
import { noRun } from '../../../../src/extension/runs/runs';
import { fileViewOf, viewOf } from '../../../../src/extension/panel/panel-view';
import type { AppliedView, ChangeRow, FileView, PanelView } from '../../../../src/messages/panel';

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
  change: Partial<PanelChoice> = {},
  file: Partial<FileView> = {},
  applied: AppliedView | null = null,
): PanelView {
  const source = { text, reading: readConfig(text, name) };
  const choice: PanelChoice = { network: 0, target: { alpha: 64 }, plan: 'symmetric', task: 'auto', ...change };
  const outlook = outlookOf(source, choice, { backend: 'cpu' });
  const none = { run: noRun().view, results: null, measured: {}, proposal: null };
  return viewOf({ ...none, file: { ...FILE, ...file }, source, choice, outlook, applied });
}

describe('viewOf', () => {
  it('shows what changes, with a note where nobody wrote a number', () => {
    const { changes } = viewFor(AXOLOTL, 'train.yml');
    const row = (name: string): ChangeRow | undefined => changes.find(({ key }) => key === name);
    expect(row('learning_rate')).toMatchObject({ from: '3e-4', to: '1.5e-4', line: 6, note: '' });
    expect(row('max_grad_norm')).toMatchObject({ to: '2.0', line: null, note: 'default' });
    expect(row('init of A')).toMatchObject({ to: '0.5', note: 'in code' });
  });

  it('says by how much a number moves that stands in no file', () => {
    const rate = viewFor(ADAPTER, 'adapter_config.json').changes.find(({ note }) => note === 'in your script');
    expect(rate?.to).toBe('your value ÷ 2');
  });

  it('can apply only what is whole and changes something', () => {
    expect(viewFor(AXOLOTL, 'train.yml').canApply).toBe(true);
    expect(viewFor(AXOLOTL, 'train.yml', { target: { alpha: 16 } }).canApply).toBe(false);
    expect(viewFor(AXOLOTL, 'train.yml', {}, { state: 'broken' }).canApply).toBe(false);
  });

  it('shows what was written beside a file that has nothing to change any more', () => {
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
    const done = { what: 'alpha 16 → 64', outside: '', code: 'x', codeFile: null };
    const applied = { ...done, isSaved: true, isNamed: false, isCodePlaced: false, canInsert: true };
    const view = viewFor(text, 'train.yml', {}, {}, applied);
    expect(view).toMatchObject({ applied, code: null, plans: [], changes: [], canApply: false });
    expect(view.refusal).toContain('nothing to change');
  });

  it('gives the page what it computes a row with, while the target moves', () => {
    const moves = (change: Partial<PanelChoice>, key: string): unknown =>
      viewFor(AXOLOTL, 'train.yml', change).changes.find((row) => row.key === key)?.moves;
    for (const alpha of [48, 5, 3]) {
      expect(moves({ target: { alpha } }, 'learning_rate')).toEqual({
        from: expect.closeTo(3e-4, 12) as number,
        power: -0.5,
      });
      expect(moves({ target: { alpha } }, 'init of A')).toMatchObject({ power: -0.5 });
    }
    expect(moves({ target: { alpha: 16, rslora: true } }, 'learning_rate')).toMatchObject({ power: -0.5 });
  });

  it('lists what was not understood with its line, and locks Apply where a number may hide there', () => {
    const text = `from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments

model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16))
args = TrainingArguments(output_dir="out", learning_rate=1e-4, weight_decay=cli.decay)
Trainer(model=model, args=args, train_dataset=rows).train()
`;
    const view = viewFor(text, 'train.py');
    expect(view.notUnderstood).toMatchObject([{ line: 5, source: 'weight_decay=cli.decay' }]);
    expect(view.claim).toContain('Not understood: line 5');
    expect(view).toMatchObject({ canApply: false });
    // The list of lines says why.
    expect(view.locked).toBe('');
    expect(view.plans.flatMap(({ caveats }) => caveats.map(({ code }) => code))).not.toContain('not-understood');
    expect(view.notes.join()).not.toContain('Not understood:');
  });

  it('offers init code with the plan that needs it, and none with the other', () => {
    expect(viewFor(AXOLOTL, 'train.yml').code).toContain('lora_A');
    expect(viewFor(AXOLOTL, 'train.yml', { plan: 'lr-only' }).code).toBeNull();
  });

  it('says why a file is not read, and of other files that they are no config', () => {
    const fileOf = (text: string, path: string): FileView =>
      fileViewOf({ path: `/w/${path}` } as Parameters<typeof fileViewOf>[0], readConfig(text, path), true);
    const other = fileOf('{"peft_type": "LOHA", "r": 8}', 'adapter_config.json');
    expect(other).toMatchObject({ state: 'unread', message: expect.stringContaining('LOHA') as string });
    expect(fileOf('services: {}\n', 'compose.yml')).toMatchObject({ state: 'foreign' });
  });
});
