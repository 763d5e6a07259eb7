import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectVerdict, hideAndShow, openPanel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

const PYTHON = process.env['LORA_ALPHA_PYTHON'] ?? 'python3';
const hasLibraries = spawnSync(PYTHON, ['-c', 'import torch, peft']).status === 0;
if (!hasLibraries) process.stderr.write(`own-run: skipped, because ${PYTHON} has no torch and PEFT\n`);

/** A loop that trains LoRA on one layer. `follow` is a function that no reader knows. */
const SCRIPT = `import torch
from peft import LoraConfig, get_peft_model
from tracking import follow

class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = torch.nn.Linear(16, 16)

    def forward(self, x):
        return self.q_proj(x)

torch.manual_seed(1)
model = get_peft_model(Layer(), LoraConfig(r=4, lora_alpha=16, target_modules=["q_proj"]))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
follow(model)
x, y = torch.randn(8, 16), torch.randn(8, 16)
for _ in range(200):
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
open("saved", "w").close()
`;

/** A folder whose `python3` is the one with the libraries. */
function makePython(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-python-'));
  writeFileSync(path.join(folder, 'python3'), `#!/bin/sh\nexec '${PYTHON}' "$@"\n`, { mode: 0o755 });
  return folder;
}

describe.skipIf(!hasLibraries)("the user's own run", () => {
  const python = makePython();
  afterAll(() => rmSync(python, { recursive: true }));
  const workbench = useWorkbench({
    files: { 'train.py': SCRIPT, 'tracking.py': 'def follow(model):\n    return model\n' },
    settings: TRAINED_SOON,
    startedWith: { env: { VSCODE_CLI: '1', PATH: `${python}:${process.env['PATH'] ?? ''}` } },
  });

  it('is recorded, and a plan is tried in it without a change of a file', { timeout: 300_000 }, async () => {
    const { page, read } = workbench();
    const panel = await openPanel(workbench(), 'train.py');
    await panel.settled();
    expect(await panel.by('not-understood').innerText()).toContain('follow');
    await panel.by('settle').click();
    const asked = (title: string) => page.locator('.quick-input-widget', { hasText: title }).locator('input').first();
    await expect.poll(() => asked('Record the run').inputValue()).toBe('python3 train.py');
    await asked('Record the run').press('Enter');
    const headline = (words: string) => panel.by('verdict').getByText(`Your run ${words} this file`);
    await headline('agrees with').waitFor({ timeout: 120_000 });
    expect(await panel.by('show-results').getAttribute('aria-selected')).toBe('true');
    expect(await panel.by('deviation-heading').textContent()).toBe('Learning rate');
    expect(await panel.frame.locator('#deviation-plot .end').allTextContents()).toEqual(['A, B']);
    expect(await panel.by('delta-w').locator('tbody tr').allInnerTexts()).toHaveLength(1);
    expect(await panel.by('delta-w').textContent()).toMatch(/q_proj.*4.*4/);
    // The recording is held against the file again, whenever that changes, and comes back after a hidden page.
    workbench().write('train.py', SCRIPT.replace('lr=1e-3', 'lr=2e-3'));
    await headline('differs from').waitFor();
    const link = panel.by('read-against-ran').getByRole('button');
    expect(await link.innerText()).toBe('line 15');
    await link.click();
    await panel.by('show-run').click();
    await hideAndShow(workbench(), 'train.py');
    workbench().write('train.py', SCRIPT);
    await panel.by('show-results').click();
    await headline('agrees with').waitFor();
    await panel.by('more').click();
    await panel.by('try-run').click();
    await asked('in your run').press('Enter');
    await panel.frame.locator('#show-results[aria-selected="true"]').waitFor({ timeout: 200_000 });
    expect(await panel.by('show-results').innerText()).toBe('Your run');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('read-against-ran').innerText()).toContain('The recording agrees with this file.');
    expect(await panel.by('delta-w').textContent()).toContain('q_proj');
    expect(read('train.py')).toBe(SCRIPT);
    expect(() => read('saved')).toThrow();
  });
});
