import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, fileOf, itInNewest, openNew, previewOf, testApi, unseen, until, writeNew } from './support/editor';
import { actionsAt, expectProblems, own, placeOf, providers } from './support/language';

const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;

const LLAMAFACTORY = `model_name_or_path: some/model
stage: sft
finetuning_type: lora
lora_rank: 8  # small
lora_target: all
learning_rate: 1.0e-4
`;

const KOHYA = `network_module = "networks.lora"
network_dim = 16  # a comment
learning_rate = 1e-4
optimizer_type = "AdamW"
`;

const find = (actions: readonly vscode.CodeAction[], title: string): vscode.CodeAction =>
  actions.find((action) => action.title.startsWith(title)) ??
  assert.fail(`no ${title} among ${actions.map((action) => action.title).join(', ')}`);

async function apply({ edit }: vscode.CodeAction): Promise<void> {
  assert.ok(edit, 'the action has no edit');
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** What our provider answers, of which the editor's command leaves out the disabled and what is attached. */
async function provided(
  document: vscode.TextDocument,
  words: string,
  only: vscode.CodeActionKind,
  diagnostics: vscode.Diagnostic[] = [],
): Promise<vscode.CodeAction[]> {
  const context = { diagnostics, only, triggerKind: vscode.CodeActionTriggerKind.Invoke };
  const { token } = new vscode.CancellationTokenSource();
  return (await providers()).provideCodeActions(document, placeOf(document, words), context, token);
}

describe('code actions', () => {
  before(testApi);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('mend a finding, explain it, and have the problem attached', async () => {
    const { document } = await openNew('kohya.toml', KOHYA);
    await expectProblems(document.uri, ['2 Warning alpha-implied']);
    const actions = await actionsAt(document, '16  #', QuickFix);
    const [fix] = actions.filter(({ edit }) => edit);
    assert.ok(fix);
    assert.equal(fix.kind?.value, QuickFix.value);
    assert.equal(fix.isPreferred, true);
    const diagnostics = own(document.uri);
    const attached = await provided(document, '16  #', QuickFix, diagnostics);
    assert.ok(attached.length >= 2);
    for (const action of attached) assert.deepEqual(action.diagnostics, diagnostics);
    await apply(fix);
    assert.equal(document.getText(), KOHYA.replace('# a comment\n', '# a comment\nnetwork_alpha = 1\n'));
    await expectProblems(document.uri, []);
    await document.save();
    const explain = find(actions, 'Explain this finding');
    assert.deepEqual(explain.command?.arguments, ['alpha-implied']);
    await vscode.commands.executeCommand(explain.command?.command ?? '', ...(explain.command?.arguments ?? []));
    const isPreview = (tab: vscode.Tab): boolean => /alpha-implied/.test(tab.label);
    await until(() => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isPreview)), 'the explanation');
  });

  it('give a file the scaling of the adapter that it goes on from', async () => {
    const config = 'finetuning_type: lora\nlora_rank: 8\nlora_alpha: 64\nresume_from_checkpoint: out/other\n';
    const adapter = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['q_proj'] };
    await writeNew('out/other/adapter_config.json', JSON.stringify(adapter));
    const { document } = await openNew('onward.yaml', config);
    // In Restricted Mode no file is opened because another one names it.
    if (!vscode.workspace.isTrusted) return expectProblems(document.uri, ['4 Warning run-resumes']);
    await expectProblems(document.uri, ['4 Warning run-resumes', '4 Warning adapter-differs']);
    const actions = await actionsAt(document, 'out/other', QuickFix);
    const conversion = find(actions, 'Convert the adapter with a Python file (convert_checkpoint.py)');
    await apply(conversion);
    const { command = '', arguments: args = [] } = conversion.command ?? {};
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    await until(
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('convert_checkpoint.py') === true,
      'the file that converts',
    );
    assert.match(
      vscode.window.activeTextEditor?.document.getText() ?? '',
      /lora_alpha=16[^]*lora_alpha=64[^]*P, Q = 2, 2\b/,
    );
    // The numbers of the file are the user's to change.
    assert.ok(!actions.some(({ title }) => title.startsWith('Set ')));
  });

  it('open no device that a file calls its adapter', async () => {
    await writeNew('out/endless/README.md', '');
    await symlink('/dev/zero', fileOf('out/endless/adapter_config.json').fsPath);
    const config = 'finetuning_type: lora\nlora_rank: 8\nlora_alpha: 64\nresume_from_checkpoint: out/endless\n';
    const { document } = await openNew('endless.yaml', config);
    await expectProblems(document.uri, ['4 Warning run-resumes']);
  });

  itInNewest('write implied values down, changing no other line', async () => {
    const document = await unseen('lf.yaml', LLAMAFACTORY);
    const actions = await actionsAt(document, 'lora_rank', RefactorRewrite);
    await apply(find(actions, 'Write the implied alpha down (lora_alpha 16)'));
    const withAlpha = LLAMAFACTORY.replace('# small\n', '# small\nlora_alpha: 16\n');
    assert.equal(document.getText(), withAlpha);
    await apply(find(await actionsAt(document, 'lora_rank', RefactorRewrite), 'Write the other implied values down'));
    const lines = document.getText().split('\n');
    assert.deepEqual(
      lines.filter((line) => withAlpha.split('\n').includes(line)),
      withAlpha.split('\n'),
    );
    assert.ok(lines.includes('max_grad_norm: 1.0'), document.getText());
    const again = await actionsAt(document, 'lora_rank', RefactorRewrite);
    assert.ok(!again.some(({ title }) => title.startsWith('Write the other')));
    await document.save();
  });

  it('that cannot be done say why', async () => {
    const document = await unseen('equal.yml', AXOLOTL);
    const actions = await provided(document, 'lora_alpha', RefactorRewrite);
    assert.equal(find(actions, 'Set alpha = rank').disabled?.reason, 'Alpha is 16, as the rank is.');
    assert.equal(find(actions, 'Write the implied alpha').disabled?.reason, 'lora_alpha is written already.');
    assert.equal(find(actions, 'Rescale to alpha').disabled, undefined);
  });

  itInNewest('and hovers and lenses that nobody waits for any more are not made', async () => {
    const document = await unseen('late.yml', AXOLOTL);
    const features = await providers();
    const range = placeOf(document, 'lora_alpha');
    const context = { diagnostics: [], only: undefined, triggerKind: vscode.CodeActionTriggerKind.Automatic };
    // Nobody waits any more once the text is being read.
    const given = async <T>(provide: (token: vscode.CancellationToken) => Promise<T>): Promise<T> => {
      const waiting = new vscode.CancellationTokenSource();
      const answer = provide(waiting.token);
      waiting.cancel();
      return answer;
    };
    assert.deepEqual(await given((token) => features.provideCodeActions(document, range, context, token)), []);
    assert.deepEqual(await given((token) => features.provideCodeLenses(document, token)), []);
    assert.equal(await given((token) => features.provideHover(document, range.start, token)), undefined);
  });

  it('set alpha to the rank through the preview', async () => {
    const text = AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 64');
    const { document } = await openNew('unity.yml', text);
    const { command } = find(await actionsAt(document, 'lora_alpha', RefactorRewrite), 'Set alpha = rank');
    assert.equal(command?.command, 'loraAlpha.rescale');
    const { done } = await previewOf(command.command, ...((command.arguments ?? []) as unknown[]));
    assert.equal(document.getText(), text);
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    assert.match(document.getText(), /^lora_alpha: 16 {2}# as in the recipe$/m);
    assert.match(document.getText(), /^learning_rate: 0\.0004$/m);
  });

  itInNewest('are none where there is no recipe, and no refactorings beside one', async () => {
    const document = await unseen('quiet.yml', AXOLOTL);
    assert.deepEqual(await actionsAt(document, 'base_model'), []);
    const foreign = await unseen('lora-services.yml', 'services:\n  lora:\n    image: nginx\n');
    assert.deepEqual(await actionsAt(foreign, 'nginx'), []);
  });
});
