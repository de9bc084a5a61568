/** What Docker's command line says of itself and of its pushes. */

export type Flavour = 'buildx' | 'buildkit' | 'classic';

/** `docker version --format '{{json .}}'`; no server where no daemon answered. */
export function parseVersion(text: string): { client: string; server: string | undefined } | undefined {
  try {
    const { Client, Server } = JSON.parse(text) as {
      Client?: { Version?: string };
      Server?: { Version?: string } | null;
    };
    return { client: Client?.Version ?? '0', server: Server?.Version };
  } catch {
    return undefined;
  }
}

/** `github.com/docker/buildx v0.11.2 9872040`: the version. */
export function parseBuildx(text: string): string | undefined {
  return /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
}

/**
 * The builder behind a command line without buildx: BuildKit was part of it from 18.09 on; since 23.0 it is only to be
 * had with buildx.
 */
export function flavourOf(client: string, buildx: string | undefined): Flavour {
  if (buildx !== undefined) return 'buildx';
  return isAtLeast(client, [23, 0]) || !isAtLeast(client, [18, 9]) ? 'classic' : 'buildkit';
}

export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return first > major || (first === major && second >= minor);
}

/** The digest that `docker push` ends with: `v1: digest: sha256:… size: 528`. */
export function pushedDigest(lines: readonly string[]): string | undefined {
  const found = lines.map((line) => /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1]).filter(Boolean);
  return found[found.length - 1];
}

/** `docker buildx inspect`: the driver of the builder that is chosen. */
export function parseDriver(lines: readonly string[]): string | undefined {
  return lines.map((line) => /^Driver:\s+(\S+)/.exec(line)?.[1]).find(Boolean);
}

/** `docker info --format '{{json .DriverStatus}}'`: whether the images are in containerd's store. */
export const isContainerdStore = (line: string): boolean => line.includes('io.containerd.snapshotter');

/** The digest in the file of `docker buildx build --metadata-file`. */
export function metadataDigest(text: string): string | undefined {
  return (JSON.parse(text) as { 'containerimage.digest'?: string })['containerimage.digest'];
}
