/** Filled in where the actions are bundled. */
declare const ACTION_VERSION: string | undefined;

/** The version of the project; in its tests, which run the sources, there is none. */
export const version: string = typeof ACTION_VERSION === 'string' ? ACTION_VERSION : 'of the sources';
