// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
/** Random Dockerfiles for the context of the judge, most of which can be built. A seed gives the same one each time. */
import type { Order } from './buildkit';

export interface RandomOrder extends Required<Pick<Order, 'dockerfile' | 'args'>>, Pick<Order, 'ignore'> {
  /** The Dockerfile of an image that `FROM base` is to name. */
  readonly base?: string;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const sources = {
  file: words(`
    a.txt b.txt app.sh empty secret setuid dir/x dir/sub/z dir/sub/deep/w.txt other/only private/f libs/app.jar hard/one etc/passwd
    tree/a/b/c.txt to-file dir/link dir/up hl/a many/to-x lnk/d/x to-dir/sub/z lnk/d/../a.txt ./a.txt /b.txt dots/.hidden
    pipes/pipe hl/c/d`),
  directory: words(`
    dir other private libs odd hard etc tree tree/a many dots names hl lnk pipes to-dir dir/sub many/to-sub lnk/d dir/ to-dir/ dir/. .
    ./dir/sub/ /tree tree/./a dir/../other`),
  pattern: words(`
    *.txt d* */x dir/* libs/*.jar [ab].txt ?.txt **/x tree/*/*.md tree/a* h*/* to-* many/* dir/s*/z */*/z [^a-d]*.txt dir/*.t?t hl/*
    dots/.* libs/*.war nomatch* etc/* o*/x {a,b}.txt`),
  archive: words(`
    plain.tar gz.tar.gz dot.tar links.tar implied.tar whiteout.tar big.tar capable.tar twice.tar dirlink.tar linkfirst.tar
    absname.tar esc.tar not-a-tar.gz *.tar.gz`),
};
const names = words('x y z p q app etc d sub link w');
const modes = words(`
  755 600 777 1777 4755 0 00644 u=rwX,go=rX a+x go-rwx u+s g=u +t u=rw,g=u-w,o= a-x g+s,u-w o= ug=rwx =r a=X`);
const owners = words('5 5:6 0:0 app app:staff root 7:staff 1000:1001 nobody root:root -1 :3');
const exclusions = words('*.txt **/*.txt x sub sub/z **/z !x dir s* a* link **/deep /sub sub/');
const exceptions = words('!sub/z !**/w.txt y.txt !a.txt !sub !*/*');
const rules = words(`
  *.txt **/x dir dir/* * ** tree/a /dir/sub */x d?r **/*.md a.txt dir/sub/z to-* . dir/ ./b.txt **/sub **/deep/** l*/ etc */* **/s*/z
  [d]ir dir/**/w.txt libs #x hl/a`);
const variables = words('A B C D_1 ü');
const operands = ['', ...words(`w a o* *n ? b.c / [ab] a\\* . *. "q" 's' \\/ one # %`)];
const literals = [
  ...['a\\ b', '"q r"', "'s t'"],
  ...words(`
    one a.b.c x/y/z abc v1.2.3 $$ \\$A \\\\ "\\"x\\"" '$A' "$A" \\" $ - é a=b #h "a\\nb" "a\\\\b" = : $- $1 ~`),
];
const lines = [
  ...['$A ${B:-d} $$', '\\$A \\.x \\\\', '  in', '\ttab', '# c', '"q" \'r\''],
  ...words('hello a\\ ${A#o} $ ${A/b/c} \\ `x` it\'s \\" $A$B'),
];

/** Marsaglia's xorshift: even enough for choices. */
class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
    for (let at = 0; at < 5; at++) this.#next();
  }

  #next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** @param percent how often it is true */
  often(percent: number): boolean {
    return this.below(100) < percent;
  }

  list<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }
}

function destination(choices: Choices, isDirectory: boolean): string {
  if (choices.often(3)) return choices.of(['.', './', '/', '..', '/.', '/x/.']);
  const parts = choices.list(1 + choices.below(3), () => choices.of(names));
  if (choices.often(6)) parts.splice(1, 0, '..', choices.of(names));
  const path = `${choices.often(80) ? '/' : choices.of(['', './'])}${parts.join('/')}`;
  return isDirectory ? `${path}/` : path;
}

function flags(choices: Choices, isAdd: boolean, mayKeepParents: boolean): string {
  const found: string[] = [];
  if (choices.often(25)) found.push(`--chown=${choices.of(owners)}`);
  if (choices.often(25)) found.push(`--chmod=${choices.of(modes)}`);
  if (choices.often(12)) found.push('--link');
  if (mayKeepParents && choices.often(15)) found.push('--parents');
  if (choices.often(12)) found.push(`--exclude=${choices.of(exclusions)}`);
  if (found.some((flag) => flag.startsWith('--exclude')) && choices.often(40)) {
    found.push(`--exclude=${choices.of(exceptions)}`);
  }
  if (isAdd && choices.often(10)) found.push(choices.of(['--unpack=false', '--unpack', '--unpack=true']));
  return found.map((flag) => `${flag} `).join('');
}

function copy(choices: Choices): string {
  const isAdd = choices.often(30);
  const source = () => {
    const kind = isAdd && choices.often(50) ? 'archive' : choices.of(['file', 'file', 'directory', 'pattern'] as const);
    return choices.of(sources[kind]);
  };
  const copied = choices.list(choices.often(65) ? 1 : 2 + choices.below(2), source);
  const target = destination(choices, copied.length > 1 || choices.often(50));
  return `${isAdd ? 'ADD' : 'COPY'} ${flags(choices, isAdd, !isAdd)}${copied.join(' ')} ${target}`;
}

