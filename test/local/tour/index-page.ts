import { escapeHtml } from '../../../actions/ecs-bluegreen-deploy/src/report/html';
import { exitMeanings } from '../../../shared/errors';

/** A deployment as the page lists it. */
export interface IndexRow {
  readonly heading: string;
  /** What has happened, in a sentence. */
  readonly outcome: string;
  readonly status: number;
  readonly failure: string | undefined;
  /** How many requests each version answered, and what failed or was lost. */
  readonly answers: string;
  readonly ms: number;
  /** Names of files beside the page. */
  readonly report: string | undefined;
  readonly json: string | undefined;
}

export interface NextStep {
  readonly text: string;
  readonly address: string;
}

/** The first page of the folder that a tour keeps: its deployments, their reports, and what to do next. */
export function indexPage(rows: readonly IndexRow[], requests: string, next: readonly NextStep[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Three deployments</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style}</style></head><body><main>
<h1>Three deployments</h1>
<p>${escapeHtml(requests)}</p>
<p>The embedded AWS ran much faster than the real one: in the reports, times count real seconds, and durations of events are its own.</p>
<table><thead><tr><th scope="col">Deployment</th><th scope="col">Exit status</th><th scope="col">Requests</th><th scope="col">Time</th><th scope="col">Report</th></tr></thead><tbody>
${rows.map(rowOf).join('\n')}
</tbody></table>
<h2>Exit statuses</h2>
<table><tbody>${Object.entries(exitMeanings)
    .map(([status, meaning]) => `<tr><th scope="row">${status}</th><td>${escapeHtml(meaning)}</td></tr>`)
    .join('\n')}</tbody></table>
<h2>What to do next</h2>
<ul>${next.map(({ text, address }) => `<li><a href="${escapeHtml(address)}">${escapeHtml(text)}</a></li>`).join('\n')}</ul>
<p><a href="log.txt">The log of the run</a></p>
</main></body></html>
`;
}

function rowOf({ heading, outcome, status, failure, answers, ms, report, json }: IndexRow): string {
  const why = failure === undefined ? '' : `<p class="bad">${escapeHtml(failure)}</p>`;
  const links = [
    ...(report === undefined ? [] : [`<a href="${escapeHtml(report)}">page</a>`]),
    ...(json === undefined ? [] : [`<a href="${escapeHtml(json)}">JSON</a>`]),
  ];
  return `<tr><th scope="row">${escapeHtml(heading)}<p>${escapeHtml(outcome)}</p>${why}</th><td class="${status === 0 ? 'good' : 'bad'}">${status}</td><td>${escapeHtml(answers)}</td><td>${(ms / 1000).toFixed(0)} s</td><td>${links.join(' ')}</td></tr>`;
}

const style = `:root{color-scheme:light dark;--good:#1a7f37;--bad:#cf222e;--line:#8885}
@media (prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#ff7b72}}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line)}
.good{color:var(--good)}.bad{color:var(--bad)}th p{font-weight:400;margin:.2rem 0;overflow-wrap:anywhere}tbody th{min-width:18rem}table+h2~table th{min-width:0}td.good,td.bad{font-weight:700}`;
