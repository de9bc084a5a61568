/** What podman and buildah need on a machine to build at all. */
export interface Setting {
  /** Words before the command. */
  readonly globals: readonly string[];
  /** Words of the build. */
  readonly build: readonly string[];
}

/** A chroot is the only isolation where containers may not be started, and it has no network of its own. */
const plainest = ['--isolation', 'chroot', '--network', 'host'];

/** The settings to try, best first: as the machine is set up; in a chroot; and without a file system of layers. */
export const settings: readonly Setting[] = [
  { globals: [], build: [] },
  { globals: [], build: plainest },
  { globals: ['--storage-driver', 'vfs'], build: plainest },
];
