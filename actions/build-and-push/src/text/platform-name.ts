/** What may stand alone for a platform of Linux. Source: isKnownArch of containerd. */
const architectures =
  /^(?:386|amd64|arm|arm64|loong64|mips(?:64)?(?:le)?|ppc64(?:le)?|riscv64|s390x|wasm|x86[_-]64|i386|aarch64|armhf|armel)$/;

/**
 * The name of a platform in full and in lower case, `os/architecture` or `os/architecture/variant`, as all builders take it;
 * undefined for a text that has another form. Docker takes `arm64` for `linux/arm64`; podman and buildah do not.
 */
export function platformName(text: string): string | undefined {
  const name = text.toLowerCase();
  if (architectures.test(name)) return `linux/${name}`;
  return /^[a-z0-9]+\/[a-z0-9_-]+(?:\/[a-z0-9.]+)?$/.test(name) ? name : undefined;
}
