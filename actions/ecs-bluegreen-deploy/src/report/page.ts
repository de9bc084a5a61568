import { formatDuration } from '../text';
import { type DeploymentRun, hintsOf } from '../watch/deployment-run';
import { formatEvent } from './event-lines';
import { escapeHtml, safeAddress } from './html';
import { deploymentUrl } from './links';
import { type DeploymentStatus, revisionName } from './outcome';
import { showPlan } from './plan-lines';
import { trafficPicture } from './traffic-picture';

/** The page of a deployment: outcome, traffic, timeline, diagnostics and plan. Complete in itself, no script. */
export function reportPage(run: DeploymentRun, status: DeploymentStatus, now: number): string {
  const { plan, arn, deployment, startedAt } = run;
  const { request } = plan;
  const title = `${request.service}: ${status}`;
  const facts: [string, string][] = [
    ['Service', `${request.service} in ${request.cluster}, ${request.region}`],
    ['Task definition', arn ? revisionName(arn) : 'none was registered'],
    ['Before', plan.previous ? revisionName(plan.previous) : 'nothing'],
    ['Deployment', deployment?.id ?? 'none was created'],
    ['Started', new Date(startedAt).toISOString()],
    ['Took', formatDuration(now - startedAt)],
  ];
  const link = deployment && safeAddress(deploymentUrl(plan, deployment.id));
  return [
    '<!DOCTYPE html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<style>${style}</style></head><body>`,
    `<h1 class="${kindOf[status]}">${escapeHtml(title)}</h1>`,
    ...(run.state?.cause !== undefined ? [`<p class="bad">${escapeHtml(run.state.cause)}</p>`] : []),
    `<table>${facts.map(([name, value]) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</table>`,
    ...(link ? [`<p><a href="${escapeHtml(link)}">The deployment in the console</a></p>`] : []),
    ...trafficPicture(run, now),
    ...timeline(run),
    ...diagnosticsOf(run),
    `<h2>Plan</h2><pre>${escapeHtml(
      showPlan(plan)
        .map(({ text }) => text)
        .join('\n'),
    )}</pre>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** Whatever got into the page: no script, no request, no form. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const kindOf: Readonly<Record<DeploymentStatus, 'good' | 'bad' | 'open'>> = {
  SUCCEEDED: 'good',
  UNCHANGED: 'good',
  IN_PROGRESS: 'open',
  TIMED_OUT: 'open',
  FAILED: 'bad',
  STOPPED: 'bad',
  ROLLED_BACK: 'bad',
  SUPERSEDED: 'bad',
  TASK_FAILED: 'bad',
};

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem;border-left:.5rem solid;padding-left:.7rem}h2{font-size:1.1rem;margin-top:2rem}
.good{color:#1a7f37}.bad{color:#cf222e}.open{color:#9a6700}
th{text-align:left;padding-right:1.5rem;font-weight:600;vertical-align:top}td.t{white-space:nowrap;color:#59636e;padding-right:1rem}
pre,td.l{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
svg{width:100%;height:auto;background:#f6f8fa}`;

function timeline(run: DeploymentRun): string[] {
  const { steps, startedAt } = run;
  const hints = hintsOf(run);
  const rows = steps.flatMap(({ at, events }) =>
    events
      .filter(({ type }) => type !== 'heartbeat')
      .flatMap((event) => formatEvent(event, hints))
      .map(
        (line) => `<tr><td class="t">${formatDuration(at - startedAt)}</td><td class="l">${escapeHtml(line)}</td></tr>`,
      ),
  );
  return rows.length > 0 ? [`<h2>Timeline</h2><table>${rows.join('\n')}</table>`] : [];
}

const diagnosticsOf = ({ diagnostics }: DeploymentRun): string[] =>
  diagnostics.map(({ title, lines }) => `<h2>${escapeHtml(title)}</h2><pre>${escapeHtml(lines.join('\n'))}</pre>`);
