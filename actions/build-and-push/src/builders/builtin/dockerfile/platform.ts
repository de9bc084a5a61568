/** Names of platforms, such as `linux/arm64` and `linux/arm/v7`. */

import type { Platform } from '../../../registry/oci';
import { platformName } from '../../../text/platform-name';

/** What else processors are called, mostly by `uname -m`; builders take these names for the proper ones (containerd). */
const aliases: Readonly<Record<string, Omit<Platform, 'os'>>> = {
  x86_64: { architecture: 'amd64' },
  'x86-64': { architecture: 'amd64' },
  i386: { architecture: '386' },
  aarch64: { architecture: 'arm64' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
};

/** The variants that an architecture has unless another is named; only that of ARM is written. */
const usual: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };

/** A platform under its proper name: one platform, one name. */
export function normalPlatform({ os, architecture, variant }: Platform): Platform {
  const named = aliases[architecture] ?? { architecture };
  const full = variant?.replace(/^(?=\d)/, 'v') || named.variant || usual[named.architecture];
  const isSilent = full === usual[named.architecture] && named.architecture !== 'arm';
  return { os, architecture: named.architecture, ...(full && !isSilent && { variant: full }) };
}

/** The platform that a text names, such as `linux/arm/v7` or only `arm64`; undefined where it names none. */
export function parsePlatform(text: string): Platform | undefined {
  const [os = '', architecture, variant] = platformName(text)?.split('/') ?? [];
  return architecture === undefined ? undefined : normalPlatform({ os, architecture, ...(variant && { variant }) });
}

/** `linux/arm/v7` of a platform. */
export const platformText = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter(Boolean).join('/');

/** Whether what is built for one platform may run on the other. Some images do not say what they are for. */
export function mayRunOn(image: Partial<Platform>, wanted: Platform): boolean {
  if (!image.os || !image.architecture) return true;
  const { os, architecture } = normalPlatform({ os: image.os, architecture: image.architecture });
  return os === wanted.os && architecture === wanted.architecture;
}
