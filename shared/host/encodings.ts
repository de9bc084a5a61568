/**
 * The forms in which a secret may occur in a text: as it is, and as programs usually encode it. Letter case is not told
 * apart by those who look for them, so that `%2f` and upper-case hexadecimal need no forms of their own.
 */
export function formsOf(secret: string): string[] {
  // Half of a pair is replaced, as it is when it is written.
  const text = Buffer.from(secret).toString();
  const json = JSON.stringify(text).slice(1, -1);
  return [
    ...new Set([
      text,
      ...jsonForms(json),
      ...jsonForms(JSON.stringify(json).slice(1, -1)),
      ...urlForms(text),
      ...htmlForms(text),
      ...shellForms(text),
      ...base64Forms(text),
      Buffer.from(text).toString('hex'),
    ]),
  ];
}

const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** As JavaScript writes it, PHP (`\/`), Go (`\u003c`) and Python (ASCII only). */
const jsonForms = (json: string) => [
  json,
  json.replace(/\//g, '\\/'),
  json.replace(/[<>&]/g, codeOf),
  json.replace(/[^ -~]/g, codeOf),
];

/** As a part of an address, as a path, as RFC 3986 wants it and as a form sends it. */
function urlForms(text: string): string[] {
  const part = encodeURIComponent(text);
  const strict = part.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return [part, encodeURI(text), part.replace(/%2F/g, '/'), strict, strict.replace(/~/g, '%7e').replace(/%20/g, '+')];
}

type Entities = Readonly<Record<string, string>>;
const entities: Entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const ofXml: Entities = { ...entities, "'": '&apos;' };
const ofGo: Entities = { ...entities, '"': '&#34;', '+': '&#43;' };
const ofHandlebars: Entities = { ...entities, "'": '&#x27;', '`': '&#x60;', '=': '&#x3d;' };
const ofMustache: Entities = { ...ofHandlebars, "'": '&#39;', '/': '&#x2f;' };

const htmlForms = (text: string) =>
  [entities, ofXml, ofGo, ofHandlebars, ofMustache].map((names) =>
    text.replace(/[&<>"'+`=/]/g, (character) => names[character] ?? character),
  );

/** Within single quotes, within double quotes, and without any. */
const shellForms = (text: string) => [
  text.replace(/'/g, `'\\''`),
  text.replace(/'/g, `'"'"'`),
  text.replace(/["$`\\]/g, '\\$&'),
  text.replace(/[^\w@%+=:,./\n-]/g, '\\$&'),
];

/** Where a secret stands within what was encoded, its first and last characters depend on what stands around it. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const inside = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [inside, inside.replace(/\+/g, '-').replace(/\//g, '_'), encodeURIComponent(inside)];
  });
}
