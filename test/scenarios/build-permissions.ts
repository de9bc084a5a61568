import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCall } from '../local/aws/calls';
import { allowedActions } from '../support/policies';

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

/** The permissions of the least policy, sorted. */
export const leastPermissions = (): string[] =>
  [...allowedActions('build-and-push')].map((action) => action.replace('ecr:', '')).sort();

/** What the README's table says that an input needs beyond the policy. */
export function furtherPermissions(input: string): string[] {
  const [, cell = ''] =
    new RegExp(`^\\| \`${input}\\b[^|]*\\| ([^|]*) \\|$`, 'm').exec(readme.split('## Permissions')[1]!) ?? [];
  return [...cell.matchAll(/`ecr:(\w+)`/g)].map(([, name]) => name!).sort();
}
