import { cutLine } from '../../../../shared/foreign-text';
import type { Section } from '../watch/model';
import { duration, type ImageFact, type ReportFacts, revisionOr, type StageFact } from './facts';
import { fitLines } from './fit';
import { escapeHtml, safeAddress, style } from './html';
import type { DeploymentStatus } from './outcome';
import { picture } from './picture';

/** Characters of the parts that have no end of their own; with them a page stays below 60 KB. */
const most = { events: 14_000, plan: 7_000, diagnostics: 12_000, images: 4_000 };

/**
 * The page of a deployment: outcome, images, course, diagnostics, timeline and plan. Complete in itself, without scripts.
 * @param json the name of the file next to it with the same facts
 */
export function reportPage(facts: ReportFacts, json: string): string {
  const { service, status, cause } = facts;
  const title = `${service}: ${status}`;
  return [
    '<!DOCTYPE html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<style>${style}</style></head><body><main>`,
    `<header class="${kindOf(facts)}">`,
    `<h1><strong class="status">${escapeHtml(words[status] ?? status)}</strong> ${escapeHtml(service)}</h1>`,
    `<p>${headline(facts)}</p></header>`,
    ...(cause === undefined
      ? []
      : [`<p class="cause"><strong>Cause:</strong> ${escapeHtml(cutLine(cause, longestLine))}</p>`]),
    ...picture(facts),
    ...diagnosticsOf(facts.diagnostics),
    ...imageTable(facts.images),
    ...factTable(facts, json),
    ...stageTable(facts.stages),
    ...timeline(facts),
    '<h2 id="plan">Plan</h2>',
    block(fitEscaped(facts.plan, most.plan), 'Plan'),
    '</main></body></html>',
    '',
  ].join('\n');
}

/** Characters of one line. */
const longestLine = 2_000;

/** Whatever got into the page: no script, no request, no form. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Statuses in words; one that is not listed is shown as it is. */
const words: Readonly<Partial<Record<DeploymentStatus, string>>> = {
  SUCCEEDED: 'Succeeded',
  UNCHANGED: 'Nothing to deploy',
  IN_PROGRESS: 'Reached what was waited for; the deployment keeps running in AWS',
  TIMED_OUT: 'The wait ended first; the deployment keeps running in AWS',
  FAILED: 'Failed',
  STOPPED: 'Stopped',
  ROLLED_BACK: 'Rolled back',
  SUPERSEDED: 'Replaced by another deployment',
  TASK_FAILED: 'The task before the deployment failed; nothing was deployed',
  UNHEALTHY: 'No target of the new tasks answers',
};

function kindOf({ status, exitStatus }: ReportFacts): 'good' | 'bad' | 'open' {
  if (status === 'IN_PROGRESS' || status === 'TIMED_OUT') return 'open';
  return exitStatus === 0 ? 'good' : 'bad';
}

const headline = ({ taskDefinition, cluster, region, seconds, startedAt }: ReportFacts) =>
  `${escapeHtml(`${revisionOr(taskDefinition, 'No task definition')} in cluster ${cluster}, ${region}`)}; ${duration(seconds)} from ${time(startedAt)}`;

function factTable(facts: ReportFacts, json: string): string[] {
  const { deployment } = facts;
  const rows: [string, string][] = [
    ['Task definition', escapeHtml(revisionOr(facts.taskDefinition, 'none was registered'))],
    ['Before', escapeHtml(revisionOr(facts.previousTaskDefinition, 'nothing'))],
    ['Deployment', deployment ? linked(deployment.id, deployment.url) : 'none was created'],
    ...rollbackRow(facts),
    ['Service', linked(facts.service, facts.serviceUrl)],
    ['Started', time(facts.startedAt)],
    ['Ended', `${time(facts.endedAt)}, after ${duration(facts.seconds)}`],
    ['Exit status', `${facts.exitStatus} (${escapeHtml(facts.status)})`],
    ['For machines', `<code>${escapeHtml(json)}</code>, beside this page`],
  ];
  const cells = rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  return ['<h2 id="facts">Facts</h2>', `<table>${cells.join('\n')}</table>`];
}

