import * as l10n from '@vscode/l10n';
import { placeWords, type Document } from '../../documents/document';
import type { Range, TreeSyntax } from '../../reading';
import { numberIn } from '../../syntax/scalars';
import { Notes, type Note } from '../notes';

/** What follows a name that is set: `: int = field(default=16`, `", default=16`, ` = c.get("r", 16`, ` 16`. */
const SETS = (value: string): string =>
  `(?![\\w-])(?:["']?[ \\t]{0,20}[:=](?!=)\\s{0,9}(?:[\\w.]{1,30}(?:\\[[^\\]\\n]{1,30}\\])?(?: \\| None)? ?= ?)?` +
  `(?:[\\w.]{0,20}[fF]ield\\(\\s{0,40})?(?:default ?= ?|[\\w.]{1,30}\\.get\\(["'][\\w.]{1,30}["'], ?)?["']?${value}` +
  `|(?<=(?:--|\\(["'])[\\w.-]{1,60})["']?(?:[ =]|,\\s{0,40})(?:\\\\\\s{1,40})?["']?${value}` +
  `|(?<=--[\\w-]{1,40})["'][^()]{1,200}?default ?= ?${value})`;
/** `2 * r`, `cfg.lora_r * 2` */
const TIMES = '(?:[1-9][\\d.]{0,9} ?\\* ?[A-Za-z_][\\w.]{0,60}|[A-Za-z_][\\w.]{0,60} ?\\* ?[1-9][\\d.]{0,9})';
const ABOVE_ZERO =
  `(?:${TIMES}|(?:[1-9]|0\\.\\d)[\\w.]{0,30}|(?:str\\(|{)[\\w.]{1,30}[)}]` +
  '|\\$(?!\\(|\\{\\w{1,30}:-0)[\\w.${}:-]{0,30})';
const named = (name: string, flags: string, value = ABOVE_ZERO): RegExp =>
  new RegExp(`(?:--)?(?:${name})${SETS(value)}`, flags);

/** Names that only LoRA uses; `--alpha` counts where the settings speak of LoRA. */
const ALPHA = named('(?<![a-z]|ada_)(?:q?lora|network|peft|linear)(?:_c\\w{2,6})?[._-]?alpha|(?<=--)alpha', 'gi');
const RANK = named(
  '(?<![a-z]|ada_|max_)(?:q?lora|network|peft|linear)(?:_c\\w{2,6})?[._-]?(?:r|rank|dim|attn_dim|attention_dim(?:ension)?)' +
    '|(?<![\\w.])linear(?=\\W)',
  'gi',
);
/** Names that are LoRA's beside its alpha, or in its block. */
const SHORT_RANK = named('(?<!\\w|[^-]-)(?:r|rank)', 'i');
const BLOCK_RANK = named('(?<![\\w.]|[^-]-)(?:r|rank|dim)', 'i');
const BLOCK_ALPHA = named('(?<![\\w.]|[^-]-)alpha', 'i', `(?:${TIMES}|[1-9$][\\w.]{0,30})`);
/** The rank beside an alpha that is a multiple of it. */
const ANY_RANK = named('(?<!\\w|[^-]-)(?:lora_)?(?:r|rank|dim)', 'i', '[A-Za-z_][\\w.]{0,60}(?![\\w.(])');
const IS_MULTIPLE = new RegExp(`${TIMES}$`);
/** Numbers and constants in a call: `rank=RANK`. */
const CALL_RANK = /(?<![\w.])(?:lora_)?(?:r|rank|dim)\s?=\s?[1-9A-Z]\w{0,30}/;
const CALL_ALPHA = new RegExp(`(?<![\\w.])(?:lora_)?alpha\\s?=\\s?(?:${TIMES}|[1-9A-Z][\\w.]{0,30})`);
/** The characters around an alpha, or after the name of a block, in which names are of one LoRA. */
const NEAR = 500;

