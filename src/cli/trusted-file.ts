import {lstatSync, statSync} from 'node:fs';

/** Who runs this process. */
export interface Runner {
  /** User id; undefined on systems without them (Windows). */
  uid: number | undefined;
  /** The user who called `sudo`, as it says. */
  sudoUid?: string | undefined;
}

/**
 * Whether settings from a file of this owner may be used: settings can move pictures, so those that another user puts
 * into a shared folder must not apply. The owner must be the user, root, or whoever called `sudo`, as in git
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory).
 */
export function isTrustedOwner(owner: number, {uid, sudoUid}: Runner): boolean {
  if (uid === undefined || owner === uid || owner === 0) return true;
  return uid === 0 && sudoUid === String(owner);
}

/** The owner of a file that must not be trusted, or of a link to it; undefined if both are trusted. */
export function untrustedOwner(path: string, env: NodeJS.ProcessEnv = process.env): number | undefined {
  const runner = {uid: process.getuid?.(), sudoUid: env.SUDO_UID};
  return [lstatSync(path).uid, statSync(path).uid].find((owner) => !isTrustedOwner(owner, runner));
}
