import { expect, it } from 'vitest';
import type { Adapter } from '../../../src/adapter/adapter';
import { audit, type Audited } from '../../../src/adapter/engines/audit';
import { alikeRows, type Alike } from '../../../src/adapter/engines/words';
import { measureFrom } from '../../../src/adapter/measure';
import { openAdapter } from '../../../src/adapter/open';
import { faultProblems } from '../../../src/extension/adapter/config-faults';
import { scalingChart, spanOf, spectrumChart } from '../../../src/webview/adapter/charts';
import { answerOf } from '../../../src/webview/adapter/parts';
import { adapterFolder } from '../../support/trained-adapter';

async function opened(values: object = {}): Promise<Adapter> {
  const adapter = await openAdapter(adapterFolder(values));
  if ('wrong' in adapter) throw new Error(adapter.wrong);
  return adapter;
}

const said = (name: string, outcome: Audited['outcome'], factor: number | null, why = ''): Audited => ({
  ...{ engine: name, name, version: '1', since: null, isNewest: true, outcome, factor, modules: 1, why },
  ...{ evidence: 'read', source: '', date: '' },
});

const engineRows = (rows: readonly Audited[]): readonly Alike[] =>
  alikeRows(
    rows.filter(({ isNewest }) => isNewest),
    ({ why }) => why,
  );

it('lists the worst engines first, those of the same words together, without older versions', () => {
  const rows = engineRows([
    said('fine', 'right', 1),
    said('none', 'weak', 0),
    said('half', 'weak', 0.5),
    said('no', 'refused', null),
    said('eight', 'strong', 8),
    said('other half', 'weak', 0.5),
    said('part', 'dropped', null),
    said('open', 'unknown', null),
    { ...said('old', 'weak', 0.1), isNewest: false },
  ]);
  expect(rows.map(({ label, rows: alike }) => `${label}: ${alike.map(({ name }) => name).join(', ')}`)).toEqual([
    'no effect: none',
    '8× too strong: eight',
    '2× too weak: half, other half',
    'refused: no',
    'loaded in part: part',
    'unknown: open',
    'right: fine',
  ]);
});

it.each<[Audited[], kind: string, headline: string, line: string]>([
  [[said('a', 'right', 1)], 'identical', 'Scaling ?: right in 1 of 1 engines', ''],
  [
    [said('a', 'right', 1), said('b', 'unknown', null)],
    'undecided',
    'Scaling ?: right in 1 of 2 engines',
    'unknown: 1',
  ],
  [
    [said('a', 'right', 1), said('b', 'unknown', null), said('c', 'weak', 0.5, 'x'), said('d', 'weak', 0.5, 'y')],
    'different',
    'Scaling ?: right in 1 of 4 engines',
    '2× too weak: 2 · unknown: 1',
  ],
])('answers %#', (rows, kind, headline, line) => {
  expect(answerOf({ modules: [] }, rows)).toEqual({ kind, headline, line });
});

it.each([
  [[], '?'],
  [[null], '?'],
  [[4, 4], '4'],
  [[4, null, 2, 1], '1 to 4'],
])('says %j as %s', (values, label) => {
  expect(spanOf(values)).toBe(label);
});

it('draws the scaling of every module beside what the worst engines apply, and nothing where all is one number', async () => {
  const adapter = await opened();
  const chart = scalingChart(adapter, engineRows(audit(adapter)));
  expect(chart?.lines.map(({ label, values }) => [label, values[0], values.at(-1)])).toEqual([
    ['as trained', 8, 16 / Math.sqrt(32)],
    ...[expect.arrayContaining([expect.stringMatching(/^llama\.cpp \+\d/), 1, 0.5])],
    ...[expect.anything(), expect.anything()],
  ]);
  expect(chart?.describe()).toContain('as trained: 2.83 to 8');
  const plain = await opened({ use_rslora: false, rank_pattern: {}, alpha_pattern: {} });
  expect(scalingChart(plain, engineRows([said('a', 'right', 1)]))).toBeNull();
});

it('draws the spectrum of a module beside the median of those that are as wide', async () => {
  const measured = await measureFrom(await opened(), 0, Infinity);
  const chart = spectrumChart(measured, 3, 'layers.0.self_attn.o_proj');
  expect(chart?.lines.map(({ label }) => label)).toEqual(['median', 'o_proj']);
  expect(chart?.lines.map(({ values }) => values.filter((value) => value > 0).length)).toEqual([16, 32]);
  expect(chart?.x?.at.length).toBe(32);
  expect(spectrumChart([null], 0, 'a')).toBeNull();
});

it.each([
  ['pattern-unused', 'No module matches the pattern x_proj.', '"x_proj"'],
  ['rank-differs', '', '"r"'],
  ['alpha-zero', '', '"lora_alpha"'],
  ['needs-base', '', '"lora_alpha"'],
] as const)('shows the fault %s at its key', (code, sentence, key) => {
  const text = '{\n  "r": 8,\n  "lora_alpha": 0,\n  "alpha_pattern": { "proj": 1, "x_proj": 4 }\n}';
  const shown = (config: string): string[] =>
    faultProblems(config, [{ code, sentence }]).map(({ range }) => config.slice(range.start, range.end));
  expect([shown(text), shown('{}\n')]).toEqual([[key], ['{}']]);
});