/** `lora: {`, `["lora"] = {`, `[model.lora]`, `lora = dict(`, `LoRA(`, `Config(LoRA,`; `type: loraplus`; `rank: 4`. */
const BLOCK = new RegExp(
  `\\b\\w{0,20}(?:lora|peft)\\w{0,20}(?:["']?\\]?\\s?[:=]\\s{0,9}(?:dict\\()?[{\\n]|(?:\\]|,)\\s{0,9}\\n|\\()` +
    `|\\btype["']?\\s?[:=]\\s?["']?(?:[a-z]{1,3})?lora(?:plus|_?fa|\\b)|(?<![\\w.-])rank${SETS('[1-9]')}`,
  'gi',
);
const CALL = /^\w+\s?\((?:[^()]|\([^()]{0,300}\)){0,500}/;
/** What is no setting: comments, what is printed, docstrings, and strings that hold more than a word. */
const PROSE: Readonly<Record<TreeSyntax, RegExp>> = {
  python: /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#.*/g,
  json: /"(?:[^"\\\n]|\\.)*"?|\/\/.*/g,
  yaml: /(?<!\S)#.*/g,
  toml: /(?<!\S)#.*/g,
  shell: /(?<!\S)#.*|\b(?:echo|printf)\b.*/g,
  powershell: /(?<!\S)#.*|\bWrite-\w.*/gi,
};
/** `"--lora_r"`, `"lora.rank=8"`; a command or a text of several lines that a program uses: `config = """`. */
const IS_WORD = /^["'][\w.-]+(?:=[\w.{}-]*)?["']$/;
const IS_TEXT = /^(?:"""|''')|\s--\w[\w-]{0,40}[ =]\S/;
const IS_USED = /(?<!help|print)[=(,:[]\s?[a-z]?$/i;

/** Radio, not a model. */
const NO_SETTING = /spreading_factor/i;
/** LoRA is off, or another adapter trains. */
const AGAINST: readonly RegExp[] = [
  /(?:type|mode|method)["']?[=: ]\s?["']?full(?!_s)\w*|--full_?fine\w*|\bno[-_]lora\b/i,
  /(?<![a-z])(?:(?:use|enable|is)_?)?(?:peft|(?:peft_?)?lora)["']?[=: ]\s?["']?(?:false|0|no)\b/i,
  /lora["']?\s?[:=]\s{0,9}\{?\s{0,9}["']?(?:enabled?|use|active)["']?\s?[:=]\s?(?:false|no|0)\b/i,
  /lora_enable["']?[=: ]\s?["']?(?:false|0|no)\b|^adapter:(?=[ \t]{0,9}(?:\n\S|$(?![^])))/im,
  /(?:type|method|peft|adapter)["']?[=: ]\s?["']?(?:ada_?lora|loha|lokr|ia3|oft|vera)\b/i,
  /\b(?:ada_?lora|loha|lokr|ia3)(?=["']?\s?:)/i,
];

type Found = readonly [rank: RegExpExecArray, alpha: RegExpExecArray];

/** The rank and the alpha of LoRA in a text that no trainer reads. */
function settingsIn(text: string, isCode: boolean): Found | null {
  const first = (of: RegExp, from: number, to: number): RegExpExecArray | null => {
    const found = of.exec(text.slice(from, to));
    return found && Object.assign(found, { index: found.index + from });
  };
  const beside = (name: RegExp, alpha: RegExpExecArray, from: number, to: number): RegExpExecArray | null =>
    first(name, from, to) ?? (IS_MULTIPLE.test(alpha[0]) ? first(ANY_RANK, from, to) : null);
  const ranks = [...text.matchAll(RANK)];
  let next = 0;
  for (const alpha of text.matchAll(ALPHA)) {
    const { index } = alpha;
    if (/^--alpha/i.test(alpha[0]) && !/lora/i.test(text)) continue;
    while (isCode && (ranks[next]?.index ?? Infinity) < index - NEAR) next++;
    const named = ranks[next];
    const isNear = named && (!isCode || named.index < index + NEAR);
    const rank = isNear ? named : beside(SHORT_RANK, alpha, Math.max(0, index - NEAR), index + NEAR);
    if (rank) return [rank, alpha];
  }
  for (const { 0: start, index } of text.matchAll(BLOCK)) {
    const isCall =
      start.endsWith('(') && !/dict\($/.test(start) && !/class\s$/.test(text.slice(Math.max(0, index - 6), index));
    const end = index + (isCall ? (CALL.exec(text.slice(index, index + NEAR))?.[0].length ?? 0) : NEAR);
    const alpha = first(isCall ? CALL_ALPHA : BLOCK_ALPHA, index, end);
    const rank = alpha && beside(isCall ? CALL_RANK : BLOCK_RANK, alpha, index, end);
    if (rank) return [rank, alpha];
  }
  return null;
}

/** The text with blanks in place of what sets nothing. */
function settingsOf({ text, syntax }: Document): string {
  return text.replace(PROSE[syntax], (prose, offset: number) => {
    const isText = IS_TEXT.test(prose) && IS_USED.test(text.slice(Math.max(0, offset - 9), offset));
    return isText || IS_WORD.test(prose) ? prose : prose.replace(/./g, ' ');
  });
}

const wordsOf = (document: Document, { 0: words, index }: RegExpExecArray): string =>
  `${placeWords(document, index)} \`${words.replace(/["']/g, '').replace(/\s+/g, ' ')}\``;

const rangeOf = ({ 0: words, index }: RegExpExecArray): Range => ({ start: index, end: index + words.length });

/** Where a document sets an alpha of LoRA to this number: the range, and its words with their line. */
export const placesOfAlpha = (document: Document, alpha: number): (Range & { where: string })[] =>
  [...settingsOf(document).matchAll(ALPHA)]
    .filter(([words]) => !IS_MULTIPLE.test(words) && numberIn(words.split(/[\s=:"',]+/).at(-1) ?? '') === alpha)
    .map((found) => ({ ...rangeOf(found), where: wordsOf(document, found) }));

/** The note about a document that no trainer reads, but that sets a rank and an alpha of LoRA: which, and where. */
export function likeLora(document: Document): readonly Note[] {
  const bare = settingsOf(document);
  const found = NO_SETTING.test(bare) ? null : settingsIn(bare, document.syntax === 'python');
  if (!found) return [];
  const [rank, alpha] = found;
  const where = `${wordsOf(document, rank)}, ${wordsOf(document, alpha)}`;
  const against = AGAINST.map((one) => one.exec(bare)).find((one) => one !== null);
  const message = against
    ? l10n.t`These look like LoRA: ${where}. But ${wordsOf(document, against)} may switch it off, or train another adapter.`
    : l10n.t`These look like LoRA: ${where}. No known trainer reads them.`;
  const notes = new Notes();
  notes.add('info', 'trainer-unknown', message, rangeOf(alpha));
  return notes.list;
}
