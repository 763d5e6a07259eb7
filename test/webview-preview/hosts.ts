import { adapterHostContract, adapterPageContract } from '../../src/messages/adapter';
import { comparisonHostContract, comparisonPageContract } from '../../src/messages/comparison';
import { hostContract, pageContract } from '../../src/messages/panel';
import { recipesHostContract, recipesPageContract } from '../../src/messages/recipes';
import { connect, type Contract, type Handlers, type Peer } from '../../src/messages/rpc';
import { adapterStateOf } from './adapter-states';
import { comparisonStateOf } from './comparison-states';
import { asked, note, port } from './fake-vscode';
import { recipesStateOf } from './recipes-states';
import { stateOf } from './states';

/** Stands in for the extension behind the page that the address asks for: it knows one state at a time. */

/** @param send shows a state of this name */
function standIn<Host extends Contract, Page extends Contract>(
  host: Host,
  page: Page,
  usual: string,
  send: (page: Peer<Page>, name: string) => void | Promise<void>,
): void {
  const noted = Object.fromEntries(Object.keys(host).map((method) => [method, note(method)]));
  // What is measured beyond the state never comes.
  const measure = (): Promise<never> => new Promise(() => undefined);
  const handlers = { ...noted, ready: () => window.setState(asked.get('state') ?? usual), measure };
  const onFault = (message: string): void => note('fault')({ message });
  const peer = connect(port, host, handlers as unknown as Handlers<Host>, page, onFault);
  window.setState = (name) => void send(peer, name);
}

const PAGES: Readonly<Record<string, () => void>> = {
  panel: () =>
    standIn(hostContract, pageContract, 'equivalent', (page, name) => {
      const { view, losses, results } = stateOf(name);
      const { target, run, task } = view;
      const kept = {
        uri: 'file:///llama3-lora.yml',
        network: 0,
        target: { alpha: target.alpha, ...(target.rank !== undefined && { rank: target.rank }) },
        plan: 'symmetric' as const,
        rule: '',
        task,
      };
      if (results) page.notify('results', { id: -1, losses: results });
      page.notify('view', { view, state: { ...kept, run: null, results: null } });
      if (losses.length > 0) page.notify('points', { id: run.id, from: 0, losses });
    }),
  comparison: () =>
    standIn(comparisonHostContract, comparisonPageContract, 'different', (page, name) => {
      const side = { uri: 'file:///llama3-lora.yml', network: 0 };
      const { view, losses } = comparisonStateOf(name);
      page.notify('view', { view, state: { first: side, second: side, run: null } });
      if (view.training && losses.length > 0) page.notify('points', { id: view.training.run.id, from: 0, losses });
    }),
  adapter: () =>
    standIn(adapterHostContract, adapterPageContract, 'rslora', async (page, name) =>
      page.notify('view', await adapterStateOf(name)),
    ),
  recipes: () =>
    standIn(recipesHostContract, recipesPageContract, 'table', (page, name) =>
      page.notify('view', recipesStateOf(name)),
    ),
};

PAGES[asked.get('page') ?? 'panel']?.();