const rollbackRow = ({ rollback }: ReportFacts): [string, string][] =>
  rollback ? [['Rollback', escapeHtml(`${rollback.id ?? 'by the deployment itself'} ${rollback.status ?? ''}`)]] : [];

/** A time of the form `2026-11-27T09:45:38.023Z`, as people read it. */
const time = (at: string) =>
  `<time datetime="${escapeHtml(at)}">${escapeHtml(at.replace(/^([\d-]+)T([\d:]+)(?:\.\d+)?Z$/, '$1 $2 UTC'))}</time>`;

function linked(text: string, url: string): string {
  const address = safeAddress(url);
  return address ? `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>` : escapeHtml(text);
}

function imageTable(images: readonly ImageFact[]): string[] {
  if (images.length === 0) return [];
  const rows = images.map(
    ({ container, before, after }) =>
      `<tr><th scope="row">${escapeHtml(container)}</th><td><code>${escapeHtml(before ?? 'not known')}</code></td><td><code>${escapeHtml(after === before ? 'the same' : (after ?? 'none'))}</code></td></tr>`,
  );
  return [
    '<h2 id="images">Images</h2>',
    '<table><thead><tr><th scope="col">Container</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>',
    ...fitRows(rows, most.images, 3),
    '</tbody></table>',
  ];
}

function stageTable(stages: readonly StageFact[]): string[] {
  if (stages.length === 0) return [];
  const rows = stages.map(({ name, status, from, took }) => {
    const length = took === undefined ? '' : duration(took);
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(status)}</td><td class="n">+${duration(from)}</td><td class="n">${length}</td></tr>`;
  });
  return [
    '<h2 id="lifecycle">Lifecycle events</h2>',
    '<table><thead><tr><th scope="col">Event</th><th scope="col">Status</th><th scope="col">Seen to begin</th><th scope="col">Took</th></tr></thead><tbody>',
    ...rows,
    '</tbody></table>',
  ];
}

function diagnosticsOf(sections: readonly Section[]): string[] {
  const share = most.diagnostics / Math.max(1, sections.length);
  return sections.flatMap(({ title, lines }) => [
    `<h2>${escapeHtml(title)}</h2>`,
    block(fitEscaped(lines, share), title, /^Log\b/.test(title)),
  ]);
}

function timeline({ events }: ReportFacts): string[] {
  if (events.length === 0) return [];
  const rows = events.map(
    ({ seconds, at, text }) =>
      `<tr><td class="n">+${duration(seconds)}</td><td class="n"><time datetime="${at}">${at.slice(11, 19)}</time></td><td><code>${escapeHtml(cutLine(text, longestLine))}</code></td></tr>`,
  );
  return [
    '<h2 id="timeline">Timeline</h2>',
    '<table><thead><tr><th scope="col">After</th><th scope="col">At (UTC)</th><th scope="col">What happened</th></tr></thead><tbody>',
    ...fitRows(rows, most.events, 3),
    '</tbody></table>',
  ];
}

/** Rows of a table; those that are too many are one that counts them. */
const fitRows = (rows: readonly string[], characters: number, columns: number): string[] =>
  fitLines(rows, characters).map((row) =>
    row.startsWith('<tr>') ? row : `<tr><td colspan="${columns}">${row}</td></tr>`,
  );

/** Lines as a page contains them; escaping makes them longer. */
const fitEscaped = (lines: readonly string[], characters: number): string[] =>
  fitLines(
    lines.flatMap((line) => line.split('\n')).map((line) => escapeHtml(cutLine(line, longestLine))),
    characters,
  );

const block = (escaped: readonly string[], label: string, isLog = false): string =>
  `<pre${isLog ? ' class="log"' : ''} tabindex="0" aria-label="${escapeHtml(label)}">${escaped.join('\n')}</pre>`;
