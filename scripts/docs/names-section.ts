import { optimizerNames, type OptimizerName } from './optimizer-names';
import { table } from './table';

/** What every optimizer name of every trainer stands for. */
export function namesSection(): string[] {
  const names = optimizerNames();
  const trainers = [...new Set(names.map(({ trainer }) => trainer))];
  return [
    '## The names trainers have for them',
    '',
    'Names that several trainers take stand first, and are left out where a trainer takes them with the same meaning. Several rows: the',
    'arguments beside the name choose among them. A dash: no rule is known for the name, or the trainer does not run it, for the reason given.',
    '',
    ...trainers.flatMap((trainer) => [
      `### ${trainer}`,
      '',
      ...table(['name', 'row', 'why not'], names.filter((name) => name.trainer === trainer).map(cells)),
      '',
    ]),
  ];
}

function cells({ name, rows, reasons }: OptimizerName): string[] {
  return [`\`${name}\``, rows.map((row) => `\`${row}\``).join(', ') || '–', reasons.join('<br>')];
}
