import { comparisonHostContract, comparisonPageContract } from '../../src/messages/comparison';
import { connect } from '../../src/messages/rpc';
import { comparisonStateOf } from './comparison-states';
import { asked, note, port } from './fake-vscode';

/** Stands in for the extension behind the page that compares two configs. */

const noted = Object.fromEntries(Object.keys(comparisonHostContract).map((method) => [method, note(method)]));
const page = connect(
  port,
  comparisonHostContract,
  {
    ...(noted as Record<keyof typeof comparisonHostContract, (params: unknown) => void>),
    ready: () => send(asked.get('state') ?? 'different'),
  },
  comparisonPageContract,
  { onFault: (message) => note('fault')({ message }) },
);

function send(name: string): void {
  const side = { uri: 'file:///llama3-lora.yml', network: 0 };
  const { view, losses } = comparisonStateOf(name);
  page.notify('view', { view, state: { first: side, second: side, run: null } });
  if (view.training && losses.length > 0) page.notify('points', { id: view.training.run.id, from: 0, losses });
}

window.setState = send;
