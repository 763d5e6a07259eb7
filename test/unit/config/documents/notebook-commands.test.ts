import { expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { notebookFile } from '../../../support/notebook';

// What other commands of notebooks are read as is in config/cases/notebooks.txt.
it('says of a command which cell may give it further flags from Python', () => {
  const source =
    '!python train_network.py --network_module=networks.lora --network_alpha 8 --network_dim 16 --unet_lr 1e-3 {more}';
  const reading = readConfig(notebookFile([{ kind: 'code', source }]), 'train.ipynb');
  expect(reading.recipes[0]?.learningRate).toBe(1e-3);
  expect(reading.findings.map(({ code, inCell }) => [code, inCell?.cell])).toContainEqual(['not-understood', 1]);
  expect(reading.recipes[0]?.assumed.maxGradNorm).toMatch('Flags in {…} may override this default.');
});
