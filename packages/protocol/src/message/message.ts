import type { z } from 'zod'
import {
  finalizeSchema,
  notarizeSchema,
  nullifySchema,
  type Proposal,
  proposalSchema,
  type Vote,
} from './consensus.ts'
import {
  acceptProposalSchema,
  type Cancel,
  type Cfp,
  type Consent,
  type ConversationMessage,
  cancelSchema,
  cfpSchema,
  consentSchema,
  informSchema,
  proposeSchema,
  refuseSchema,
  rejectProposalSchema,
} from './negotiation.ts'
import { type Transaction, transactionSchemas } from './transaction.ts'

/** Largest envelope on any topic: below gossip's own limit of 256 KiB. [ENC-8] */
export const MESSAGE_SIZE_MAX: number = 192 * 1024

/** Everything that an agent signs. */
export type Message = Cfp | ConversationMessage | Cancel | Consent | Vote | Proposal | Transaction
export type MessageKind = Message['kind']

interface MessageSchema {
  readonly schema: z.ZodType<Message, unknown>
  /** Largest payload in bytes. */
  readonly sizeMax: number
}

const KIB = 1024

const talk: readonly (readonly [string, z.ZodType<Message, unknown>, number])[] = [
  ['cfp', cfpSchema, 8 * KIB],
  ['propose', proposeSchema, 32 * KIB],
  ['accept-proposal', acceptProposalSchema, KIB],
  ['reject-proposal', rejectProposalSchema, 2 * KIB],
  ['refuse', refuseSchema, 2 * KIB],
  ['cancel', cancelSchema, 2 * KIB],
  ['inform', informSchema, 6 * KIB],
  ['consent', consentSchema, KIB],
  ['notarize', notarizeSchema, KIB],
  ['nullify', nullifySchema, KIB],
  ['finalize', finalizeSchema, KIB],
  ['proposal', proposalSchema, MESSAGE_SIZE_MAX],
]

/** Largest transaction payload: evidence of two messages of the greatest size. [TX-1] */
export const TRANSACTION_SIZE_MAX: number = 68 * KIB

/** One schema a kind: shape, limits, and the source of every JSON Schema. [ENC-8] */
export const messageSchemas: ReadonlyMap<string, MessageSchema> = new Map<string, MessageSchema>([
  ...talk.map(([kind, schema, sizeMax]): readonly [string, MessageSchema] => [
    kind,
    { schema, sizeMax },
  ]),
  ...[...transactionSchemas].map(([kind, schema]): readonly [string, MessageSchema] => [
    kind,
    { schema, sizeMax: TRANSACTION_SIZE_MAX },
  ]),
])
