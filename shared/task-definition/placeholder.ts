/**
 * `<account_ID>`, `${Build.IMAGE}`, `$REPOSITORY_URI`, `{{ image }}`, `%IMAGE%`. What stands between the marks is bounded, so
 * that a text of nothing but opening marks costs no more than its length.
 */
const form = /<[^<>]{1,200}>|\$\{[^}]{0,200}\}|\$\(?[A-Za-z_]\w{0,200}\)?|\{\{[^}]{0,200}\}\}|%[A-Za-z_]\w{0,200}%/;

/** No name or ARN is as long; what follows is not looked through. */
const longestText = 10_000;

/** The first placeholder that nothing has filled in; undefined where there is none. */
export const placeholderIn = (text: string): string | undefined => form.exec(text.slice(0, longestText))?.[0];
