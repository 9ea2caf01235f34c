import { z } from 'zod'
import type { Cid } from '../codec/cid.ts'
import { type Terms, termsSchema } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'
import {
  agentIdSchema,
  cidSchema,
  naturalSchema,
  subnetIdSchema,
  textSchema,
} from '../schema/atoms.ts'

/** Most parties to a conversation. [NEG-1] */
export const PARTIES_MAX = 64
/** Largest reason text of a refusal, in bytes. [NEG-1] */
export const REASON_SIZE_MAX = 1024
/** Largest free text, in bytes. [NEG-1] */
export const INFORM_SIZE_MAX = 4096

/** Why an agent says no; a text may say more. */
export const REASON_CODES = ['terms', 'not-interested', 'too-late', 'withdrawn', 'other'] as const
export type ReasonCode = (typeof REASON_CODES)[number]

interface Said {
  readonly author: AgentId
  /** The id of the conversation's `cfp`. */
  readonly conversation: Cid
  /** Counts up from 0 per author and conversation; the opener's `cfp` is not counted. */
  readonly sequence: number
}
interface No {
  readonly reason: ReasonCode
  readonly text: string
}

/** Opens a conversation: its id is the conversation's. */
export interface Cfp {
  readonly kind: 'cfp'
  readonly author: AgentId
  readonly subnet: string
  /** The epoch whose round the contract is for. */
  readonly round: number
  readonly parties: readonly AgentId[]
  readonly subject: string
  readonly deadlineHeight: number
}
/** Terms on the table; also the counter-proposal. `inReplyTo`: the cfp or the proposal that it answers. */
export interface Propose extends Said {
  readonly kind: 'propose'
  readonly inReplyTo: Cid
  readonly terms: Terms
}
/** A signature over the terms, good for an `agreement` at or below `expiresAtHeight`. */
export interface AcceptProposal extends Said {
  readonly kind: 'accept-proposal'
  readonly proposal: Cid
  readonly terms: Cid
  readonly expiresAtHeight: number
}
export interface RejectProposal extends Said, No {
  readonly kind: 'reject-proposal'
  readonly proposal: Cid
}
export interface Refuse extends Said, No {
  readonly kind: 'refuse'
}
export interface Cancel extends Said, No {
  readonly kind: 'cancel'
}
export interface Inform extends Said {
  readonly kind: 'inform'
  readonly text: string
}
/** Consents to ending an agreement before its time; a `terminate` transaction carries a quorum of these. */
export interface Consent {
  readonly kind: 'consent'
  readonly author: AgentId
  readonly agreement: Cid
  readonly expiresAtHeight: number
}

export type ConversationMessage =
  | Propose
  | AcceptProposal
  | RejectProposal
  | Refuse
  | Cancel
  | Inform

const said = { author: agentIdSchema, conversation: cidSchema, sequence: naturalSchema }
const no = { reason: z.enum(REASON_CODES), text: textSchema(REASON_SIZE_MAX) }

export const cfpSchema: z.ZodType<Cfp, unknown> = z.strictObject({
  kind: z.literal('cfp'),
  author: agentIdSchema,
  subnet: subnetIdSchema,
  round: naturalSchema,
  parties: z.array(agentIdSchema).min(1).max(PARTIES_MAX),
  subject: textSchema(REASON_SIZE_MAX),
  deadlineHeight: naturalSchema,
})
export const proposeSchema: z.ZodType<Propose, unknown> = z.strictObject({
  kind: z.literal('propose'),
  ...said,
  inReplyTo: cidSchema,
  terms: termsSchema,
})
export const acceptProposalSchema: z.ZodType<AcceptProposal, unknown> = z.strictObject({
  kind: z.literal('accept-proposal'),
  ...said,
  proposal: cidSchema,
  terms: cidSchema,
  expiresAtHeight: naturalSchema,
})
export const rejectProposalSchema: z.ZodType<RejectProposal, unknown> = z.strictObject({
  kind: z.literal('reject-proposal'),
  ...said,
  ...no,
  proposal: cidSchema,
})
export const refuseSchema: z.ZodType<Refuse, unknown> = z.strictObject({
  kind: z.literal('refuse'),
  ...said,
  ...no,
})
export const cancelSchema: z.ZodType<Cancel, unknown> = z.strictObject({
  kind: z.literal('cancel'),
  ...said,
  ...no,
})
export const informSchema: z.ZodType<Inform, unknown> = z.strictObject({
  kind: z.literal('inform'),
  ...said,
  text: textSchema(INFORM_SIZE_MAX),
})
export const consentSchema: z.ZodType<Consent, unknown> = z.strictObject({
  kind: z.literal('consent'),
  author: agentIdSchema,
  agreement: cidSchema,
  expiresAtHeight: naturalSchema,
})
