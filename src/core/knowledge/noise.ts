/**
 * What looks like a code in a log and is none. Order matters: the longest forms first, so that no part
 * of them is left over.
 */
const NOISE: readonly RegExp[] = [
  /https?:\/\/[^\s<>"']{1,500}/gi,
  /\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?/gi,
  /\bS-1-\d{1,10}(?:-\d{1,10})+/g,
  // Thumbprints and dumps: ten bytes or more, or four words of a dump and more.
  /\b[0-9a-f]{2}(?:[: -][0-9a-f]{2}){9,63}\b/gi,
  /\b[0-9a-f]{8}(?:\s{1,4}[0-9a-f]{8}){3,15}\b/gi,
  /^[ \t]{0,16}[0-9a-f]{4,8}:?(?:[ \t]{1,4}[0-9a-f]{2}){4,16}/gim,
  /\b(?:0x)?(?=[0-9a-f]*[a-f])[0-9a-f]{9,128}\b/gi,
  /\b0x[0-9a-f]{9,128}\b/gi,
  // Times.
  /\b\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?\b/g,
  /\b\d{8}-\d\d:\d\d:\d\d\b/g,
  /\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g,
  /\b\d{1,2}:\d\d:\d\d(?:[:.,]\d{1,9})?\b/g,
  // Processes and threads: `[1234]`, `[1234:0000131e]`, `(1234)(139701139543872)`.
  /\[\d{1,10}(?::[0-9a-f]{1,16})?\]/gi,
  /\(\d{1,10}\)\(\d{6,20}\)/g,
  // Addresses with their ports, versions, updates.
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g,
  /\b\d{1,5}(?:\.\d{1,6}){2,5}\b/g,
  /\bKB\s?\d{6,7}\b/gi,
];

/** In one pass: a log of a megabyte is gone through once and copied once. */
const ANY = new RegExp(NOISE.map(({ source }) => `(?:${source})`).join('|'), 'gim');

/** `text` with everything blanked that is surely no code: times, addresses, identifiers, dumps. */
export function withoutNoise(text: string): string {
  return text.replace(ANY, ' ');
}
