import { describe, it } from 'vitest';
import { useWorkbench } from './support/suite';

describe('the sample workspace', () => {
  const workbench = useWorkbench();

  it('opens in a window of its own', { timeout: 120_000 }, async () => {
    const { page, command, choose } = workbench();
    await command('LoRA: Open the sample workspace');
    const opened = page.context().waitForEvent('page');
    await choose('In a new folder');
    const sample = await opened;
    await sample.locator('.explorer-folders-view .monaco-list-row', { hasText: 'axolotl-llama3.yml' }).dblclick();
    await sample.locator('.codelens-decoration a', { hasText: 'At alpha 64: lr 1e-4' }).waitFor();
    await sample.close();
  });
});
