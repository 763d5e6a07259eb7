import { interpret, type Interpretation } from './interpret';
import type { Finding, Reading, SyntaxId } from './reading';
import { recognise, trainersHintedAt } from './recognise';
import { lineAt } from './syntax/lines';
import { parseText, syntaxOf } from './syntax/parse';
import type { Trainer } from './trainers/trainer';

/** Longer texts are no configs, and parsing them at every keystroke would make an editor wait. */
const MAX_LENGTH = 100_000;

type Opened =
  | { kind: 'foreign'; finding: Finding | null }
  | { kind: 'broken'; trainer: Trainer; finding: Finding }
  | { kind: 'ours'; interpretation: Interpretation };

/**
 * What a config file says, as its trainer would understand it. Never throws: a broken file, or a value that cannot be
 * used, comes back as a finding. Cheap for files that are no LoRA configs.
 * @param path decides the syntax by its extension; nothing is read from disk
 */
export function readConfig(text: string, path: string): Reading {
  const syntax = syntaxOf(path);
  const nothing = { isLora: false, trainer: null, trainerName: null, syntax, recipes: [], findings: [] };
  if (!syntax) return nothing;
  const opened = open(text, syntax);
  if (opened.kind === 'foreign') return { ...nothing, findings: opened.finding ? [opened.finding] : [] };
  const { trainer } = opened.kind === 'broken' ? opened : opened.interpretation;
  const named = { isLora: true, trainer: trainer.id, trainerName: trainer.name, syntax };
  if (opened.kind === 'broken') return { ...named, recipes: [], findings: [opened.finding] };
  const { layout, networks, findings } = opened.interpretation;
  const reading = {
    ...named,
    layout: layout.id,
    recipes: networks.map(({ recipe }) => recipe),
    findings: [...findings],
  };
  BEHIND.set(reading, opened.interpretation);
  return reading;
}

/** What each reading was made from, so that planning at every keystroke does not parse the text again. */
const BEHIND = new WeakMap<Reading, Interpretation>();

/**
 * The understood file behind a reading, or null where it is broken or no LoRA config.
 * @param text the text `reading` was read from; another one is read anew
 */
export function interpretationOf(text: string, reading: Reading): Interpretation | null {
  const behind = BEHIND.get(reading);
  if (behind?.text === text) return behind;
  return reading.syntax ? interpretText(text, reading.syntax) : null;
}

/** A text, understood, or null where it is broken or no LoRA config. */
export function interpretText(text: string, syntax: SyntaxId): Interpretation | null {
  const opened = open(text, syntax);
  return opened.kind === 'ours' ? opened.interpretation : null;
}

function open(text: string, syntax: SyntaxId): Opened {
  const candidates = trainersHintedAt(text, syntax);
  const [first] = candidates;
  if (!first) return { kind: 'foreign', finding: null };
  if (text.length > MAX_LENGTH) {
    const message = `This file has ${text.length} characters; configs of up to ${MAX_LENGTH} are read.`;
    return { kind: 'foreign', finding: at(text, 'info', 'too-long', message, null) };
  }
  const parsed = parseText(text, syntax);
  if (!parsed.ok) {
    const { offset, message } = parsed;
    return { kind: 'broken', trainer: first, finding: at(text, 'error', 'syntax', message, offset) };
  }
  const recognised = parsed.root?.kind === 'map' ? recognise(parsed.root, candidates) : null;
  if (!recognised || parsed.root?.kind !== 'map') return { kind: 'foreign', finding: null };
  if ('not' in recognised) return { kind: 'foreign', finding: at(text, 'info', 'other-adapter', recognised.not, null) };
  const { trainer, layout } = recognised;
  return { kind: 'ours', interpretation: interpret(text, trainer, layout, parsed.root, parsed.lock) };
}

function at(
  text: string,
  severity: Finding['severity'],
  code: string,
  message: string,
  offset: number | null,
): Finding {
  if (offset === null) return { code, severity, message, line: null, range: null };
  const start = Math.min(offset, text.length);
  return {
    code,
    severity,
    message,
    line: lineAt(text, start),
    range: { start, end: Math.min(start + 1, text.length) },
  };
}
