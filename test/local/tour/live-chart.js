/** Draws what the tour sends: the answers of both colours over time, the events of the deployment, and what failed. */
const element = (id) => document.getElementById(id);
const percent = (value) => (value === undefined || value === null ? '' : `${Math.round(value)} %`);
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const [width, left, right, top, bottom] = [960, 44, 12, 78, 270];

let rowsBefore = 0;
new EventSource('events').onmessage = ({ data }) => show(JSON.parse(data));

function show({ title, failure, rows, slices, moments, reports }) {
  const last = slices.at(-1) ?? {};
  element('title').textContent = title;
  element('failure').hidden = failure === undefined;
  element('failure').textContent = failure ?? '';
  for (const colour of ['blue', 'green', 'failed']) element(colour).textContent = percent(last[colour]);
  element('rows').replaceChildren(...rows.map(rowOf));
  element('moments').replaceChildren(...moments.map(momentOf));
  element('reports').replaceChildren(...reports.map(linkOf));
  element('chart').replaceChildren(...chartOf(slices, moments));
  // The weights have moved, so another version may answer.
  if (rows.length !== rowsBefore) element('application').src = element('application').src;
  rowsBefore = rows.length;
}

function chartOf(slices, moments) {
  const span = Math.max(8_000, (slices.at(-1)?.at ?? 0) + 500);
  const x = (at) => left + (at / span) * (width - left - right);
  const y = (share) => bottom - (share / 100) * (bottom - top);
  const grid = [0, 50, 100].flatMap((share) => [
    draw('line', { x1: left, x2: width - right, y1: y(share), y2: y(share), stroke: 'var(--line)' }),
    draw('text', { x: left - 6, y: y(share) + 4, 'text-anchor': 'end' }, `${share} %`),
  ]);
  const columns = slices.flatMap(({ at, green, failed, blue }, index) => {
    const from = x(index === 0 ? 0 : slices[index - 1].at);
    const column = (colour, base, share) =>
      draw('rect', {
        x: from,
        width: Math.max(0, x(at) - from + 0.4),
        y: y(base + share),
        height: y(base) - y(base + share),
        fill: `var(--${colour})`,
      });
    return [column('green', 0, green), column('red', green, failed), column('blue', green + failed, blue)];
  });
  const lines = moments.filter(isTelling).flatMap(({ at, text, bad }, index) => {
    const colour = bad ? 'var(--red)' : 'currentColor';
    const level = 14 + (index % 5) * 13;
    const end = x(at) > width * 0.75;
    return [
      draw('line', { x1: x(at), x2: x(at), y1: level, y2: bottom, stroke: colour, 'stroke-dasharray': '2 3' }),
      draw(
        'text',
        { x: x(at) + (end ? -4 : 4), y: level, style: `fill:${colour}`, ...(end && { 'text-anchor': 'end' }) },
        text,
      ),
    ];
  });
  const ends = [
    draw('text', { x: left, y: 290 }, '0 s'),
    draw('text', { x: width - right, y: 290, 'text-anchor': 'end' }, seconds(span)),
  ];
  return [...grid, ...columns, ...lines, ...ends];
}

/** Every event stands in the list; in the chart their names would lie upon each other. */
const isTelling = ({ text, bad }) => bad || /^(Install|AllowTraffic|d-)/.test(text);

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

function momentOf({ at, text, bad }) {
  return Object.assign(document.createElement('li'), {
    textContent: `${seconds(at)}  ${text}`,
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
