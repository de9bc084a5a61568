import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostNames, type Workplace, workplace } from '../support/hosts';

const task = { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64 }] };

let place: Workplace;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.remove());

describe.each(hostNames)('on %s', (host) => {
  it('writes a rendered file where later steps find it, and leaves a checkout of GitHub clean', async () => {
    place.write('task.json', task);
    const { status, everything } = await place.run(host, 'render-task-definition', { 'task-definition': 'task.json' });
    const folder = host === 'github' ? place.job : place.source;
    const written = readdirSync(folder).filter((name) => name !== 'task.json');
    expect([status, written]).toEqual([0, [expect.stringMatching(/^task-definition-\w+\.json$/)]]);
    const [, told = ''] = /^(?:.*name=)?task-definition(?:::|=|<<\S+\n)(\S+)/m.exec(everything) ?? [];
    expect(isAbsolute(told)).toBe(host !== 'codecatalyst');
    expect(host === 'codecatalyst' ? join(folder, told) : told).toBe(join(folder, written[0]!));
    expect(readdirSync(place.source)).toHaveLength(host === 'github' ? 1 : 2);
  });
});
