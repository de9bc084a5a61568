import { escapeMarkdown, markdownCode, markdownLink, markdownLog, markdownTable } from '../../../../shared/markdown';
import { formatDuration } from '../text';
import type { ImageFact, ReportFacts } from './facts';
import { revisionName } from './links';

/** Rows of each table; the report has all of them. */
const mostRows = 40;

/** What GitHub shows of a deployment below the steps, as Markdown. The facts are masked already; all texts are escaped here. */
export function stepSummary(facts: ReportFacts, line: string | undefined): string {
  return [
    ...(line === undefined ? [] : [`**${escapeMarkdown(line)}**`]),
    markdownTable(['', ''], factRows(facts)).join('\n'),
    ...pictureOf(facts),
    ...timelineOf(facts),
    ...facts.diagnostics.map(({ title, lines }) => folded(title, markdownLog(lines.slice(0, 100)), true)),
    folded('Plan', markdownLog(facts.plan), false),
  ].join('\n\n');
}

function factRows(facts: ReportFacts): string[][] {
  const { deployment, previousTaskDefinition: before, taskDefinition: now } = facts;
  const name = (arn: string | undefined, otherwise: string) => (arn ? markdownCode(revisionName(arn)) : otherwise);
  return [
    ['Outcome', markdownCode(facts.status)],
    ['Service', `${markdownCode(facts.service)} in ${markdownCode(facts.cluster)}, ${escapeMarkdown(facts.region)}`],
    ['Task definition', `${name(before, 'nothing')} → ${name(now, 'none was registered')}`],
    ...facts.images.slice(0, mostRows).map(imageRow),
    ...(facts.cause === undefined ? [] : [['Cause', escapeMarkdown(facts.cause)]]),
    ['Deployment', deployment ? markdownLink(deployment.id.replace(/^.*\//, ''), deployment.url) : 'none was created'],
    ['Took', formatDuration(facts.seconds * 1_000)],
  ];
}

const imageRow = ({ container, before, after }: ImageFact): string[] => [
  `Image of ${markdownCode(container)}`,
  before === after || before === undefined
    ? markdownCode(after ?? 'not known')
    : `${markdownCode(before)} → ${markdownCode(after ?? 'not known')}`,
];

/** The share of green over the time, as a chart that GitHub draws: one point a moment, traffic moves in steps. */
function pictureOf({ traffic, seconds }: ReportFacts): string[] {
  if (traffic.length < 2 || seconds <= 0) return [];
  const points = 40;
  const shares = Array.from({ length: points + 1 }, (_, at) => {
    const moment = (seconds * at) / points;
    return traffic.filter((one) => one.seconds <= moment).at(-1)?.green ?? 0;
  });
  const minutes = Math.round(seconds / 6) / 10;
  return [
    [
      '```mermaid',
      'xychart-beta',
      '  title "Traffic on green, in percent"',
      `  x-axis "minutes" 0 --> ${minutes || 0.1}`,
      '  y-axis "percent" 0 --> 100',
      `  line [${shares.join(', ')}]`,
      '```',
    ].join('\n'),
  ];
}

function timelineOf({ events }: ReportFacts): string[] {
  if (events.length === 0) return [];
  const shown = events.slice(-mostRows);
  const rows = shown.map(({ seconds, text }) => [
    formatDuration(seconds * 1_000),
    escapeMarkdown(text.replace(/\s+/g, ' ')),
  ]);
  const more = events.length > shown.length ? `, the last ${shown.length} of ${events.length}` : '';
  return [folded(`Events${more}`, markdownTable(['after', 'what'], rows).join('\n'), false)];
}

/** Something long below its title, which the reader opens. */
const folded = (title: string, content: string, open: boolean) =>
  `<details${open ? ' open' : ''}><summary>${escapeMarkdown(title)}</summary>\n\n${content}\n\n</details>`;
