import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { COMMANDS } from '../../src/extension/ids';
import type { PanelView, ResultsView } from '../../src/messages/panel';
import EQUIVALENT from '../fixtures/results/equivalent.json';
import {
  answeredWithNothing,
  closeAll,
  fileOf,
  finished,
  open as openFile,
  replace,
  testApi,
  view,
  writeNew,
} from './support/editor';

/** What a check of this config wrote. */
function resultsOf(config: string, model = 'tiny llama'): string {
  const { check: checked, environment, ...more } = EQUIVALENT;
  return JSON.stringify({ ...more, check: { ...checked, config }, environment: { ...environment, model } });
}

const open = (uri: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand(COMMANDS.openResults, uri);

/** What the panel shows of results of this model. */
async function shown(
  model: string,
  condition: (results: ResultsView, now: PanelView) => boolean,
): Promise<ResultsView> {
  const { results } = await view(
    (now) => now.results?.model === model && condition(now.results, now),
    `the results of ${model}`,
  );
  assert.ok(results);
  return results;
}

describe('results of a PyTorch check', () => {
  before(closeAll);
  afterEach(closeAll);

  it('open the panel of the config beside their folder, with the plan they checked, and stay there', async () => {
    await writeNew('results.yml', AXOLOTL);
    await writeNew('lora-alpha-results/one.json', resultsOf('results.yml'));
    await open(fileOf('lora-alpha-results/one.json'));
    const { isShown, run, modules } = await shown('tiny llama', (_, { target }) => target.alpha === 48);
    assert.ok(isShown);
    assert.equal(run.verdict.headline, 'Equivalent with tiny llama');
    assert.equal(run.verdict.aside, '');
    assert.equal(run.stale, false, run.verdict.aside);
    assert.equal(modules.length, 14);
    // Another rate is another plan, whatever alpha is.
    await replace((await openFile('results.yml')).document, 'learning_rate: 0.0002', 'learning_rate: 0.0004');
    const changed = await shown('tiny llama', ({ run }) => run.stale);
    assert.equal(changed.run.verdict.aside, 'results.yml was saved or edited after this check.');
    await vscode.workspace.saveAll();
    // The panel's own run goes on behind them.
    const { run: own, file } = await finished();
    assert.equal(own.state, 'done');
    assert.equal(file.name, 'results.yml');

    // Files that hold none leave the panel as it is, with one sentence.
    const said: string[] = [];
    const { showErrorMessage } = vscode.window;
    Object.assign(vscode.window, { showErrorMessage: (message: string) => void said.push(message) });
    try {
      for (const [name, text] of [
        ['torn.json', resultsOf('results.yml').slice(0, 500)],
        ['package.json', '{"name": "x"}'],
        ['later.json', '{"loraAlpha": 3}'],
        ['large.json', ' '.repeat(9 * 2 ** 20)],
      ] as const) {
        await writeNew(name, text);
        await open(fileOf(name));
      }
      assert.equal(said.length, 4);
      assert.match(
        said.join('\n'),
        /torn\.json is not valid JSON.*\npackage\.json holds no.*\nlater\.json was.*\nlarge\.json is larger than 8 MB/,
      );
    } finally {
      Object.assign(vscode.window, { showErrorMessage });
    }
    assert.equal((await testApi()).panelView()?.results?.model, 'tiny llama');
  });

  it('of a config with a name that leads elsewhere ask which one', async () => {
    await writeNew('lora-alpha-results/far.json', resultsOf('../../../etc/passwd'));
    await answeredWithNothing(COMMANDS.openResults, fileOf('lora-alpha-results/far.json'));
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });
});
