import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { casesOf, type Case } from './cases';
import { faultsOf, type Seen } from './compare';
import { NOT_INSTALLED, together, type Ended } from './python';

/** What a judge said of every file of a trainer, held against our reading. */
export interface Judged {
  trainer: string;
  /** What it reads files with: the first line of its script. */
  loader: string;
  /** `axolotl 0.13.0`: the packages it needs. */
  versions: readonly string[];
  /** Why the judge could not be asked; then nothing else is said. */
  skipped: string | null;
  /** Files read, and rewrites read. */
  passed: number;
  failed: readonly string[];
  /** Rewrites that were refused, with the code of the reason. */
  refused: readonly string[];
}

/** The trainers that have both a judge and fixtures. */
export function judgedTrainers(root: string): string[] {
  const folders = readdirSync(fixturesIn(root));
  return readdirSync(join(root, 'test', 'judges'))
    .flatMap((file) => (file.endsWith('.py') ? [file.slice(0, -'.py'.length)] : []))
    .filter((id) => folders.includes(id))
    .sort();
}

/**
 * Lets the trainers' own loaders read every fixture of theirs, and each of its rewrites.
 * @param root the project's folder
 * @param temporary a folder that may be filled
 */
export async function judgeTrainers(root: string, trainers: readonly string[], temporary: string): Promise<Judged[]> {
  const asked = trainers.map((trainer) => {
    const folder = join(fixturesIn(root), trainer);
    const cases = readdirSync(folder)
      .sort()
      .flatMap((name) => casesOf(name, readFileSync(join(folder, name), 'utf8')));
    const files = cases.flatMap((each) => writtenTo(each, join(temporary, trainer)));
    return { trainer, cases, files, script: join(root, 'test', 'judges', `${trainer}.py`) };
  });
  const ended = await together(asked.map(({ script, files }) => [script, ...files.map(({ path }) => path)]));
  return asked.map((one, i) => judged(one, ended[i] ?? [NOT_INSTALLED, 'it was not asked', '']));
}

interface Asked {
  trainer: string;
  cases: readonly Case[];
  files: readonly File[];
  script: string;
}

function judged({ trainer, cases, files, script }: Asked, [status, stdout, stderr]: Ended): Judged {
  const nothing = {
    trainer,
    loader: loaderOf(script),
    versions: [],
    skipped: null,
    passed: 0,
    failed: [],
    refused: [],
  };
  if (status === NOT_INSTALLED) return { ...nothing, skipped: stdout.trim() };
  const [versions = '', ...lines] = stdout.trim().split('\n');
  if (status !== 0 || lines.length !== files.length) {
    return { ...nothing, failed: [`${script} ended with ${String(status)}: ${stderr.trim().slice(-2000)}`] };
  }
  const said = new Map(files.map(({ path }, i) => [path, JSON.parse(lines[i] ?? 'null') as Seen | null]));
  const faults = files.map((file) => {
    const before = said.get(file.original);
    const seen = said.get(file.path);
    // A script, beside a judge of files.
    if (seen === null) return null;
    const why = before && seen ? faultsOf(file.of, before, seen) : ['the judge said nothing'];
    return why.map((fault) => `${file.of.label}: ${fault}`);
  });
  return {
    ...nothing,
    versions: JSON.parse(versions) as string[],
    passed: faults.filter((found) => found?.length === 0).length,
    failed: faults.flatMap((found) => found ?? []),
    refused: cases.flatMap(({ label, refusal }) => (refusal === null ? [] : [`${label}: ${refusal}`])),
  };
}

/** What the judge's script says of itself, without the trainer's name. */
function loaderOf(script: string): string {
  const [, line = ''] = /^"""(.+?)(?:"""|$)/m.exec(readFileSync(script, 'utf8')) ?? [];
  return line.replace(/^[^:]*: /, '').replace(/\.$/, '');
}

interface File {
  path: string;
  /** The path of the fixture it was made from. */
  original: string;
  of: Case;
}

/** Puts a case's text where the judge finds it, under the fixture's own name: some loaders look at names. */
function writtenTo(of: Case, temporary: string): File[] {
  if (of.text === null) return [];
  const path = join(temporary, of.folder, of.name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, of.text);
  return [{ path, original: join(temporary, 'as-it-is', of.name), of }];
}

function fixturesIn(root: string): string {
  return join(root, 'test', 'fixtures', 'trainers');
}
