import { hostContract, pageContract } from '../../src/messages/panel';
import { connect } from '../../src/messages/rpc';
import { asked, note, port } from './fake-vscode';
import { stateOf } from './states';

/** Stands in for the extension: it knows one state at a time. */

const noted = Object.fromEntries(Object.keys(hostContract).map((method) => [method, note(method)]));
const page = connect(
  port,
  hostContract,
  {
    ...(noted as Record<keyof typeof hostContract, (params: unknown) => void>),
    ready: () => send(asked.get('state') ?? 'equivalent'),
  },
  pageContract,
  { onFault: (message) => note('fault')({ message }) },
);

function send(name: string): void {
  const { view, losses, results } = stateOf(name);
  const { plan, target, run, task } = view;
  const state = {
    uri: 'file:///llama3-lora.yml',
    network: 0,
    target: { alpha: target.alpha },
    plan,
    task,
    run: null,
    results: null,
  };
  if (results) page.notify('results', { id: -1, losses: results });
  page.notify('view', { view, state });
  if (losses.length > 0) page.notify('points', { id: run.id, from: 0, losses });
}

window.setState = send;
