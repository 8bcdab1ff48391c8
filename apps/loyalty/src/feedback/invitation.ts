import { keyedHash, sameText } from '@comanda/platform';

/** The order that a guest may rate, and until when. */
interface Invitation {
  readonly organizationId: string;
  readonly orderId: string;
  readonly expiresAt: string;
}

/** Writes an invitation as a token for a link: what it says, and a keyed hash of that. */
export function tokenOf(key: Buffer, invitation: Invitation): string {
  const said = Buffer.from(JSON.stringify(invitation)).toString('base64url');
  return `${said}.${keyedHash(key, said)}`;
}

/** Reads a token; `undefined` for one that is not ours or has expired. */
export function invitationIn(key: Buffer, token: string, now: Date): Invitation | undefined {
  const [said = '', signature = ''] = token.split('.');
  if (!sameText(signature, keyedHash(key, said))) return undefined;
  const invitation = JSON.parse(Buffer.from(said, 'base64url').toString()) as Invitation;
  return now < new Date(invitation.expiresAt) ? invitation : undefined;
}
