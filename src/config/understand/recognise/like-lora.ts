import * as l10n from '@vscode/l10n';
import { placeWords, type Document } from '../../documents/document';
import type { TreeSyntax } from '../../reading';
import { Notes, type Note } from '../notes';

/** What follows a name that is set: `: int = field(default=16`, `", type=int, default=16`, ` 16`. */
const SETS = (value: string): string =>
  `(?![\\w-])(?:["']?\\s?[:=](?!=)\\s{0,9}(?:[\\w.]{1,30}(?:\\[[^\\]\\n]{1,30}\\])?(?: \\| None)? ?= ?)?` +
  `(?:[\\w.]{0,20}[fF]ield\\(\\s{0,40})?(?:default ?= ?)?["']?${value}` +
  `|(?<=--[\\w.-]{1,60})["']?(?:[ =]|,\\s{0,40})(?:\\\\\\s{1,40})?["']?${value}` +
  `|(?<=--[\\w-]{1,40})["'][^()]{1,200}?default ?= ?${value})`;
const ABOVE_ZERO = '(?:(?:[1-9]|0\\.\\d)[\\w.]{0,30}|\\$(?!\\(|\\{\\w{1,30}:-0)[\\w.${}:-]{0,30})';
const named = (name: string, flags: string): RegExp => new RegExp(`(?:--)?${name}${SETS(ABOVE_ZERO)}`, flags);

/** Names that only LoRA uses. */
const ALPHA = named('(?<![a-z]|ada_)(?:q?lora|network|peft)[._-]?alpha', 'gi');
const RANK = named(
  '(?<![a-z]|ada_|max_)(?:q?lora|network|peft)[._-]?(?:r|rank|dim|attn_dim|attention_dim(?:ension)?)',
  'gi',
);
/** Names that are LoRA's beside its alpha, or in its block. */
const SHORT_RANK = named('(?<![\\w.]|[^-]-)(?:r|rank)', 'i');
const BLOCK_RANK = named('(?<![\\w.]|[^-]-)(?:r|rank|dim)', 'i');
const BLOCK_ALPHA = named('(?<![\\w.]|[^-]-)alpha(?=\\W{1,9}[1-9$])', 'i');
/** The characters around an alpha, or after the name of a block, in which a short name is LoRA's. */
const NEAR = 250;
/** In a program, names that stand further apart belong to several functions. */
const NEAR_IN_CODE = 500;

/** `lora_config:`, `"lora": {`, `[model.lora]`, in Python `lora = dict(`. */
const BLOCK = /\b\w{0,20}lora\w{0,20}(?:["']?\s?[:=]\s{0,9}(?:dict\()?[{\n]|\]\s{0,9}\n)/gi;
/** What is no setting: comments, what is printed, docstrings, and strings that hold more than a word. */
const PROSE: Readonly<Record<TreeSyntax, RegExp>> = {
  python: /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#.*/g,
  json: /"(?:[^"\\\n]|\\.)*"?|\/\/.*/g,
  yaml: /(?<!\S)#.*/g,
  toml: /(?<!\S)#.*/g,
  shell: /(?<!\S)#.*|\b(?:echo|printf)\b.*/g,
  powershell: /(?<!\S)#.*|\bWrite-\w.*/gi,
};
const IS_WORD = /^["'][\w.-]+["']$/;

/** LoRA is off, another adapter trains, a server loads it, a run writes down its results, or it is radio. */
const OFF: readonly RegExp[] = [
  /(?:type|mode|method)["']?[=: ]\s?["']?full|--full_?fine|\bno[-_]lora\b|\b(?:vllm|sglang)\b|spreading_factor/i,
  /(?<![a-z])(?:(?:use|enable|is)_?)?(?:peft|(?:peft_?)?lora)["']?[=: ]\s?["']?(?:false|0|no)\b/i,
  /lora["']?\s?[:=]\s{0,9}\{?\s{0,9}["']?(?:enabled?|use|active)["']?\s?[:=]\s?(?:false|no|0)\b/i,
  /lora_enable["']?[=: ]\s?["']?(?:false|0|no)\b|^adapter:\s{0,9}$/im,
  /(?:type|method|peft|adapter)["']?[=: ]\s?["']?(?:ada_?lora|loha|lokr|ia3|oft|vera)\b/i,
  /\b(?:ada_?lora|loha|lokr|ia3)["']?\s?:|["'](?:log_history|final_loss|\w{0,20}trainable_param\w{0,9})["']\s?:/i,
];

type Found = readonly [rank: RegExpExecArray, alpha: RegExpExecArray];

/** The rank and the alpha of LoRA in a text that no trainer reads. */
function settingsIn(text: string, isCode: boolean): Found | null {
  const first = (of: RegExp, from: number, to: number): RegExpExecArray | null => {
    const found = of.exec(text.slice(from, to));
    return found && Object.assign(found, { index: found.index + from });
  };
  const ranks = [...text.matchAll(RANK)];
  let next = 0;
  for (const alpha of text.matchAll(ALPHA)) {
    const { index } = alpha;
    while (isCode && (ranks[next]?.index ?? Infinity) < index - NEAR_IN_CODE) next++;
    const named = ranks[next];
    const isNear = named && (!isCode || named.index < index + NEAR_IN_CODE);
    const rank = isNear ? named : first(SHORT_RANK, Math.max(0, index - NEAR), index + NEAR);
    if (rank) return [rank, alpha];
  }
  for (const { index } of text.matchAll(BLOCK)) {
    const [rank, alpha] = [BLOCK_RANK, BLOCK_ALPHA].map((name) => first(name, index, index + 2 * NEAR));
    if (rank && alpha) return [rank, alpha];
  }
  return null;
}

/** The note about a document that no trainer reads, but that sets a rank and an alpha of LoRA: which, and where. */
export function likeLora(document: Document): readonly Note[] {
  const { text, syntax } = document;
  const bare = text.replace(PROSE[syntax], (prose) => (IS_WORD.test(prose) ? prose : prose.replace(/./g, ' ')));
  const found = OFF.some((off) => off.test(bare)) ? null : settingsIn(bare, syntax === 'python');
  if (!found) return [];
  const wordsOf = ({ 0: words, index }: RegExpExecArray): string =>
    `${placeWords(document, index)} \`${words.replace(/["']/g, '').replace(/\s+/g, ' ')}\``;
  const [rank, alpha] = found;
  const notes = new Notes();
  const message = l10n.t`These look like LoRA: ${wordsOf(rank)}, ${wordsOf(alpha)}. No known trainer reads them.`;
  notes.add('info', 'trainer-unknown', message, { start: alpha.index, end: alpha.index + alpha[0].length });
  return notes.list;
}
