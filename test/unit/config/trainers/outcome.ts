import { planConfig, type ConfigPlan } from '../../../../src/config/planned';
import { readConfig, type ConfigReading } from '../../../../src/config/read';
import type { ReadRecipe } from '../../../../src/config/reading';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { applyEdits } from '../../../../src/config/write/edits';
import { fixesOf } from '../../../../src/extension/actions/fixes';

/** What LoRA Alpha makes of a file, as lines of a name and its parts, each of a name and its value. */
type Outcome = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A default without a reason of its own. */
const PLAIN = /^.{1,50}? (?:defaults|always sets|sets) .{1,40}? to .{1,160}\.$/;

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(shown).join(' ');
  return JSON.stringify(value);
}

const FIELDS =
  `lr learningRate, lrA lrA, lrB lrB, ratio loraplusLrRatio, optimizer optimizer, betas betas, eps eps, wd weightDecay,
  momentum momentum, clip maxGradNorm, clip_each maxGradValue, schedule scheduler, warmup warmup, dropout dropout, init init,
  targets targetModules, unscaled unscaled, bias loraBias, alpha_ignored alphaIsIgnored, guess guess`
    .split(/,\s+/)
    .map((pair) => pair.split(' ') as [name: string, field: string]);

function partsOf(recipe: ReadRecipe): ReadonlyMap<string, string> {
  const { stated, assumed, unresolved = {}, optimizer, rank, alpha, scaling, scalingRule, useDora } = recipe;
  const { name, row, unknown, nesterov, constants, options } = { unknown: undefined, ...optimizer };
  const settings = JSON.stringify({ ...(nesterov === null ? {} : { nesterov }), ...constants, ...options });
  const values: Readonly<Record<string, unknown>> = {
    ...recipe,
    ...optimizer,
    optimizer: name && [name, row ?? unknown ?? 'unknown', ...(settings === '{}' ? [] : [settings])].join(' = '),
  };
  const parts = new Map<string, string>();
  const put = (label: string, field: string, value: unknown): void => {
    const at = stated[field as keyof typeof stated];
    const why = assumed[field as keyof typeof assumed];
    const open = unresolved[field as keyof typeof unresolved];
    if (open !== undefined) parts.set(label, `? ${open}`);
    else if (value !== null && value !== undefined)
      parts.set(label, shown(value) + (at ? ` @${at.line}` : '') + (why && !PLAIN.test(why) ? ` (${why})` : ''));
  };
  put('r', 'rank', rank);
  put('alpha', 'alpha', alpha);
  parts.set('s', `${shown(scaling)}${scalingRule === 'standard' ? '' : ` ${scalingRule}`}${useDora ? ' DoRA' : ''}`);
  for (const [label, field] of FIELDS) put(label.replace('_', ' '), field, values[field]);
  return parts;
}

/** The lines that the new text has and the old one lacks. */
function newLines(before: string, after: string): string {
  const old = new Set(before.split(/\r?\n/));
  const lines = after.split(/\r?\n/).filter((line) => !old.has(line));
  return lines.map((line) => line.trim()).join(' | ') || (before === after ? 'nothing' : 'lines removed');
}

function limitsOf({ exactness, caveats }: ConfigPlan): string {
  const limits = caveats.flatMap(({ code, limits: limit }) => (limit ? [code] : []));
  return exactness + (limits.length > 0 ? ` (${limits.join(', ')})` : '');
}

function edited(text: string, reading: ConfigReading, index: number, alpha: number, { id }: ConfigPlan): string {
  const result = rewriteConfig(text, reading, index, alpha, id);
  if (!('refusal' in result)) return newLines(text, applyEdits(text, result.edits));
  const { code, message } = result.refusal;
  return `not written: ${code}${code === 'reference' || code === 'shared' ? ` (${message})` : ''}`;
}

