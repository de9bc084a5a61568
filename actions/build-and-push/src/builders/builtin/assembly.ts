import type { Log } from '../../../../../shared/host/log';
import type { ImageConfig, Platform } from '../../registry/oci';
import type { Sources } from './base';
import type { ImageLayer } from './base-layer';
import type { Dockerfile } from './dockerfile/dockerfile';
import type { Args } from './dockerfile/scope';
import type { Workshop } from './file-instructions';
import type { StageConfig } from './image/stage-config';
import type { FileTree } from './tree/tree';

/** What a build works with. */
export interface Assembly {
  readonly dockerfile: Dockerfile;
  readonly target: string | undefined;
  readonly given: Readonly<Record<string, string>>;
  /** The arguments before the first FROM and those of the platforms. */
  readonly globals: Args;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** Whether the user asked for the platform. */
  readonly isPlatformGiven: boolean;
  /** The build context; read when first asked for. */
  readonly context: () => Promise<FileTree>;
  readonly sources: Sources;
  readonly workshop: Workshop;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** An image that is complete but for its place in a registry. */
export interface AssembledImage {
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
}

/** A stage as far as it is built. */
export interface StageState {
  readonly config: StageConfig;
  readonly layers: ImageLayer[];
  /** The files of the image; those of a base image are listed when first asked for. */
  readonly files: () => Promise<FileTree>;
  /** Whether nothing was made of the image yet: without a file system, BuildKit cannot look up the name of a user. */
  isBare: boolean;
}

/** The one time that all of an image has, as its configuration writes it. */
export const isoTime = ({ time }: Workshop): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z');
