import type { Words } from './words.ts';

const SID = /S-1-\d+(?:-\d+)+/gi;

/** RIDs below this are Windows' own: 500 Administrator, 513 Domain Users ([MS-DTYP] 2.4.2.4 Well-Known SID Structures). */
const FIRST_OWN_RID = 1000;

/**
 * Every SID that names a machine, a domain or somebody in it by a word: `S-1-5-21-…` becomes
 * `sid-1`, with what is well known of its last number kept (`sid-1-513`: Domain Users) and the rest
 * by a word of its own (`sid-1-rid-1`). Well-known SIDs such as S-1-5-32-544 stay.
 */
export function maskSids(text: string, words: Words): string {
  return text.replace(SID, (sid) => {
    const own = /^(S-1-5-21-\d+-\d+-\d+)(?:-(\d+))?$/i.exec(sid);
    if (own !== null) {
      const [, domain = '', rid] = own;
      const word = words.wordFor('sid', domain);
      if (rid === undefined) return word;
      return Number(rid) < FIRST_OWN_RID ? `${word}-${rid}` : `${word}-${words.wordFor('rid', sid)}`;
    }
    // Of Microsoft Entra ID, of a virtual machine, of a session: S-1-12-1-…, S-1-5-83-1-…, S-1-5-5-…
    return /^S-1-(?:12-|5-(?:5|82|83|9\d)-)/i.test(sid) ? words.wordFor('sid', sid) : sid;
  });
}
