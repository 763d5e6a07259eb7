import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { copySample } from '../../src/extension/sample/open-sample';
import { fileOf, testApi } from './support/editor';

describe('the sample workspace', () => {
  before(testApi);

  it('is copied into a new folder each time, and its configs are read', async () => {
    const extension = vscode.extensions.getExtension('lora-alpha.lora-alpha');
    assert.ok(extension);
    const parent = vscode.Uri.joinPath(fileOf('x'), '..', '..', 'samples');
    try {
      const first = await copySample(extension.extensionUri, parent);
      const second = await copySample(extension.extensionUri, parent);
      assert.deepEqual(
        [first, second].map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
        ['lora-alpha-sample', 'lora-alpha-sample-2'],
      );
      const config = vscode.Uri.joinPath(second, 'axolotl-llama3.yml');
      const bytes = await vscode.workspace.fs.readFile(config);
      assert.match(new TextDecoder().decode(bytes), /^lora_alpha: 16$/m);
    } finally {
      await vscode.workspace.fs.delete(parent, { recursive: true });
    }
  });
});
