import { callIn, type MapNode } from '../../config/syntax/tree';
import type { Layout } from '../../config/trainers/trainer';
import type { Run } from '../../config/understand/run';
import { numberLabel } from '../../recipe/notation';
import type { ExportRequest } from '../refusal';
import type { FileContents } from './head';

/**
 * The text at the top of an exported file: what is checked, and what of the config is not in the file.
 * @param note what the optimizer says of itself, or null
 * @param clip the baseline's max grad norm, and the plan's factor on it; 0 = no clipping
 */
export function aboutFile(
  { name, recipe, plans: { target }, plan: { id: planId } }: ExportRequest,
  { root, layout, trainer: { name: trainer } }: Run,
  note: string | null,
  clip: { norm: number; factor: number },
): Pick<FileContents, 'title' | 'about' | 'check'> {
  const label = (alpha: number, rule: string): string =>
    `alpha ${numberLabel(alpha, 6)}${rule === 'rslora' ? ' with rsLoRA' : ''}`;
  const { names, more } = leftOut(root, layout);
  const keys = [...names, ...(more > 0 ? [`${more} more keys`] : [])].join(', ');
  const script = layout.peft?.call === undefined ? '' : ', what the script itself freezes, hooks or averages';
  const guard = clip.norm === 0 ? 0 : (1e-6 * Math.abs(1 - 1 / clip.factor)) / clip.norm;
  const to = label(target.alpha, target.scalingRule);
  const from = label(recipe.alpha, recipe.scalingRule);
  const sentences = [
    'It trains the base model of the config, or with --tiny a small random one, which needs no download.',
    `Not in this file: data (random tokens, or --data), loss and precision of the trainer${script}${keys === '' ? '' : `, ${keys}`}.`,
    ...((recipe.warmup ?? 0) >= 1 ? ['A tenth of the steps warms up, instead of the number in the config.'] : []),
    ...(guard > 0
      ? [
          `torch adds 1e-6 to a norm that it clips: in the trainer, not here, this changes a step by up to ${numberLabel(guard, 1)}.`,
        ]
      : []),
    ...(note === null ? [] : [note]),
  ];
  return {
    title: `${name} (${trainer}), ${to} against ${from}: plan ${planId}, k = ${numberLabel(target.k, 6)}.`,
    about: sentences.join(' '),
    check: { config: name, trainer, plan: planId, alpha: { tuple: [recipe.alpha, target.alpha] }, k: target.k },
  };
}

/** More names than this do not fit into a comment that is read. */
const MOST = 16;

/**
 * The keys of a config that the exported file does not follow: the first few by name, and the number of all others.
 * In a script these are its training arguments.
 */
export function leftOut(root: MapNode, { fields, peft, schedule }: Layout): { names: readonly string[]; more: number } {
  const sources = Object.values(fields).flatMap(({ keys }) => keys);
  const own = peft ? [...Object.values(peft.fields), peft.seed, peft.batch] : [];
  const used = new Set([...sources, ...own, ...(peft?.models ?? [])].map(({ path }) => path[0]));
  if (schedule?.at) used.add(schedule.at);
  const isPart = ({ value }: MapNode['entries'][number]): boolean => value.kind === 'map' && callIn(value) !== null;
  const names = root.entries
    .filter((entry) => !used.has(entry.key) && !entry.isSpread && !isPart(entry) && !/^\d+$/.test(entry.key))
    .map(({ key }) => key);
  const unique = [...new Set(names)];
  return { names: unique.slice(0, MOST), more: Math.max(0, unique.length - MOST) };
}