/** @param plans how many of the plans are written too */
export function outcomeOf(text: string, path: string, written = Infinity): Outcome {
  const reading = readConfig(text, path);
  const { trainer, layout, recipes, findings, notUnderstood } = { layout: undefined, ...reading };
  const lines = new Map<string, ReadonlyMap<string, string>>();
  lines.set(
    'read by',
    new Map([['', [trainer ?? 'nobody', ...(layout && layout !== trainer ? [layout] : [])].join(', ')]]),
  );
  const put = (name: string, value: string): void => {
    let label = name;
    while (lines.has(label)) label += "'";
    lines.set(label, new Map([['', value]]));
  };
  const codes = new Set<string | undefined>();
  recipes.forEach((recipe, index) => {
    lines.set([...(recipe.run ? [recipe.run] : []), recipe.name].join(' '), partsOf(recipe));
    const alpha = Math.round(recipe.alpha * 4000) / 1000;
    const { refusal, plans } = planConfig(text, reading, index, alpha);
    const title = `alpha ${alpha}${recipes.length > 1 ? ` of recipe ${index + 1}` : ''}`;
    if (refusal) return put(title, `refused: ${refusal.code}`);
    const planned = plans.map(
      (plan, at) =>
        [plan.id, limitsOf(plan) + (at < written ? `; ${edited(text, reading, index, alpha, plan)}` : '')] as const,
    );
    lines.set(title, new Map(planned));
    const code = plans.find(({ id }) => id === 'symmetric')?.code;
    const words = code?.trim().replace(/\n+/g, ' ⏎ ');
    if (words && written > 1 && !codes.has(words)) put('code', words);
    codes.add(words);
  });
  for (const finding of findings.filter(({ code }) => code !== 'not-understood')) {
    const fixes = fixesOf(reading, finding).map(
      ({ title, edits }) => ` [${title}] ${newLines(text, applyEdits(text, edits))}`,
    );
    put(
      `${finding.severity} ${finding.code}`,
      `${finding.line === null ? '' : `${finding.line}: `}${finding.message}${fixes.join('')}`,
    );
  }
  for (const { line, source, why, mayMove } of notUnderstood)
    put(`not understood ${source.replace(/\s*\n\s*/g, ' ⏎ ')}`, `${line}${mayMove ? ', may move' : ''}: ${why}`);
  return lines;
}

/** Without lines, which any insertion moves. */
const bare = (value: string | undefined): string | undefined => value?.replaceAll(/ @\d+|^\d+(?=: |, )/g, '');

const told = (name: string, parts: readonly string[]): string[] =>
  parts.length > 0 ? [[name, parts.join(', ')].join(': ')] : [];

export const outcomeLines = (outcome: Outcome): string[] =>
  [...outcome].flatMap(([name, parts]) => {
    const shown = [...parts].map(([label, value]) => `${label} ${value}`.trim());
    const hasEdits = shown.filter((plan) => plan.includes('; ')).length > 1;
    return name.startsWith('alpha ') && hasEdits ? shown.map((plan) => `${name} ${plan}`) : told(name, shown);
  });

/** What differs from the usual outcome: what is read and written in one line, and what is said. */
export function differences(outcome: Outcome, usual: Outcome): string[] {
  const lines = [...outcome].flatMap(([name, parts]) => {
    const before = usual.get(name);
    const changed = [...parts].filter(([label, value]) => bare(before?.get(label)) !== bare(value));
    const gone = [...(before?.keys() ?? [])].filter((label) => !parts.has(label));
    return told(name, [
      ...changed.map(([label, value]) => `${label} ${value}`.trim()),
      ...gone.map((label) => `no ${label}`),
    ]);
  });
  const isSaid = (line: string): boolean => /^(?:info|warning|error|not understood) /.test(line);
  const without = [...usual.keys()].flatMap((name) => (outcome.has(name) ? [] : [`without ${name}`]));
  const read = [...lines.filter((line) => !isSaid(line)), ...without].join('; ');
  return [...(read ? [read] : []), ...lines.filter(isSaid)];
}
