import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { resultsOf } from '../support/results';
import { expectVerdict, hideAndShow, openPanel } from './support/panel';
import { TRAINED_SOON, useWorkbench } from './support/suite';

const PYTHON = process.env['LORA_ALPHA_PYTHON'] ?? 'python3';
const hasLibraries = spawnSync(PYTHON, ['-c', 'import torch, peft']).status === 0;
if (!hasLibraries) process.stderr.write(`python: a run is not tried, because ${PYTHON} has no torch and PEFT\n`);

/**
 * A folder with a `python3`: the one of the real libraries where LORA_ALPHA_PYTHON names it, else a stand-in that writes
 * where the check would, because a machine without PyTorch has no check to run.
 */
function makePython(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-python-'));
  const results = path.join(folder, 'results.json');
  writeFileSync(results, resultsOf('mine.yml'));
  const standIn = `[ "$2 $3" = "--tiny --save" ] && mkdir -p "$4" && cp '${results}' "$4/check_alpha-20260131-101500.json"`;
  const program = hasLibraries ? `exec '${PYTHON}' "$@"` : standIn;
  writeFileSync(path.join(folder, 'python3'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  return folder;
}

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

describe('a Python that the editor starts', () => {
  const python = makePython();
  afterAll(() => rmSync(python, { recursive: true }));
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL, 'train.py': SCRIPT, 'tracking.py': 'def follow(model):\n    return model\n' },
    settings: TRAINED_SOON,
    startedWith: {
      env: {
        // A login shell, which is asked unless the editor was started by one, may forget the path.
        ...{ VSCODE_CLI: '1', PATH: `${python}:${process.env['PATH'] ?? ''}` },
        // Threads of so small a model wait for each other most of the time.
        OMP_NUM_THREADS: '1',
      },
    },
  });

  it('checks a plan, whose results are shown in the panel when it is over', { timeout: 300_000 }, async () => {
    const { page, read } = workbench();
    const panel = await openPanel(workbench(), 'mine.yml');
    await panel.settled();
    await panel.by('more').click();
    await panel.by('export-check').click();
    const dialog = page.locator('.quick-input-widget', { hasText: 'Export a check with PyTorch' });
    await dialog.locator('input').first().press('Enter');
    const offer = page.locator('.notification-list-item .monaco-button', { hasText: 'Run with a tiny model' });
    await offer.first().click();
    // A busy machine takes a minute to load PyTorch.
    await panel.frame.locator('#show-results[aria-selected="true"]').waitFor({ timeout: 200_000 });
    const title = /^"""LoRA Alpha: a check with PyTorch\. mine\.yml \(Axolotl\), alpha 64 against alpha 16:/;
    expect(read('check_alpha.py')).toMatch(title);
    // They came while the bar below was used.
    await expect
      .poll(() => panel.by('show-results').evaluate((tab) => tab.getBoundingClientRect().top))
      .toBeGreaterThanOrEqual(0);
    await expectVerdict(panel, 'identical');
    expect(await panel.by('verdict').getAttribute('data-stale')).toBeNull();
    const headline = panel.by('verdict').locator('strong');
    expect(await headline.innerText()).toBe('Identical with tiny llama');
    await panel.by('run').click();
    await panel.frame.locator('#show-run[aria-selected="true"]').waitFor();
    await panel.settled();
    expect(await headline.innerText()).toBe('The same run, to the last bit');
  });

  it.skipIf(!hasLibraries)(
    'runs a program, which is recorded, and in which a plan is tried without a change of a file',
    { timeout: 300_000 },
    async () => {
      const { page, read, write, command } = workbench();
      await command('View: Close All Editors');
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
      write('train.py', SCRIPT.replace('lr=1e-3', 'lr=2e-3'));
      await headline('differs from').waitFor();
      const link = panel.by('read-against-ran').getByRole('button');
      expect(await link.innerText()).toBe('line 15');
      await link.click();
      await panel.by('show-run').click();
      await hideAndShow(workbench(), 'train.py');
      write('train.py', SCRIPT);
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
    },
  );
});
