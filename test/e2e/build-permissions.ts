import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCall } from '../local/aws/calls';

/** The permissions behind a request of the registry protocol, as ECR documents them. */
const behind: Readonly<Record<string, readonly string[]>> = {
  'HEAD blobs': ['BatchCheckLayerAvailability'],
  'GET blobs': ['GetDownloadUrlForLayer'],
  'POST blobs': ['InitiateLayerUpload'],
  'PUT blobs': ['UploadLayerPart', 'CompleteLayerUpload'],
  'PUT manifests': ['PutImage'],
  'GET manifests': ['BatchGetImage'],
  'HEAD manifests': ['BatchGetImage'],
};

/** The permissions that calls need, sorted. */
export function permissionsOf(calls: readonly RecordedCall[]): string[] {
  const used = calls.flatMap(({ service, operation }) => (service === 'ecr' ? [operation] : behind[operation]!));
  return [...new Set(used)].sort();
}

const readme = readFileSync(join(__dirname, '../../actions/build-and-push/README.md'), 'utf8');

/** The permissions of the policy in the README, sorted. */
export function policyOfReadme(): string[] {
  const [, policy = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const statements = (JSON.parse(policy) as { Statement: { Action: string | string[] }[] }).Statement;
  return statements
    .flatMap(({ Action }) => Action)
    .map((action) => action.replace('ecr:', ''))
    .sort();
}

/** What the README's table says that an input needs beyond the policy. */
export function furtherPermissions(input: string): string[] {
  const [, cell = ''] =
    new RegExp(`^\\| \`${input}\\b[^|]*\\| ([^|]*) \\|$`, 'm').exec(readme.split('## Permissions')[1]!) ?? [];
  return [...cell.matchAll(/`ecr:(\w+)`/g)].map(([, name]) => name!).sort();
}
