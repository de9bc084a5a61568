import { duration, type ReportFacts, type StageFact, type TaskFact } from './facts';
import { thinned } from './fit';
import { escapeHtml } from './html';

const [width, left, right] = [760, 110, 12];
/** Heights of what is drawn one above the other, and the space below each. */
const [trafficHeight, tasksHeight, stageHeight] = [110, 70, 17];
const [top, gap] = [20, 25];
/** Points of a line; a crash loop of hours has more. */
const mostPoints = 150;

type Scale = (seconds: number) => number;

/**
 * Traffic, tasks and lifecycle events over time, one above the other on one axis, as a picture. Nothing where nothing was seen.
 * What it shows is in the tables of the page too.
 */
export function picture(facts: ReportFacts): string[] {
  if (facts.traffic.length + facts.tasks.length + facts.stages.length === 0) return [];
  const span = Math.max(1, facts.seconds);
  const x: Scale = (seconds) => round(left + (Math.min(seconds, span) / span) * (width - left - right));
  // What was not seen takes no space.
  const tasksTop = top + (facts.traffic.length > 0 ? trafficHeight + gap : 0);
  const stagesTop = tasksTop + (facts.tasks.length > 0 ? tasksHeight + gap : 0);
  const bottom = stagesTop + facts.stages.length * stageHeight;
  return [
    '<h2 id="course">Course</h2>',
    `<svg viewBox="0 0 ${width} ${bottom + 26}" role="img" aria-labelledby="pt pd"><title id="pt">Traffic, tasks and lifecycle events over time</title><desc id="pd">${escapeHtml(description(facts))}</desc>`,
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((part) => tick(part * span, part, bottom, x)),
    ...trafficPanel(facts, x, span),
    ...tasksPanel(facts, tasksTop, x, span),
    ...facts.stages.flatMap((stage, row) => stageBar(stage, stagesTop + row * stageHeight, x, span)),
    ...failureLine(facts, x, bottom),
    '</svg>',
  ];
}

function failureLine({ failedAfter }: ReportFacts, x: Scale, bottom: number): string[] {
  if (failedAfter === undefined) return [];
  const at = x(failedAfter);
  return [
    `<line class="failed" x1="${at}" x2="${at}" y1="${top - 8}" y2="${bottom + 4}"/>`,
    `<text class="strong" x="${at - 4}" y="${top - 6}" text-anchor="end">failure seen</text>`,
  ];
}

function description({ traffic: moves, stages }: ReportFacts): string {
  const shares = thinned(moves, 20).map(({ seconds, green }) => `green ${green}% after ${duration(seconds)}`);
  const ends = stages.map(({ name, status }) => `${name} ${status}`);
  return [...shares, ...ends].join(', ');
}

function trafficPanel({ traffic: moves }: ReportFacts, x: Scale, span: number): string[] {
  if (moves.length === 0) return [];
  const y = (share: number) => round(top + (1 - share / 100) * trafficHeight);
  const points = thinned(moves, mostPoints).map(({ seconds, green }) => ({ seconds, value: green }));
  // Traffic moves in steps, so the line does too.
  const line = stepLine(points, x, y, span);
  const start = x(points[0]!.seconds);
  const names = Math.min(start + 6, width - right - 40);
  return [
    label('traffic', top + 12),
    ...[0, 50, 100].flatMap((share) => [
      grid(y(share)),
      `<text x="${left - 6}" y="${y(share) + 4}" text-anchor="end">${share}%</text>`,
    ]),
    `<path class="blue soft" d="${line}V${y(100)}H${start}Z"/>`,
    `<path class="green soft" d="${line}V${y(0)}H${start}Z"/>`,
    `<path class="lg" d="${line}"/>`,
    `<text x="${names}" y="${y(100) + 14}" class="strong">blue</text>`,
    `<text x="${names}" y="${y(0) - 6}" class="strong">green</text>`,
  ];
}

function tasksPanel({ tasks: counts }: ReportFacts, from: number, x: Scale, span: number): string[] {
  if (counts.length === 0) return [];
  const most = Math.max(1, ...counts.flatMap(({ blue, green }) => [highest(blue), highest(green)]));
  const y = (count: number) => round(from + (1 - count / most) * tasksHeight);
  const shown = thinned(counts, mostPoints);
  const lineOf = (colour: 'blue' | 'green') => {
    const points = shown.map((one) => ({ seconds: one.seconds, value: one[colour]?.running ?? 0 }));
    return `<path class="l${colour[0]}" d="${stepLine(points, x, y, span)}"${colour === 'blue' ? ' stroke-dasharray="5 3"' : ''}/>`;
  };
  return [
    label('running tasks', from + 12),
    `<text x="4" y="${from + 28}">blue dashed</text>`,
    ...[0, most].flatMap((count) => [
      grid(y(count)),
      `<text x="${left - 6}" y="${y(count) + 4}" text-anchor="end">${count}</text>`,
    ]),
    lineOf('blue'),
    lineOf('green'),
  ];
}

const highest = (tasksOf: TaskFact | undefined) => Math.max(tasksOf?.running ?? 0, tasksOf?.desired ?? 0);

function stageBar({ name, status, from, to, took }: StageFact, y: number, x: Scale, span: number): string[] {
  const [start, end] = [x(from), x(to ?? span)];
  const time = took === undefined ? '' : `, ${duration(took)}`;
  const isBad = status === 'Failed' || status === 'Stopped';
  const anchor = end > width * 0.7 ? `x="${start - 4}" text-anchor="end"` : `x="${Math.max(end, start + 3) + 4}"`;
  return [
    `<rect class="${isBad ? 'fail' : 'green'}" x="${start}" y="${y + 3}" width="${Math.max(3, round(end - start))}" height="${stageHeight - 6}" rx="2"/>`,
    `<text ${anchor} y="${y + 13}" class="strong">${escapeHtml(`${name}${isBad ? ` ${status}` : ''}${time}`)}</text>`,
  ];
}

const label = (text: string, y: number) => `<text x="4" y="${y}" class="strong">${text}</text>`;
const grid = (y: number) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>`;

const tick = (seconds: number, part: number, bottom: number, x: Scale) => [
  `<line class="grid" x1="${x(seconds)}" x2="${x(seconds)}" y1="${top}" y2="${bottom + 4}"/>`,
  `<text x="${x(seconds)}" y="${bottom + 18}" text-anchor="${part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}">${duration(seconds)}</text>`,
];

function stepLine(
  points: readonly { readonly seconds: number; readonly value: number }[],
  x: Scale,
  y: (value: number) => number,
  span: number,
): string {
  const [first] = points;
  const moves = points.slice(1).map(({ seconds, value }) => `H${x(seconds)}V${y(value)}`);
  return `M${x(first!.seconds)} ${y(first!.value)}${moves.join('')}H${x(span)}`;
}

const round = (value: number) => Math.round(value * 10) / 10;
