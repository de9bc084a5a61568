/** `<account_ID>`, `${Build.IMAGE}`, `$REPOSITORY_URI`, `{{ image }}`, `%IMAGE%`. */
const form = /<[^<>]+>|\$\{[^}]*\}|\$\(?[A-Za-z_]\w*\)?|\{\{[^}]*\}\}|%[A-Za-z_]\w*%/;

/** The first placeholder that nothing has filled in; undefined where there is none. */
export const placeholderIn = (text: string): string | undefined => form.exec(text)?.[0];
