/** Draws what the tour sends: the answers of both colours over time, the events of the deployment, and what failed. */
const element = (id) => document.getElementById(id);
const percent = (value) => (value === undefined || value === null ? '' : `${Math.round(value)} %`);
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const [width, left, right, top, bottom] = [960, 44, 12, 92, 284];
/** Milliseconds of the chart before the deployment begins. */
const before = 1_500;

let rowsBefore = 0;
new EventSource('events').onmessage = ({ data }) => show(JSON.parse(data));

function show({ title, failure, rows, slices, moments, reports }) {
  const last = slices.at(-1) ?? {};
  element('title').textContent = title;
  element('failure').hidden = failure === undefined;
  element('failure').textContent = failure ?? '';
  for (const colour of ['blue', 'green', 'failed']) element(colour).textContent = percent(last[colour]);
  element('rows').replaceChildren(...rows.map(rowOf));
  // While the image is built, nothing moves: times count from the first event of the deployment.
  const start = moments[0]?.at ?? 0;
  element('moments').replaceChildren(...moments.map((moment) => momentOf(moment, start)));
  element('reports').replaceChildren(...reports.map(linkOf));
  element('chart').replaceChildren(...chartOf(slices, moments, start));
  // The weights have moved, so another version may answer.
  if (rows.length !== rowsBefore) element('application').src = element('application').src;
  rowsBefore = rows.length;
}

function chartOf(slices, moments, start) {
  const first = Math.max(0, start - before);
  const end = Math.max(first + 8_000, slices.at(-1)?.at ?? 0);
  const x = (at) => left + ((Math.max(at, first) - first) / (end - first)) * (width - left - right);
  const y = (share) => bottom - (share / 100) * (bottom - top);
  const grid = [0, 50, 100].flatMap((share) => [
    draw('line', { x1: left, x2: width - right, y1: y(share), y2: y(share), stroke: 'var(--line)' }),
    draw('text', { x: left - 6, y: y(share) + 4, 'text-anchor': 'end' }, `${share} %`),
  ]);
  const columns = slices.flatMap(({ at, green, failed, blue }, index) => {
    if (at <= first) return [];
    const from = x(index === 0 ? 0 : slices[index - 1].at);
    const column = (colour, base, share) =>
      draw('rect', {
        x: from,
        width: x(at) - from,
        y: y(base + share),
        height: y(base) - y(base + share),
        fill: `var(--${colour})`,
        // Without it, a seam would show between columns.
        'shape-rendering': 'crispEdges',
      });
    return [column('green', 0, green), column('red', green, failed), column('blue', green + failed, blue)];
  });
  const marks = moments.filter(isTelling).map(({ at, text, bad }, index) => {
    const colour = bad ? 'var(--red)' : 'currentColor';
    const [place, level] = [x(at), 14 + (index % 6) * 13];
    const isLate = place > width * 0.75;
    const label = { x: place + (isLate ? -4 : 4), y: level, style: `fill:${colour}`, class: 'mark' };
    return {
      line: draw('line', {
        x1: place,
        x2: place,
        y1: level - 9,
        y2: bottom,
        stroke: colour,
        'stroke-dasharray': '2 3',
      }),
      text: draw('text', { ...label, ...(isLate && { 'text-anchor': 'end' }) }, text),
    };
  });
  const ends = [
    draw('text', { x: x(start), y: bottom + 20 }, '0 s'),
    draw('text', { x: width - right, y: bottom + 20, 'text-anchor': 'end' }, seconds(end - start)),
  ];
  // Texts above all lines, so that none is crossed out.
  return [...grid, ...columns, ...marks.map(({ line }) => line), ...marks.map(({ text }) => text), ...ends];
}

/** All events are in the list; in the chart, their names would overlap. */
const isTelling = ({ text, bad }) => bad || /^(Install|AllowTraffic|deployment|rollback)\b/.test(text);

function draw(name, attributes, text) {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  if (text !== undefined) shape.textContent = text;
  return shape;
}

function linkOf({ name, path }) {
  const link = Object.assign(document.createElement('a'), { textContent: `Report: ${name}`, href: path });
  return Object.assign(link, { style: 'margin-right: 1.5rem' });
}

function momentOf({ at, text, bad }, start) {
  return Object.assign(document.createElement('li'), {
    textContent: `${seconds(at - start)}  ${text}`,
    className: bad ? 'bad' : '',
  });
}

function rowOf({ asked, measured, failed, lost, answers }) {
  const row = document.createElement('tr');
  const named = Object.entries(answers).map(([version, count]) => `${version} ${count}`);
  for (const text of [percent(asked), percent(measured), String(failed), String(lost), named.join(', ')]) {
    row.append(Object.assign(document.createElement('td'), { textContent: text }));
  }
  return row;
}
