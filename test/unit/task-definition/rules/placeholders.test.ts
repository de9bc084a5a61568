import { describe, expect, it } from '@jest/globals';
import { everything } from './everything';
import { app, found } from './examples';

/** Where a text refers to something outside the task, and whether the text may be shown. */
const referring: readonly [path: string, shown: 'shown' | 'hidden'][] = [
  ['family', 'shown'],
  ['taskRoleArn', 'shown'],
  ['executionRoleArn', 'shown'],
  [`${app}.image`, 'shown'],
  [`${app}.environmentFiles[0].value`, 'shown'],
  [`${app}.firelensConfiguration.options.name`, 'shown'],
  ['volumes[0].efsVolumeConfiguration.fileSystemId', 'shown'],
  ['volumes[0].efsVolumeConfiguration.authorizationConfig.accessPointId', 'shown'],
  ['volumes[0].s3filesVolumeConfiguration.fileSystemArn', 'shown'],
  ['volumes[0].s3filesVolumeConfiguration.accessPointArn', 'shown'],
  ['volumes[0].fsxWindowsFileServerVolumeConfiguration.fileSystemId', 'shown'],
  [`${app}.repositoryCredentials.credentialsParameter`, 'hidden'],
  [`${app}.secrets[0].valueFrom`, 'hidden'],
  [`${app}.logConfiguration.secretOptions[0].valueFrom`, 'hidden'],
  [`${app}.logConfiguration.options.name`, 'hidden'],
  [`${app}.credentialSpecs[0]`, 'hidden'],
  ['volumes[0].fsxWindowsFileServerVolumeConfiguration.authorizationConfig.credentialsParameter', 'hidden'],
];

/** What is found of placeholders where every text is this one. */
const placeholdersIn = (text: string) =>
  found(everything(text)).filter((finding) => finding.includes('still holds the placeholder'));

describe('a placeholder', () => {
  const text = 'arn:aws:x:us-west-2:<ACCOUNT>:hunter2';
  const all = placeholdersIn(text);

  it.each(referring)('in %s is found, and its text %s', (path, shown) => {
    const got = shown === 'shown' ? `, got "${text}"` : '';
    const hint = path.endsWith('.image') ? ', such as with the input image of render-task-definition' : '';
    expect(all).toContain(`error: ${path}: still holds the placeholder <ACCOUNT>; fill it in${hint}${got}`);
  });

  it('is found nowhere else', () => {
    expect(all.map((finding) => finding.split(': ')[1]).sort()).toEqual(referring.map(([path]) => path).sort());
  });

  it('is nothing that was filled in', () => {
    expect(placeholdersIn(text.replace('<ACCOUNT>', '111122223333'))).toEqual([]);
  });

  it('among options is sought in ARNs only', () => {
    const found = placeholdersIn('<ACCOUNT>').map((finding) => finding.split(': ')[1]);
    const others = referring.map(([path]) => path).filter((path) => !path!.endsWith('.options.name'));
    expect(found.sort()).toEqual(others.sort());
  });
});
