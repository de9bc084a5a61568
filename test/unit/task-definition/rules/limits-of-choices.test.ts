import { describe, expect, it } from '@jest/globals';
import { choices } from '../../../../shared/task-definition/limits';
import { app, ec2, found } from './examples';
import { inPart, type Place } from './places';

const mountOptions: Place<readonly string[]> = [
  `${app}.linuxParameters.tmpfs[0].mountOptions`,
  (mountOptions) => ec2({}, { linuxParameters: { tmpfs: [{ containerPath: '/x', size: 1, mountOptions }] } }),
];
const capabilities = (field: 'add' | 'drop'): Place<readonly string[]> => {
  const [path, task] = inPart<object>('linuxParameters', 'capabilities');
  return [`${path}.${field}`, (names) => task({ [field]: names })];
};

const lists: readonly [
  field: string,
  place: Place<readonly string[]>,
  sound: string[],
  broken: string,
  like: string,
][] = [
  ['KernelCapabilities.add', capabilities('add'), ['ALL', 'NET_ADMIN'], 'CAP_NET_ADMIN', 'NET_ADMIN'],
  ['KernelCapabilities.drop', capabilities('drop'), ['SYSLOG', 'WAKE_ALARM'], 'sys_admin', 'SYS_ADMIN'],
  ['Tmpfs.mountOptions', mountOptions, ['noexec', 'mode=1777', 'mpol'], 'no-exec', 'noexec'],
];

describe('the choice of texts', () => {
  it.each(lists)('%s', (_field, [path, task], sound, broken, like) => {
    expect(found(task(sound))).toEqual([]);
    const finding = `is not known to ECS, got "${broken}", did you mean ${like}?`;
    expect(found(task([...sound, broken]))).toEqual([`warning: ${path}[${sound.length}]: ${finding}`]);
  });

  it('has an example for each list that has one', () => {
    expect(lists.map(([field]) => field).sort()).toEqual(Object.keys(choices).sort());
  });
});
