import { describe, expect, it } from 'vitest';
import { AXOLOTL } from '../support/axolotl';
import { expectVerdict, openPanel } from './support/panel';
import { useWorkbench } from './support/suite';

describe('in an extension host without Node', () => {
  const workbench = useWorkbench({
    files: { 'mine.yml': AXOLOTL },
    startedWith: { 'remote.extensionKind': { 'lora-alpha.lora-alpha': ['web'] } },
  });

  it('trains in the panel itself', async () => {
    const panel = await openPanel(workbench(), 'mine.yml');
    await expectVerdict(panel, 'identical');
    expect(await panel.by('run-summary').innerText()).toMatch(/^(wasm|webgl|cpu)\b/);
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(workbench().violations).toEqual([]);
  });
});
