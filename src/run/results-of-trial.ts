import type { Finding } from '../config/reading';
import type { PytorchResults } from '../export/results';
import { modulesOf, trialWords, type Trial } from './trial';

/** What a trial was about: its config and trainer, empty where there was none, and alpha before and after. */
export interface TrialSubject {
  config: string;
  trainer: string;
  alpha: readonly [from: number, to: number];
  /** The config held against what ran. */
  findings: readonly Finding[];
}

/** A trial in the format of the results of a check, which the panel shows: losses, verdict, and ΔW per module. */
export function resultsOf(trial: Trial, { config, trainer, alpha, findings }: TrialSubject): PytorchResults {
  const { verdict, plan, gauge, about } = trial;
  const base = verdict.runs[0]?.recording;
  const { headline, says } = trialWords(trial);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const program = about.split(',')[0] ?? '';
  const version = (name: string): string => base?.versions[name] ?? '';
  let number = 0;
  return {
    loraAlpha: 2,
    program,
    headline,
    remarks: remarksOf(findings),
    check: { config: config || program, trainer, plan: gauge, alpha: [...alpha], k: plan.k },
    ...{ verdict: verdict.kind, why: says, steps: Math.max(1, base?.steps ?? 1), seed: 0 },
    variants: verdict.runs.flatMap(({ role, recording, loss, deltaW }) => {
      // The baseline without clipping is only the proof's.
      if (role === 'proof-base') return [];
      const as = role === 'again' ? 'repeat' : role === 'plan' ? 'rescaled' : role;
      const own = role === 'control' ? ++number : null;
      const name = own === null ? as : `control-${own}`;
      const far = { maxDeviation: finite(loss), deltaW: finite(deltaW) };
      return [{ name, role: as, number: own, loss: perStep(recording.losses, recording.steps).map(finite), ...far }];
    }),
    deltaW: modulesOf(trial).map((one) => ({ ...one, deviation: finite(one.deviation), control: finite(one.control) })),
    environment: {
      ...{ model: program, data: '', dtype: base?.modules[0]?.dtype ?? '', device: '' },
      ...{ processes: base?.world.size ?? 1, torch: version('torch'), transformers: version('transformers') },
      peft: version('peft'),
    },
  };
}

/** What differs. The last finding says whether anything does, and repeats the first: it stands where none is. */
export function remarksOf(findings: readonly Finding[]): { message: string; line: number | null }[] {
  const isRepeated = (finding: Finding): boolean =>
    findings.some((other) => other !== finding && finding.message.includes(other.message));
  return findings.filter((finding) => !isRepeated(finding)).map(({ message, line }) => ({ message, line }));
}

/** The mean loss of each step's micro-batches; all losses where they do not divide into steps. */
export function perStep(losses: readonly number[], steps: number): number[] {
  const micro = losses.length / steps;
  if (!Number.isInteger(micro) || micro <= 1) return [...losses];
  const at = (step: number): readonly number[] => losses.slice(step * micro, (step + 1) * micro);
  return Array.from({ length: steps }, (_, step) => at(step).reduce((sum, loss) => sum + loss, 0) / micro);
}
