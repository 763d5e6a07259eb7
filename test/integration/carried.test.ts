import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AppliedView } from '../../src/messages/panel';
import { AXOLOTL } from '../support/axolotl';
import * as editor from './support/editor';
import { check, closeAll, finished, openNew, rescaleTo, view, writeNew } from './support/editor';

const SCRIPT = `from peft import LoraConfig
from trl import SFTConfig, SFTTrainer
peft_config = LoraConfig(r=16, lora_alpha=16, target_modules=["q_proj"])
args = SFTConfig("out", learning_rate=2e-4, optim="adamw_torch", max_grad_norm=0.0)
trainer = SFTTrainer("some/model", args=args, train_dataset=data, peft_config=peft_config)
trainer.train()
`;

/** Editors differ in the last digit of a root. */
const divisor = (text: string): string => Number(/div_\((.*)\)/.exec(text)?.[1]).toFixed(9);

/** Rescales by the command that lightbulb, hover and walkthrough call; the list in the panel after it. */
async function rescaled({ uri }: vscode.TextDocument, from: number, to: number): Promise<AppliedView> {
  const { done } = await rescaleTo(to, uri);
  await vscode.commands.executeCommand('loraAlpha.applyPreview');
  await done;
  const { applied } = await view((now) => now.applied?.what === `alpha ${from} → ${to}`, 'the list');
  assert.ok(applied);
  return applied;
}

describe('a change is carried to its end', () => {
  before(editor.testApi);
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('by a list in the panel, until all is done, and a second one continues the first', async () => {
    const { document } = await openNew('carried/run.yml', AXOLOTL);
    const first = await rescaled(document, 16, 64);
    assert.deepEqual([first.isSaved, first.isCodePlaced, divisor(first.code ?? '')], [false, false, '2.000000000']);
    await document.save();
    await view(({ applied }) => applied?.isSaved === true, 'the config to be saved');
    await closeAll();
    await check((await editor.open(document.uri)).document.uri);
    await view(({ applied }) => applied?.isCodePlaced === false, 'the list in a panel that is opened again');
    // The code of the first is not in its place yet.
    const { code } = await rescaled(document, 64, 32);
    assert.equal(divisor(code ?? ''), '1.414213562');
    await document.save();
    // Code that is copied to its place is seen there.
    await writeNew('carried/rescale_init.py', code ?? '');
    await writeNew('carried/run.yml', `${document.getText()}plugins: [rescale_init.RescaleInit]\n`);
    await view(({ applied }) => applied?.isCodePlaced === true && applied.isNamed, 'the code to be in place');
    await closeAll();
    await check((await editor.open(document.uri)).document.uri);
    assert.equal((await finished()).applied, null);
  });

  it('and code in a script is changed with its numbers', async () => {
    const { document } = await openNew('carried.py', SCRIPT);
    const { code } = await rescaled(document, 16, 64);
    await editor.replace(document, 'trainer.train()', `${code}trainer.train()`);
    await view(({ applied }) => applied?.isCodePlaced === true, 'the code');
    assert.equal((await rescaled(document, 64, 32)).isCodePlaced, true);
    assert.equal(divisor(document.getText()), '1.414213562');
    assert.deepEqual((await finished()).notUnderstood, []);
  });

  it('and a file that is deleted while an editor shows it has neither a fresh verdict nor an Apply', async () => {
    const { document } = await openNew('deleted.yml', AXOLOTL);
    await check(document.uri);
    await finished();
    await vscode.workspace.fs.delete(document.uri);
    const { run, canApply } = await view(({ file }) => file.state === 'gone', 'the file to be gone');
    assert.deepEqual([run.stale, canApply], [true, false]);
    await writeNew('deleted.yml', AXOLOTL);
    await view(({ file }) => file.state === 'ok', 'the file to be back');
  });

  it('and a file that is not read has a lens that says why', async () => {
    const keys = Array.from({ length: 14_000 }, (_, i) => `k${i}: 1`).join('\n');
    const sweep = 'method: grid\nparameters:\n  lora_r: {value: 16}\n  lora_alpha: {values: [16, 32]}\n';
    const cases: [name: string, text: string, lens: string, says: RegExp][] = [
      ['large.yml', `${AXOLOTL}${keys}\n`, 'Too large to be read', /does not read files of that size/],
      ['sweep.yml', sweep, 'Not read by LoRA Alpha', /W&B sweeps/],
    ];
    for (const [name, text, lens, says] of cases) {
      const { document } = await openNew(name, text);
      assert.equal((await editor.lensesOf(document.uri))[0]?.title, lens);
      await check(document.uri);
      const { file } = await view((now) => now.file.name === name && now.file.state === 'unread', name);
      assert.match(file.message ?? '', says);
    }
  });
});
