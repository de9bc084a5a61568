import { formatDuration } from '../text';
import type { DeploymentRun } from '../watch/deployment-run';
import { escapeHtml } from './html';

const [width, height, left, bottom] = [720, 200, 44, 24];

/** The share of the green tasks in the production traffic over time, as a picture. Nothing where none was seen. */
export function trafficPicture({ steps, startedAt }: DeploymentRun, now: number): string[] {
  const points = steps.flatMap(({ at, events }) =>
    events.flatMap((event) => (event.type === 'traffic' ? [{ at: at - startedAt, green: event.green }] : [])),
  );
  if (points.length === 0) return [];
  const span = Math.max(1_000, now - startedAt);
  const x = (at: number) => round(left + (Math.min(at, span) / span) * (width - left - 8));
  const y = (percent: number) => round(8 + (1 - percent / 100) * (height - bottom - 8));
  let path = `M${x(0)} ${y(0)}`;
  // Traffic moves in steps, so the line does too.
  for (const { at, green } of points) path += `H${x(at)}V${y(green)}`;
  path += `H${x(span)}`;
  const label = points.map(({ at, green }) => `${green}% after ${formatDuration(at)}`).join(', ');
  return [
    '<h2>Traffic on green</h2>',
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Traffic on green: ${escapeHtml(label)}">`,
    ...[0, 50, 100].map(
      (percent) =>
        `<line x1="${left}" x2="${width - 8}" y1="${y(percent)}" y2="${y(percent)}" stroke="#d1d9e0"/>` +
        `<text x="${left - 6}" y="${y(percent) + 4}" font-size="11" text-anchor="end" fill="#59636e">${percent}%</text>`,
    ),
    `<path d="${path}V${y(0)}H${x(0)}Z" fill="#2da44e" fill-opacity=".15"/>`,
    `<path d="${path}" fill="none" stroke="#2da44e" stroke-width="2"/>`,
    `<text x="${left}" y="${height - 6}" font-size="11" fill="#59636e">0 s</text>`,
    `<text x="${width - 8}" y="${height - 6}" font-size="11" text-anchor="end" fill="#59636e">${formatDuration(span)}</text>`,
    '</svg>',
  ];
}

const round = (value: number) => Math.round(value * 10) / 10;
