import type * as Ecr from '@aws-sdk/client-ecr';
import { AwsRefusal } from '../service';
import { findImage } from './images';
import { type ScanState, scanStateAt } from './scan';
import type { EcrState, Image, Repository } from './state';

/** The scan of an image at this moment; undefined where it is not scanned. */
export function scanOf(state: EcrState, repository: Repository, image: Image): ScanState | undefined {
  const set = repository.scans.get(image.digest) ?? repository.scans.get('*');
  const { clock } = state.options;
  if (set) return scanStateAt(set.scan, Math.max(set.since, image.pushedAt), clock.now());
  return repository.scanOnPush ? scanStateAt({ kind: 'basic' }, image.pushedAt, clock.now()) : undefined;
}

export function describeImageScanFindings(
  state: EcrState,
  input: Ecr.DescribeImageScanFindingsRequest,
): Ecr.DescribeImageScanFindingsResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  const image = findImage(state, repository, input.imageId ?? {});
  const scan = scanOf(state, repository, image);
  if (!scan) {
    const which = `{imageDigest:'${image.digest}', imageTag:'${input.imageId?.imageTag ?? 'null'}'}`;
    throw new AwsRefusal('ScanNotFoundException', `Image scan does not exist for the image with '${which}'`);
  }
  return {
    registryId: state.options.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, ...input.imageId },
    imageScanStatus: { status: scan.status, description: scan.description },
    ...(scan.findings ? { imageScanFindings: scan.findings } : {}),
  };
}

export function startImageScan(state: EcrState, input: Ecr.StartImageScanRequest): Ecr.StartImageScanResponse {
  const repository = state.repository(input.repositoryName ?? '', input.registryId);
  const image = findImage(state, repository, input.imageId ?? {});
  const scan = repository.scans.get(image.digest)?.scan ??
    repository.scans.get('*')?.scan ?? { kind: 'basic' as const };
  state.setScan(repository.name, image.digest, scan);
  return {
    registryId: state.options.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, ...input.imageId },
    imageScanStatus: { status: 'IN_PROGRESS', description: 'The scan is in progress.' },
  };
}
