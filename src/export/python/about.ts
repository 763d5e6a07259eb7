import type { MapNode } from '../../config/syntax/tree';
import type { Layout } from '../../config/trainers/trainer';
import { numberLabel } from '../../recipe/notation';
import type { Destination } from '../../recipe/target';
import type { ReadRecipe } from '../../config/reading';
import type { FileContents } from './head';
import { leftOut } from '../run/left-out';

/** What the first lines of an exported file say. */
export interface AboutFile {
  /** The config's file, and its trainer's name for people. */
  name: string;
  trainer: string;
  recipe: ReadRecipe;
  target: Destination;
  planId: string;
  root: MapNode;
  layout: Layout;
  optimizerNote: string | null;
  /** The baseline's max grad norm, and the plan's factor on it; 0 = no clipping. */
  clip: { norm: number; factor: number };
}

/** The text at the top of an exported file: what is checked, and what of the config is not in the file. */
export function aboutFile(file: AboutFile): Pick<FileContents, 'title' | 'about' | 'check'> {
  const { name, trainer, recipe, target, planId, root, layout, optimizerNote, clip } = file;
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
    ...(optimizerNote === null ? [] : [optimizerNote]),
  ];
  return {
    title: `${name} (${trainer}), ${to} against ${from}: plan ${planId}, k = ${numberLabel(target.k, 6)}.`,
    about: sentences.join(' '),
    check: { config: name, trainer, plan: planId, alpha: { tuple: [recipe.alpha, target.alpha] }, k: target.k },
  };
}
