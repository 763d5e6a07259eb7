import { recipesHostContract, recipesPageContract } from '../../src/messages/recipes';
import { connect } from '../../src/messages/rpc';
import { asked, note, port } from './fake-vscode';
import { recipesStateOf } from './recipes-states';

/** Stands in for the extension behind the page with the table of recipes. */

const noted = Object.fromEntries(Object.keys(recipesHostContract).map((method) => [method, note(method)]));
const page = connect(
  port,
  recipesHostContract,
  {
    ...(noted as Record<keyof typeof recipesHostContract, (params: unknown) => void>),
    ready: () => send(asked.get('state') ?? 'table'),
  },
  recipesPageContract,
  { onFault: (message) => note('fault')({ message }) },
);

function send(name: string): void {
  page.notify('view', recipesStateOf(name));
}

window.setState = send;
