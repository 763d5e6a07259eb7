import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AdapterView } from '../../src/messages/adapter';
import { ADAPTER_EDITOR, COMMANDS } from '../../src/extension/ids';
import { adapterFolder, CONFIG, ggufFile, modelFile } from '../support/trained-adapter';
import {
  closeAll,
  fileOf,
  itInNewest,
  lensesOf,
  open,
  openNew,
  replace,
  testApi,
  until,
  writeNew,
} from './support/editor';
import { own } from './support/language';

const FOLDER = 'adapter';
const at = (name: string): string => `${FOLDER}/${name}`;
const LENS = 'What engines make of it';

/** What the editor shows, once everything that is measured without being asked for is. */
async function shown(file: string): Promise<AdapterView> {
  const api = await testApi();
  return until(() => {
    const view = api.adapterView();
    const isDone = view && ('wrong' in view.adapter || view.measured.length === view.adapter.modules.length);
    return isDone && view.file === file && view;
  }, `the editor of ${file}`);
}

describe('a trained adapter', () => {
  before(async () => {
    const [weights, config] = adapterFolder();
    for (const source of [weights, config, modelFile()]) {
      const bytes = await source.read(0, source.size);
      await vscode.workspace.fs.writeFile(fileOf(at(source.name)), bytes);
    }
  });
  afterEach(closeAll);
  after(async () => vscode.workspace.fs.delete(fileOf(FOLDER), { recursive: true }));

  it('opens in an editor of its own with the config beside it, and is measured', async () => {
    await vscode.commands.executeCommand(COMMANDS.openAdapter, fileOf(at('adapter_model.safetensors')));
    const { adapter, measured } = await shown('adapter_model.safetensors');
    assert.ok(!('wrong' in adapter));
    const scalings = [...new Set(adapter.modules.map(({ scaling }) => scaling))];
    assert.deepEqual([measured.length, scalings], [32, [4, 8, 16 / Math.sqrt(32)]]);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom, true);
  });

  it('opens as .gguf, too', async () => {
    await vscode.workspace.fs.writeFile(fileOf(at('gguf/adapter.gguf')), ggufFile());
    await vscode.commands.executeCommand(COMMANDS.openAdapter, fileOf(at('gguf/adapter.gguf')));
    const { adapter, measured } = await shown('adapter.gguf');
    assert.ok(!('wrong' in adapter));
    const said = adapter.modules.map(({ name, rank, scaling }) => [name, rank, scaling]);
    assert.deepEqual([adapter.layout, said, measured.length], ['gguf', [['blk.0.attn_q', 4, 2]], 1]);
  });

  itInNewest('follows the disk', async () => {
    await vscode.commands.executeCommand(COMMANDS.openAdapter, fileOf(at('adapter_model.safetensors')));
    await shown('adapter_model.safetensors');
    await writeNew(at('adapter_config.json'), JSON.stringify({ ...CONFIG, lora_alpha: 0, alpha_pattern: {} }));
    const faults = await until(async () => {
      const now = (await shown('adapter_model.safetensors')).adapter;
      return !('wrong' in now) && now.faults.length > 0 && now.faults.map(({ code }) => code);
    }, 'the faults');
    assert.deepEqual(faults, ['alpha-zero']);
  });

  it('is no file of a model: the editor says in a sentence what it holds', async () => {
    await vscode.commands.executeCommand('vscode.openWith', fileOf(at('model.safetensors')), ADAPTER_EDITOR);
    const { adapter } = await shown('model.safetensors');
    const wrong = 'model.safetensors holds no LoRA: its tensors (2) begin with model.embed_tokens.weight, F32 8 × 4.';
    assert.deepEqual(adapter, { wrong });
  });

  it('has a lens in its config that opens it, and its faults among the problems until the config is closed', async () => {
    const text = JSON.stringify(CONFIG, null, 2);
    const { document } = await openNew(at('adapter_config.json'), text);
    const lenses = (await lensesOf(document.uri)).filter(({ title }) => title === LENS);
    const line = text.split('\n').findIndex((each) => each.includes('lora_alpha')) + 1;
    assert.deepEqual(lenses, [{ line, title: LENS, command: COMMANDS.openAdapter }]);
    const faults = (): string[] =>
      own(document.uri)
        .filter(({ code }) => typeof code === 'object' && code.value === 'adapter-fault')
        .map(({ range, message }) => `${document.getText(range)} ${message}`)
        .sort();
    await replace(document, '"r": 16', '"r": 8');
    await replace(document, '"lora_alpha": 16', '"lora_alpha": 0');
    await replace(document, '"v_proj": 32', '"x_proj": 32');
    const expected = [
      '"lora_alpha" alpha is 0 (modules: 32). sd-scripts and llama.cpp then multiply by 1, PEFT and vLLM by 0.',
      '"r" The config says another rank than the tensors have (modules: 28).',
      '"x_proj" No module matches the pattern x_proj.',
    ];
    await until(() => faults().length === 3, 'the faults');
    assert.deepEqual(faults(), expected);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => faults().length === 0, 'the faults to go');
  });

  it('has no lens where no weights lie beside its config', async () => {
    await writeNew('alone/adapter_config.json', JSON.stringify(CONFIG));
    const { document } = await open('alone/adapter_config.json');
    assert.deepEqual(
      (await lensesOf(document.uri)).filter(({ title }) => title === LENS),
      [],
    );
    await vscode.workspace.fs.delete(fileOf('alone'), { recursive: true });
  });
});
