/** What the sandbox can be asked. */
export type Operation = 'authorize' | 'increment' | 'capture' | 'void' | 'refund' | 'lookup' | 'code' | 'settlement';

/** How the sandbox behaves towards a call: as it should, or as providers do on a bad day. */
export type Manner =
  | { readonly as: 'approves' }
  | { readonly as: 'declines'; readonly code: string }
  /** It declines, and a moment later collects the money after all, and tells so. */
  | { readonly as: 'changes_its_mind' }
  /** It does what was asked, and its answer gets lost. */
  | { readonly as: 'falls_silent' }
  /** The call itself gets lost. */
  | { readonly as: 'never_hears' }
  | { readonly as: 'dawdles'; readonly milliseconds: number }
  /** It answers with a status of its own, before it has done what was asked, or after. */
  | { readonly as: 'errs'; readonly status: number; readonly after: boolean }
  /** It does what was asked, and answers with what is no JSON. */
  | { readonly as: 'garbles' }
  /** It resets the connection. */
  | { readonly as: 'hangs_up'; readonly after: boolean };

/** What is told by webhook about a call: nothing, as soon as it is done, or even before the call is answered. */
export type Telling = 'nothing' | 'at_once' | 'before_the_answer';

export const GOOD: Manner = { as: 'approves' };
