import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '../../plot/palette';

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

/** The report's style sheet. System fonts and no address anywhere: the page loads nothing. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 28px 40px}
header{border-bottom:1px solid var(--line);padding-bottom:14px;margin-bottom:22px}
h1{font-size:22px;line-height:1.3;margin:0;overflow-wrap:anywhere}
header p{margin:4px 0 0}
h2{font-size:12px;letter-spacing:.05em;text-transform:uppercase;color:var(--muted);margin:0 0 8px}
section{margin:0 0 28px;min-width:0}
.muted{color:var(--muted)}
.number{font-variant-numeric:tabular-nums}
.verdict{border-left:4px solid var(--tone);background:color-mix(in srgb,var(--tone) 9%,transparent);border-radius:6px;padding:14px 18px}
.verdict.identical,.verdict.equivalent{--tone:var(--good)}
.verdict.different{--tone:var(--bad)}
.verdict.nearly{--tone:var(--near)}
.verdict.undecided{--tone:var(--unsure)}
.verdict h2{font-size:17px;letter-spacing:0;text-transform:none;color:var(--text);margin:0 0 4px}
.verdict .mark{color:var(--tone);margin-right:8px}
.verdict p{margin:4px 0 0;max-width:80ch}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:0 32px}
svg{display:block;width:100%;height:auto}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:400;color:var(--muted);font-size:13px;text-align:right;padding:3px 0 5px 16px}
td{border-top:1px solid var(--line);padding:6px 0 6px 16px;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0}
td small{color:var(--muted);margin-left:6px}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:14px 16px;overflow-x:auto;font:13px/1.5 ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono",monospace}
ul{margin:0;padding-left:20px}
footer{border-top:1px solid var(--line);padding-top:12px;font-size:13px}
@media print{main{padding:0}section{break-inside:avoid}}
`;
