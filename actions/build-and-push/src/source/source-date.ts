/** The variable and build argument that names the time of an image (reproducible-builds.org). */
export const dateVariable = 'SOURCE_DATE_EPOCH';

/** The time of all files and of the image, in seconds: what SOURCE_DATE_EPOCH says, else the epoch itself. */
export const sourceDate = (given = ''): number => (/^\d{1,11}$/.test(given) ? Number(given) : 0);
