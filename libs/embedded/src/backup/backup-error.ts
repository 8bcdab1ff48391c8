/** A backup could not be made, followed, verified or restored. The message is one sentence a person can act on. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
