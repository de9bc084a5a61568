import {
  ECR,
  ImageNotFoundException,
  RepositoryAlreadyExistsException,
  ScanNotFoundException,
} from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws } from '../../local/aws/embedded';

let aws: EmbeddedAws;
let ecr: ECR;
beforeEach(() => {
  aws = createEmbeddedAws();
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  ecr = new ECR({ region: aws.region, credentials, maxAttempts: 1, requestHandler: aws.handler as never });
});
afterEach(() => aws.close());

const caught = (job: Promise<unknown>): Promise<unknown> =>
  job.then(
    () => 'no error',
    (error: unknown) => error,
  );
const repositoryName = 'app';

describe('repositories', () => {
  it('have the address of the account, once they listen that of the server', async () => {
    const { repository } = await ecr.createRepository({ repositoryName: 'team/app' });
    expect(repository).toMatchObject({
      repositoryArn: 'arn:aws:ecr:us-west-2:123456789012:repository/team/app',
      repositoryUri: '123456789012.dkr.ecr.us-west-2.amazonaws.com/team/app',
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
    });
    const { registryHost } = await aws.listen();
    const { repositories } = await ecr.describeRepositories({ repositoryNames: ['team/app'] });
    expect(repositories?.[0]?.repositoryUri).toBe(`${registryHost}/team/app`);
  });

  it('are created once, under a name that is one', async () => {
    await ecr.createRepository({ repositoryName });
    expect(await caught(ecr.createRepository({ repositoryName }))).toBeInstanceOf(RepositoryAlreadyExistsException);
    for (const name of ['App', 'a', '-app', 'a//b', 'x'.repeat(257)]) {
      expect(await caught(ecr.createRepository({ repositoryName: name }))).toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });

  it('of other accounts are not there', async () => {
    await ecr.createRepository({ repositoryName });
    const registryId = '210987654321';
    const error = await caught(ecr.describeRepositories({ registryId, repositoryNames: [repositoryName] }));
    expect(error).toMatchObject({ name: 'RepositoryNotFoundException', message: expect.stringContaining(registryId) });
    expect((await ecr.describeRepositories({ registryId })).repositories).toEqual([]);
  });

  it('come in pages', async () => {
    for (const name of ['r3', 'r1', 'r2']) await ecr.createRepository({ repositoryName: name });
    const first = await ecr.describeRepositories({ maxResults: 2 });
    const second = await ecr.describeRepositories({ maxResults: 2, nextToken: first.nextToken });
    const names = [first, second].map((page) => page.repositories?.map((repository) => repository.repositoryName));
    expect([names, second.nextToken]).toEqual([[['r1', 'r2'], ['r3']], undefined]);
  });
});

describe('images', () => {
  it('are found by tag, by digest, and by both where they agree', async () => {
    const { digest: imageDigest } = aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    const other = aws.ecr.putImage(repositoryName, { tags: ['v2'] }).digest;
    for (const imageId of [{ imageTag: 'v1' }, { imageDigest }, { imageDigest, imageTag: 'v1' }]) {
      const { imageDetails } = await ecr.describeImages({ repositoryName, imageIds: [imageId] });
      expect(imageDetails).toEqual([expect.objectContaining({ imageDigest, imageTags: ['v1'] })]);
    }
    for (const imageId of [{ imageTag: 'v3' }, { imageDigest: other, imageTag: 'v1' }]) {
      expect(await caught(ecr.describeImages({ repositoryName, imageIds: [imageId] }))).toBeInstanceOf(
        ImageNotFoundException,
      );
    }
    const error = await caught(ecr.describeImages({ repositoryName, imageIds: [{}] }));
    expect(error).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('lose a tag that moves on', async () => {
    const first = aws.ecr.putImage(repositoryName, { tags: ['latest'], digest: `sha256:${'1'.repeat(64)}` });
    aws.ecr.putImage(repositoryName, { tags: ['latest'] });
    const { imageDetails } = await ecr.describeImages({ repositoryName, filter: { tagStatus: 'UNTAGGED' } });
    expect(imageDetails).toEqual([expect.objectContaining({ imageDigest: first.digest })]);
    expect((await ecr.listImages({ repositoryName, filter: { tagStatus: 'TAGGED' } })).imageIds).toHaveLength(1);
  });

  it('are given in batches, those that are missing as failures', async () => {
    const { digest, manifest } = aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    const { images, failures } = await ecr.batchGetImage({
      repositoryName,
      imageIds: [{ imageTag: 'v1' }, { imageTag: 'no' }],
    });
    expect(images).toEqual([
      expect.objectContaining({ imageId: { imageDigest: digest, imageTag: 'v1' }, imageManifest: manifest.toString() }),
    ]);
    expect(failures).toEqual([expect.objectContaining({ failureCode: 'ImageNotFound', imageId: { imageTag: 'no' } })]);
  });

  it('have layers that are there or not', async () => {
    const repository = aws.ecr.createRepository(repositoryName);
    const there = aws.ecr.blobs.put(Buffer.from('layer'));
    const elsewhere = aws.ecr.blobs.put(Buffer.from('layer of another repository'));
    repository.blobs.add(there);
    const { layers } = await ecr.batchCheckLayerAvailability({ repositoryName, layerDigests: [there, elsewhere] });
    expect(layers).toEqual([
      { layerDigest: there, layerAvailability: 'AVAILABLE', layerSize: 5 },
      { layerDigest: elsewhere, layerAvailability: 'UNAVAILABLE' },
    ]);
  });
});

describe('scans', () => {
  const imageId = { imageTag: 'v1' };
  const findings = [
    { name: 'CVE-2026-0001', severity: 'HIGH' },
    { name: 'CVE-2026-0002', severity: 'LOW' },
    { name: 'CVE-2026-0003', severity: 'HIGH' },
  ] as const;
  const scan = () => ecr.describeImageScanFindings({ repositoryName, imageId });

  it('do not exist unless there is one', async () => {
    aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    expect(await caught(scan())).toBeInstanceOf(ScanNotFoundException);
    await ecr.startImageScan({ repositoryName, imageId });
    expect((await scan()).imageScanStatus?.status).toBe('IN_PROGRESS');
  });

  it.each([
    ['basic', 'IN_PROGRESS', 'COMPLETE', 'findings', 'name'],
    ['enhanced', 'PENDING', 'ACTIVE', 'enhancedFindings', 'title'],
  ] as const)('%s ones are %s, then %s with %s', async (kind, before, after, member, name) => {
    aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    aws.ecr.setScan(repositoryName, '*', { kind, takes: 10_000, findings });
    expect(await scan()).toMatchObject({ imageScanStatus: { status: before } });
    expect((await scan()).imageScanFindings).toBeUndefined();
    await aws.clock.advance(10_000);
    const { imageScanStatus, imageScanFindings } = await scan();
    expect(imageScanStatus?.status).toBe(after);
    expect(imageScanFindings).toMatchObject({
      findingSeverityCounts: { HIGH: 2, LOW: 1 },
      imageScanCompletedAt: aws.clock.date(),
    });
    expect(imageScanFindings?.[member]).toHaveLength(3);
    expect(imageScanFindings?.[member]?.[0]).toMatchObject({
      severity: 'HIGH',
      [name]: expect.stringContaining('CVE-2026-0001'),
    });
  });

  it('may end badly', async () => {
    const { digest } = aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    aws.ecr.setScan(repositoryName, digest, {
      kind: 'basic',
      takes: 0,
      status: 'FAILED',
      description: 'UnsupportedImageError',
    });
    expect(await scan()).toMatchObject({ imageScanStatus: { status: 'FAILED', description: 'UnsupportedImageError' } });
  });

  it('begin with the push where the repository says so', async () => {
    await ecr.createRepository({ repositoryName, imageScanningConfiguration: { scanOnPush: true } });
    await aws.clock.advance(60_000);
    aws.ecr.putImage(repositoryName, { tags: ['v1'] });
    expect((await scan()).imageScanStatus?.status).toBe('IN_PROGRESS');
    await aws.clock.advance(5_000);
    expect((await scan()).imageScanStatus?.status).toBe('COMPLETE');
  });
});
