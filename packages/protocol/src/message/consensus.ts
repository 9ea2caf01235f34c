import { z } from 'zod'
import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import {
  agentIdSchema,
  amountSchema,
  bytesSchema,
  cidSchema,
  digestSchema,
  naturalSchema,
} from '../schema/atoms.ts'

/** Most transactions in a block. [CON-2] */
export const BLOCK_TRANSACTIONS_MAX = 512
/** Largest sum of the transactions' envelope bytes in a block. [CON-2] */
export const BLOCK_SIZE_MAX: number = 512 * 1024
/** Most validators in a set. [CON-1] */
export const VALIDATORS_MAX = 1024
/** Most certificates that a block's ancestry, or a re-proposal's justification, carries. [CON-9] */
export const ANCESTRY_MAX = 256
/** A proposal whose body is larger goes out as a header alone; the body is fetched by stream. [CON-14] */
export const PROPOSAL_BODY_INLINE_MAX: number = 64 * 1024

/** One validator of an epoch: its key and its stake. A set is ordered by agent id. */
export interface Validator {
  readonly agent: AgentId
  readonly stakeMicro: bigint
}
export type ValidatorSet = readonly Validator[]

/** A vote signs exactly its own fields: kind, author, epoch, view and, but for `nullify`, the block. */
export type Vote =
  | {
      readonly kind: 'notarize' | 'finalize'
      readonly author: AgentId
      readonly epoch: number
      readonly view: number
      readonly block: Cid
    }
  | {
      readonly kind: 'nullify'
      readonly author: AgentId
      readonly epoch: number
      readonly view: number
    }
export type VoteKind = Vote['kind']

/**
 * Votes of one kind for one view (and block) by more than 2/3 of the stake of the epoch's set.
 *
 * Shape  signers: indices into the epoch's set, ascending; signatures: 64 bytes each, in the same order;
 *        each signs the payload that {@link Vote} has for its author.
 */
export interface Certificate {
  readonly kind: VoteKind
  readonly epoch: number
  readonly view: number
  readonly block: Cid | null
  readonly signers: readonly number[]
  readonly signatures: readonly Uint8Array[]
}

/** The header; its cid is the block's id. `nextSet` is there exactly in b_e, the last block of an epoch. */
export interface Header {
  readonly epoch: number
  readonly height: number
  readonly view: number
  readonly parent: Cid
  readonly proposer: AgentId
  readonly transactionsDigest: Digest
  readonly stateDigest: Digest
  readonly ancestryDigest: Digest
  readonly nextSet: ValidatorSet | null
}

/** `transactions`: signed envelopes. `ancestry`: the parent's notarization, then the nullifications between. */
export interface BlockBody {
  readonly transactions: readonly Uint8Array[]
  readonly ancestry: readonly Certificate[]
}
export interface Block extends BlockBody {
  readonly header: Header
}

/**
 * What a leader sends. In the view that made the block, `justification` is empty. When b_e is proposed again in a
 * later view, it holds b_e's latest notarization and the nullifications of the views since. `body` is null when it is too large to gossip.
 */
export interface Proposal {
  readonly kind: 'proposal'
  readonly author: AgentId
  readonly epoch: number
  readonly view: number
  readonly header: Header
  readonly body: BlockBody | null
  readonly justification: readonly Certificate[]
}

export const certificateSchema: z.ZodType<Certificate, unknown> = z.strictObject({
  kind: z.enum(['notarize', 'nullify', 'finalize']),
  epoch: naturalSchema,
  view: naturalSchema,
  block: cidSchema.nullable(),
  signers: z.array(naturalSchema).max(VALIDATORS_MAX),
  signatures: z.array(bytesSchema(64)).max(VALIDATORS_MAX),
})

const validatorSetSchema: z.ZodType<ValidatorSet, unknown> = z
  .array(z.strictObject({ agent: agentIdSchema, stakeMicro: amountSchema }))
  .max(VALIDATORS_MAX)

export const headerSchema: z.ZodType<Header, unknown> = z.strictObject({
  epoch: naturalSchema,
  height: naturalSchema,
  view: naturalSchema,
  parent: cidSchema,
  proposer: agentIdSchema,
  transactionsDigest: digestSchema,
  stateDigest: digestSchema,
  ancestryDigest: digestSchema,
  nextSet: validatorSetSchema.nullable(),
})

const bodyShape = {
  transactions: z.array(bytesSchema(BLOCK_SIZE_MAX)).max(BLOCK_TRANSACTIONS_MAX),
  ancestry: z.array(certificateSchema).max(ANCESTRY_MAX),
}

export const blockSchema: z.ZodType<Block, unknown> = z.strictObject({
  header: headerSchema,
  ...bodyShape,
})

const blockVoteShape = {
  author: agentIdSchema,
  epoch: naturalSchema,
  view: naturalSchema,
  block: cidSchema,
}

export const notarizeSchema: z.ZodType<Vote, unknown> = z.strictObject({
  kind: z.literal('notarize'),
  ...blockVoteShape,
})
export const finalizeSchema: z.ZodType<Vote, unknown> = z.strictObject({
  kind: z.literal('finalize'),
  ...blockVoteShape,
})
export const nullifySchema: z.ZodType<Vote, unknown> = z.strictObject({
  kind: z.literal('nullify'),
  author: agentIdSchema,
  epoch: naturalSchema,
  view: naturalSchema,
})
export const proposalSchema: z.ZodType<Proposal, unknown> = z.strictObject({
  kind: z.literal('proposal'),
  author: agentIdSchema,
  epoch: naturalSchema,
  view: naturalSchema,
  header: headerSchema,
  body: z.strictObject(bodyShape).nullable(),
  justification: z.array(certificateSchema).max(ANCESTRY_MAX),
})
