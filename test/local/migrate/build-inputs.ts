import type { ImageScript } from './image-script';
import { joinPath } from './script-text';

/** The inputs of build-and-push that do what a script does: a text, or one entry a line. */
export function buildInputs({
  build,
  folder,
  pushed,
  reader,
}: ImageScript): Record<string, string | readonly string[]> {
  const [image] = pushed;
  const { registry, repository } = image!;
  const tags = pushed.map(({ tag }) => tag);
  const show = (value: string) => reader.show(value);
  const inFolder = (path: string) => joinPath(folder, path, reader).replace(/(.)\/$/, '$1');
  const context = show(inFolder(build.context));
  return {
    ...(registry.registry !== undefined && { registry: registry.registry }),
    ...(registry.region !== undefined && { region: registry.region }),
    repository,
    tags: tags.length === 1 ? tags[0]! : tags,
    ...(context !== '.' && { context }),
    ...(build.file !== undefined && { dockerfile: show(inFolder(build.file)) }),
    ...(build.target !== undefined && { target: show(build.target) }),
    ...(build.platforms !== undefined && { platforms: show(build.platforms) }),
    ...(build.buildArgs.length > 0 && { 'build-args': build.buildArgs.map(show).flatMap(argumentLines) }),
    ...(build.labels.length > 0 && { labels: build.labels.map(show) }),
    ...(build.engine.length > 0 && { 'build-options': build.engine.map(show).map(quoted).join(' ') }),
  };
}

/** Names of what has several lines where it is kept as a secret: a certificate, a private key, a JSON document. */
const severalLines =
  /(?:^|_)(?:CERT\w*|PEM|\w*KEY_?FILE|(?:SSL|TLS|SSH|RSA|PRIVATE|SIGNING)_KEY|\w*JSON|KUBECONFIG|DOT_?ENV|ENV_?FILE)$/i;

/** A build argument; what an expression gives for it may have line breaks, as it may in a shell. */
function argumentLines(argument: string): readonly string[] {
  const at = argument.indexOf('=');
  const [name, value] = [argument.slice(0, at), argument.slice(at + 1)];
  const isForm = value.includes('${') && severalLines.test(name);
  return isForm ? [`${name}<<END`, value, 'END'] : [argument];
}

/** What of the script's own values only the shell knows, in an input. */
export function unknownInput(script: ImageScript): string | undefined {
  const { build, reader } = script;
  const values = [
    build.context,
    build.file,
    build.target,
    build.platforms,
    ...build.buildArgs,
    ...build.labels,
    ...build.engine,
  ];
  for (const value of values) {
    const unknown = value === undefined ? undefined : reader.unknownIn(value);
    if (unknown !== undefined) return `${unknown} is known to the shell only`;
  }
  // A build argument without a value has that of the environment.
  const bare = build.buildArgs.find((one) => !one.includes('='));
  return bare === undefined ? undefined : `the value of the build argument ${bare} is known to the shell only`;
}

const quoted = (word: string) => (/^[\w@%+=:,./${}-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);

/** The output of build-and-push that has what an output of the script had; undefined where none does. */
export function outputFor(value: string, { pushed, reader }: ImageScript): string | undefined {
  const shown = reader.show(value);
  const [image] = pushed;
  if (pushed.some(({ name }) => reader.show(name) === shown || reader.show(name) === `${shown}:latest`)) return 'IMAGE';
  if (pushed.length === 1 && image!.tag === shown) return 'image-tags';
  if (reader.show(image!.registry.host) === shown) return 'registry';
  return image!.repository === shown ? 'repository' : undefined;
}

/** Lines of YAML for inputs. */
export const inputLines = (inputs: Record<string, string | readonly string[]>): string[] =>
  Object.entries(inputs).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${name}: ${yamlText(value)}`] : [`${name}: |`, ...value.map((line) => `  ${line}`)],
  );

/** A text as YAML reads it back, in quotes only where it needs them. CodeCatalyst wants strings, so numbers are quoted. */
export function yamlText(text: string): string {
  const isPlain = /^(?:[\w./<]|\$\{)[^#"'`\n]*$/.test(text) && !/: | #|:$|\s$/.test(text);
  const isOther = /^(?:[-+]?[\d_.]+(?:e\d+)?|0x[\da-f]+|0o\d+|true|false|yes|no|on|off|null|~|y|n)$/i.test(text);
  return isPlain && !isOther && !/^\d{4}-\d/.test(text) ? text : JSON.stringify(text);
}
