import * as l10n from '@vscode/l10n';
import type { Curve } from '../../experiment/words/curves';
import type { ResultsView } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { aboutRun, type Agreement } from '../../run/read-against-ran';
import { emptyWords } from '../../run/recipe-of-run';
import { hasFired, holds, loraOptimizers, type Recording } from '../../run/recording';
import { perStep, remarksOf } from '../../run/results-of-trial';

/** The config held against it; the last finding says whether the two agree, and why not. */
export type Ran = Omit<Agreement, 'recording'>;

/** More learning rates than these are no picture: layers may have one each. */
const MOST_RATES = 6;

/**
 * A recording as the panel shows it: what trained, and whether the config says the same.
 * @param id of its run, below 0
 * @param ran the config held against it; null before that is known
 */
export function recordedView(
  recording: Recording,
  ran: Pick<Ran, 'findings' | 'agrees'> | null,
  id: number,
  isShown: boolean,
): ResultsView {
  const { curves, values } = seriesOf(recording);
  const empty = emptyWords(recording);
  const [kind, headline] =
    empty !== null
      ? (['undecided', l10n.t('No training of LoRA was recorded')] as const)
      : ran?.agrees
        ? (['identical', l10n.t('Your run agrees with this file')] as const)
        : ran
          ? (['different', l10n.t('Your run differs from this file')] as const)
          : (['undecided', l10n.t('Your run was recorded')] as const);
  const verdict = { kind, headline, evidence: empty ?? `${aboutRun(recording)}.`, detail: '', aside: '' };
  const done = { state: 'done', stale: false, batches: 1, summary: '', error: null } as const;
  return {
    ...{ isShown, isRecording: true, tab: l10n.t('Your run'), environment: environmentOf(recording) },
    run: { ...done, id, steps: Math.max(1, ...values.map(({ length }) => length)), curves, verdict },
    modules: modulesOf(recording),
    remarks: empty === null ? remarksOf(ran?.findings ?? []) : [],
  };
}

/** The curves of a recording: its losses, where it has any, and the learning rates of LoRA's parameter groups. */
export function seriesOf(recording: Recording): { curves: Curve[]; values: number[][] } {
  const losses = perStep(recording.losses, recording.steps);
  const rates = new Map<string, { values: number[]; roles: Set<string> }>();
  for (const group of loraOptimizers(recording).flatMap(({ groups }) => groups)) {
    if (!holds(group, 'A') && !holds(group, 'B')) continue;
    const rate = rates.get(group.lr.join()) ?? { values: group.lr, roles: new Set() };
    for (const role of Object.keys(group.roles)) if (holds(group, role)) rate.roles.add(role);
    rates.set(group.lr.join(), rate);
  }
  const drawn = [...rates.values()].slice(0, MOST_RATES).map(({ values, roles }, i) => {
    const label = `${[...roles].join(', ')}${rates.size > 2 ? ` (${i + 1})` : ''}`;
    return { curve: { name: `rate-${i}`, label, role: 'rate' } as const, values };
  });
  const ofLoss = { curve: { name: 'base', label: l10n.t('your run'), role: 'base' } as const, values: losses };
  const all = losses.length > 0 ? [ofLoss, ...drawn] : drawn;
  return { curves: all.map(({ curve }) => curve), values: all.map(({ values }) => values) };
}

/** `AdamW · clipping at 1, never reached · 2 micro-batches a step · float32` */
function environmentOf({ optimizers, clips, losses, steps, precision, world, modules }: Recording): string {
  const micro = losses.length / Math.max(1, steps);
  const clipping = clips.filter(({ over, threshold }) => over !== 'other' && Number.isFinite(threshold));
  const parts = [
    ...optimizers.map(({ class: path }) => path.split('.').at(-1) ?? path),
    ...clipping.map((clip) =>
      hasFired(clip)
        ? l10n.t`clipping at ${numberLabel(clip.threshold)}`
        : l10n.t`clipping at ${numberLabel(clip.threshold)}, never reached`,
    ),
    Number.isInteger(micro) && micro > 1 ? l10n.t`${micro} micro-batches a step` : '',
    precision.autocast ? `autocast ${precision.autocast}` : (modules[0]?.dtype.replace('torch.', '') ?? ''),
    world.size > 1 ? l10n.t`processes: ${world.size}` : '',
  ];
  return [...new Set(parts)].filter((part) => part !== '').join(' · ');
}

/** Rank and scaling of each module, and how large its ΔW has become. */
function modulesOf({ modules, sketches }: Recording): ResultsView['modules'] {
  const last = sketches.at(-1);
  return {
    title: l10n.t`Modules (${modules.length})`,
    head: [l10n.t('module'), l10n.t('rank'), l10n.t('scaling'), l10n.t`‖ΔW‖ at step ${last?.step ?? 0}`],
    rows: modules.map(({ name, adapter, rank, scaling }) => {
      const numbers = [scaling, last?.modules[`${name}.${adapter}`]?.norm];
      const shown = numbers.map((value) => (typeof value === 'number' ? numberLabel(value, 4) : '–'));
      return [name.replace('base_model.model.', ''), String(rank), ...shown];
    }),
  };
}