function copyFromStage(choices: Choices, stages: number): string {
  const source = () => {
    if (choices.often(25)) return '/';
    return choices.often(40)
      ? choices.of(['/x*', '/*', '/*/x', '/*/*', '/?', '/etc/*', '/[a-z]'])
      : destination(choices, false);
  };
  const stage = choices.below(stages);
  const copied = choices.list(choices.often(70) ? 1 : 2, source);
  const target = destination(choices, copied.length > 1 || choices.often(50));
  return `COPY --from=${choices.often(20) ? stage : `s${stage}`} ${flags(choices, false, false)}${copied.join(' ')} ${target}`;
}

function document(choices: Choices): string {
  const content = choices.list(choices.below(4), () => `${choices.of(lines)}\n`).join('');
  const mark = `<<${choices.often(20) ? '-' : ''}${choices.of(['EOF', '"EOF"', "'EOF'"])}`;
  return `COPY ${flags(choices, false, false)}${mark} ${destination(choices, false)}\n${content}EOF`;
}

function expansion(choices: Choices, depth = 0): string {
  const operand = () => (depth < 2 && choices.often(30) ? expansion(choices, depth + 1) : choices.of(operands));
  const operator = choices.of(['', '', ':-', '-', ':+', '+', '#', '##', '%', '%%', '/', '//']);
  const rest = operator === '' ? '' : `${operator}${operand()}${operator.startsWith('/') ? `/${operand()}` : ''}`;
  return `\${${choices.of(variables)}${rest}}`;
}

function value(choices: Choices): string {
  const part = () => {
    if (choices.often(50)) return choices.of(literals);
    return choices.often(25) ? `"${expansion(choices)}"` : expansion(choices);
  };
  return choices.list(1 + choices.below(3), part).join('');
}

function setting(choices: Choices): string {
  const pair = () => `${choices.of(variables)}=${value(choices)}`;
  const path = () => destination(choices, choices.often(50));
  return choices.of([
    () => `ENV ${pair()}`,
    () => `ENV ${pair()} ${pair()}`,
    () => `ENV ${choices.of(variables)} ${value(choices)} ${value(choices)}`,
    () => `ARG ${pair()}`,
    () => `ARG ${choices.of(variables)}`,
    () => `LABEL ${choices.of(['a', 'b.c', '"d e"', '$A'])}=${value(choices)} l=${value(choices)}`,
    () => `WORKDIR ${choices.often(20) ? expansion(choices) : path()}`,
    () => `USER ${choices.of(['app', '5', '5:6', 'root', 'app:staff', '0', '${A:-7}', 'nobody', '1000:staff'])}`,
    () => `EXPOSE ${choices.of(['80', '8080:80', '53/udp', '1-3', '${A:-9}', '80/TCP', '443 80'])}`,
    () => `VOLUME ${choices.of(['/v', '["/a","b"]', '/x/../y', '$A/x', 'v', '/v/'])}`,
    () => `CMD ${choices.of(['["a","b"]', 'a b  c', 'echo "$A"', '[]', '["a"', '[ "x" ]'])}`,
    () => `ENTRYPOINT ${choices.of(['["e"]', 'e f', '["$A"]'])}`,
    () => `STOPSIGNAL ${choices.of(['SIGTERM', '9', '${A:-INT}', 'SIGRTMIN+2'])}`,
    () =>
      `HEALTHCHECK ${choices.of(['CMD a', '--interval=5s CMD ["x"]', 'NONE', '--retries=3 --timeout=1m CMD a || b'])}`,
    () => `SHELL ["${choices.of(['/bin/sh', '/bin/bash', 'pwsh'])}", "-c"]`,
  ])();
}

function instruction(choices: Choices, stage: number, settings: number): string {
  if (choices.often(settings)) return setting(choices);
  if (stage > 0 && choices.often(50)) return copyFromStage(choices, stage);
  return choices.often(12) ? document(choices) : copy(choices);
}

/** A Dockerfile of some stages. @param image what they are made from, if not from each other */
function stagesOf(choices: Choices, count: number, image: string): string {
  const escaper = choices.often(6) ? '`' : '\\';
  const written = escaper === '`' ? ['# escape=`'] : [];
  const settings = choices.of([20, 20, 50, 90]);
  if (choices.often(10)) written.push(`ARG ${choices.of(variables)}=${value(choices)}`);
  for (let stage = 0; stage < count; stage++) {
    const base = stage > 0 && choices.often(35) ? `s${choices.below(stage)}` : choices.often(25) ? 'scratch' : image;
    written.push(`FROM ${base} AS s${stage}`);
    if (settings < 90 && base === 'scratch' && choices.often(50)) written.push('COPY etc /etc');
    for (const one of choices.list(1 + choices.below(5), () => instruction(choices, stage, settings))) {
      const kept = choices.often(4) && !one.includes('<<') ? `ONBUILD ${one}` : one;
      written.push(choices.often(5) ? kept.replace(' ', ` ${escaper}\n # note\n  `) : kept);
    }
  }
  return `${written.join('\n')}\n`;
}

/** A Dockerfile of up to three stages, arguments for it, and for some an image to begin with, or rules for what is excluded. */
export function randomOrder(seed: number): RandomOrder {
  const choices = new Choices(seed);
  const base = choices.often(40) ? stagesOf(choices, 1, 'scratch') : undefined;
  const count = choices.often(60) ? 1 : 2 + choices.below(2);
  const dockerfile = stagesOf(choices, count, base === undefined ? 'scratch' : 'base');
  const args: Record<string, string> = choices.often(20) ? { A: choices.of(['given', 'a b', '', '$x', '/g']) } : {};
  const rule = () => `${choices.often(30) ? '!' : ''}${choices.of(rules)}\n`;
  const ignore = choices.often(25) ? choices.list(1 + choices.below(4), rule).join('') : undefined;
  return { dockerfile, args, ...(base !== undefined && { base }), ...(ignore !== undefined && { ignore }) };
}
