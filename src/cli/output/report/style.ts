import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '../../../plot/style';

/** The plots' colours as variables, so that one picture serves light and dark. */
export const REPORT_PALETTE: Palette = {
  text: 'var(--text)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  band: 'var(--band)',
  background: 'none',
  curves: mapValues(LIGHT_PALETTE.curves, (_, style) => `var(--${style})`),
  sequence: LIGHT_PALETTE.sequence.map((_, index) => `var(--sequence-${index})`),
};

function variables(palette: Palette, rest: Readonly<Record<string, string>>): string {
  const { text, muted, grid, band, background, curves, sequence } = palette;
  const all = { text, muted, grid, band, background, ...curves, ...rest };
  return [
    ...Object.entries(all).map(([name, colour]) => `--${name}:${colour}`),
    ...sequence.map((colour, index) => `--sequence-${index}:${colour}`),
  ].join(';');
}

function mapValues<K extends string>(
  of: Readonly<Record<K, string>>,
  to: (value: string, key: K) => string,
): Record<K, string> {
  const entries = Object.entries<string>(of).map(([key, value]) => [key, to(value, key as K)]);
  return Object.fromEntries(entries) as Record<K, string>;
}

const LIGHT = variables(LIGHT_PALETTE, {
  card: '#f6f8fa',
  line: '#d8dee4',
  good: '#1a7f37',
  bad: '#c8252f',
  near: '#0969da',
  unsure: '#8a6100',
});
const DARK = variables(DARK_PALETTE, {
  card: '#23272d',
  line: '#383e46',
  good: '#5ccb7a',
  bad: '#ff7b72',
  near: '#6cb6ff',
  unsure: '#e0b34c',
});

/**
 * The report's style sheet, in the sizes of the panel's (media/panel). System fonts and no address anywhere: the page
 * loads nothing.
 */
export const REPORT_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:18px 20px 28px}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 10px;padding-bottom:10px;border-bottom:1px solid var(--line)}
h1{margin:0;font-size:16px;font-weight:600;overflow-wrap:anywhere}
h2{margin:0 0 6px;font-size:12px;font-weight:600;letter-spacing:.04em;text-transform:uppercase;color:var(--muted)}
p{margin:0}
b{font-weight:600}
.muted{color:var(--muted)}
.number{white-space:nowrap}
.s-target p{font-variant-numeric:tabular-nums}
.s-target .muted{font-size:13px}
.s-target .goal .muted{font-size:inherit}
.columns{display:grid;grid-template-columns:minmax(300px,5fr) minmax(320px,6fr);gap:0 32px;align-items:start;padding-top:14px}
.column{min-width:0}
section{margin:0 0 16px;min-width:0}
.goal{font-size:24px;line-height:1.3;font-variant-numeric:tabular-nums}
.card{padding:10px 14px 12px;border:1px solid var(--line);border-radius:6px;background:var(--card)}
dl{margin:0}
dd{margin:0}
.large{display:grid;grid-template-columns:repeat(3,minmax(min-content,1fr));gap:8px 16px}
.large>div{display:flex;flex-direction:column-reverse;justify-content:flex-end;min-width:0}
.large dd{white-space:nowrap;font-size:20px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
.large .long{white-space:normal;font-size:15px;line-height:1.7;overflow-wrap:anywhere}
.large dt{font-size:13px;line-height:1.35;overflow-wrap:break-word}
.large dt .muted{display:block}
.whys{display:grid;grid-template-columns:minmax(0,max-content) minmax(0,1fr);gap:4px 12px;margin-top:6px;overflow-wrap:anywhere}
.whys dd{color:var(--muted)}
.disclosure{margin-top:8px;font-size:13px}
summary{cursor:pointer}
.disclosure>summary{width:max-content;max-width:100%;color:var(--muted)}
.way{padding:4px 0;border-top:1px solid var(--line)}
.way:first-of-type{border-top:0}
.way>summary{display:flex;align-items:baseline;flex-wrap:wrap;justify-content:space-between;gap:0 12px;list-style:none}
.way>summary::-webkit-details-marker{display:none}
.way>summary span span,.way .price,.way p,.way ul{font-size:13px}
.way .price{color:var(--muted)}
.way .price.ok{color:var(--good)}
.way p{color:var(--muted)}
.verdict{padding:8px 12px 10px;border-left:3px solid var(--tone);border-radius:6px;background:color-mix(in srgb,var(--tone) 9%,transparent)}
.verdict.identical,.verdict.equivalent{--tone:var(--good)}
.verdict.different{--tone:var(--bad)}
.verdict.nearly{--tone:var(--near)}
.verdict.undecided{--tone:var(--unsure)}
.verdict h2{margin:0;font-size:15px;letter-spacing:0;text-transform:none;color:var(--text)}
.verdict .mark{color:var(--tone);margin-right:8px}
.verdict p{margin-top:2px;max-width:80ch;overflow-wrap:anywhere}
.heading{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 10px;font-size:12px}
.heading h2{margin:0}
.plot{margin-bottom:8px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:0 32px}
main>.verdict{margin-top:14px}
svg{display:block;width:100%;max-width:660px;height:auto}
.scroll{overflow-x:auto;margin-top:8px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{padding:2px 0 4px 12px;font-size:13px;font-weight:400;color:var(--muted);text-align:right}
td{padding:3px 0 3px 12px;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{padding-left:0;text-align:left}
td small{color:var(--muted);margin-left:6px}
.card table{font-size:13px}
.card td:first-child{white-space:normal;overflow-wrap:anywhere}
.card th{font-size:12px}
pre{margin:6px 0 0;padding:8px 10px;overflow-x:auto;border:1px solid var(--line);border-radius:4px;background:var(--background);font:12px/1.5 ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono",monospace}
ul{margin:6px 0 0;padding-left:18px}
footer{padding-top:10px;border-top:1px solid var(--line);font-size:13px}
@media(max-width:719px){
.columns{grid-template-columns:minmax(0,1fr)}
main{padding-inline:12px}
.column{display:contents}
.s-target{order:1}
.s-answer{order:2}
.verdict{order:3}
.s-plots{order:4}
.s-ways{order:5}
.further{order:6}
}
@media print{main{padding:0}section{break-inside:avoid}}
`;
