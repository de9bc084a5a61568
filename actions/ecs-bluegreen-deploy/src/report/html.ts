import { plainText } from '../../../../shared/foreign-text';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of any origin, escaped for an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  plainText(text).replace(/[&<>"']/g, (character) => entities[character]!);

/** An address that a page may link to; undefined for one of another scheme, such as `javascript:`. */
export function safeAddress(text: string): string | undefined {
  try {
    const { protocol, href } = new URL(text);
    return protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
}

/** The style of the report's page: light, dark and on paper. */
export const style = `:root{color-scheme:light dark;--text:#1b1f24;--dim:#59636e;--line:#d1d9e0;--panel:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--open:#9a6700;--blue:#3b6fe0;--green:#1e9e63;--log:#0d1117}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9198a1;--line:#3d444d;--panel:#151b23;--good:#3fb950;--bad:#ff7b72;--open:#d29922;--blue:#5b8cff;--green:#35c184;--log:#010409}body{background:#0d1117}}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:var(--text)}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.3rem 0}
header{border-left:.5rem solid var(--line);padding-left:1rem}header.good{border-color:var(--good)}header.bad{border-color:var(--bad)}header.open{border-color:var(--open)}
.status{display:block;font-size:1rem}.good .status{color:var(--good)}.bad .status{color:var(--bad)}.open .status{color:var(--open)}
.cause{background:var(--panel);border-left:.3rem solid var(--bad);padding:.6rem 1rem;margin-top:.8rem;overflow-wrap:anywhere}
a{color:var(--blue)}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem 1.2rem .25rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}th[scope=row]{white-space:normal;min-width:8rem}td.n,th.n{white-space:nowrap;color:var(--dim);font-variant-numeric:tabular-nums}
code,pre{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}pre{background:var(--panel);padding:.6rem 1rem;margin:.3rem 0}
pre.log{background:var(--log);color:#e6edf3;border-left:.3rem solid var(--bad)}
svg{width:100%;height:auto;background:var(--panel)}svg text{font:11px system-ui,sans-serif;fill:var(--dim)}svg .strong{fill:var(--text);paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-linejoin:round}
.grid{stroke:var(--line)}.failed{stroke:var(--bad);stroke-width:2;stroke-dasharray:3 3}.blue{fill:var(--blue)}.green{fill:var(--green)}.fail{fill:var(--bad)}.soft{fill-opacity:.35}.lb{stroke:var(--blue)}.lg{stroke:var(--green)}.lb,.lg{fill:none;stroke-width:2}
@media print{body{margin:0;max-width:none;font-size:11px}pre,svg,tr{break-inside:avoid}pre.log{background:none;color:#000}*{print-color-adjust:exact}}`;
