/**
 * `<account_ID>`, `${Build.IMAGE}`, `$REPOSITORY_URI`, `{{ image }}`, `%IMAGE%`. What stands between the marks is bounded, so
 * that a text of nothing but opening marks costs no more than its length.
 */
const form = /<[^<>]{1,200}>|\$\{[^}]{0,200}\}|\$\(?[A-Za-z_]\w{0,200}\)?|\{\{[^}]{0,200}\}\}|%[A-Za-z_]\w{0,200}%/;

/** No name or ARN is as long; what follows is not looked through. */
const longestText = 10_000;

/** The first dangling placeholder, one that was never replaced by a value; undefined where there is none. */
export const placeholderIn = (text: string): string | undefined => form.exec(text.slice(0, longestText))?.[0];

/** Loops and conditions of a template too, which only stand between values. */
const inTemplate = new RegExp(`^(?:${form.source}|\\{%[^%]{0,200}%\\})`);

/** What is wrong at an offset of a file, or one character before it, if a template stands there. */
export function templateAt(text: string, offset: number): string | undefined {
  const around = [Math.max(0, offset - 1), offset].map((at) => text.slice(at, at + 250));
  const template = around.flatMap((part) => inTemplate.exec(part)?.[0] ?? [])[0];
  return template === undefined ? undefined : `is still a template, with ${template}; fill it in first`;
}
