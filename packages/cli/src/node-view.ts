import type { ModelUsage } from '@commonweal/node/agent'
import { z } from 'zod'
import type { NodeApi } from './node-api.ts'
import type { Blamed } from './result/name-offenders.ts'
import { CommandError } from './usage-error.ts'

/*
 * What a node's API answers, as far as it is shown. An amount is decimal text, or a number where it is small.
 */

export const amount: z.ZodType<bigint, unknown> = z
  .union([z.int(), z.string().regex(/^-?\d+$/)])
  .transform(BigInt)
const natural = z.int().nonnegative()

/** One subnet instance where it stands. */
export interface InstanceView {
  readonly id: string
  readonly status: 'running' | 'ended'
  readonly run: number
  readonly seats: readonly string[]
  readonly joining: readonly string[]
  readonly agreements: readonly string[]
  readonly state: { readonly round: number; readonly stock: number; readonly status: string }
}

/** A connected peer; its height is that of its handshake. */
export interface PeerView {
  readonly peerId: string
  readonly hello: { readonly height: number }
}

/** `GET /status` */
export interface StatusView {
  readonly name: string
  readonly network: { readonly id: string; readonly name: string }
  readonly peerId: string
  readonly agent: string
  readonly agentName: string
  readonly isValidator: boolean
  readonly epoch: number
  readonly phase: string
  readonly height: number
  readonly finalHeight: number
  readonly stateDigest: string
  readonly peers: readonly PeerView[]
  readonly instances: readonly InstanceView[]
  readonly refusals: Readonly<Record<string, number>>
  readonly offenders: readonly Blamed[]
  readonly model: ModelUsage | null
}

const statusSchema: z.ZodType<StatusView, unknown> = z.object({
  name: z.string(),
  network: z.object({ id: z.string(), name: z.string() }),
  peerId: z.string(),
  agent: z.string(),
  agentName: z.string(),
  isValidator: z.boolean(),
  epoch: natural,
  phase: z.string(),
  height: natural,
  finalHeight: natural,
  stateDigest: z.string(),
  peers: z.array(z.object({ peerId: z.string(), hello: z.object({ height: natural }) })),
  instances: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['running', 'ended']),
      run: natural,
      seats: z.array(z.string()),
      joining: z.array(z.string()),
      agreements: z.array(z.string()),
      state: z.object({ round: natural, stock: natural, status: z.string() }),
    }),
  ),
  refusals: z.record(z.string(), natural),
  offenders: z.array(
    z.object({
      agent: z.string().nullable(),
      peerId: z.string(),
      reputation: z.number(),
      isBanned: z.boolean(),
      codes: z.record(z.string(), natural),
    }),
  ),
  model: z
    .object({
      model: z.string(),
      turns: natural,
      choices: natural,
      failures: z.record(z.string(), natural),
      faults: z.record(z.string(), natural),
      calls: natural,
      promptTokens: natural,
      completionTokens: natural,
      costMicroUsd: amount,
    })
    .nullable(),
})

/** `GET /ledger` */
export interface LedgerView {
  readonly height: number
  readonly epoch: number
  readonly stateDigest: string
  readonly isConserved: boolean
  readonly totals: Readonly<Record<string, bigint>>
  readonly accounts: readonly AccountView[]
  readonly holds: readonly { readonly owner: string; readonly amountMicro: bigint }[]
  readonly validators: readonly { readonly agent: string; readonly stakeMicro: bigint }[]
}

export interface AccountView {
  readonly agent: string
  readonly name: string
  readonly nonce: number
  readonly balanceMicro: bigint
  readonly bondMicro: bigint
}

const ledgerSchema: z.ZodType<LedgerView, unknown> = z.object({
  height: natural,
  epoch: natural,
  stateDigest: z.string(),
  isConserved: z.boolean(),
  totals: z.record(z.string(), amount),
  accounts: z.array(
    z.object({
      agent: z.string(),
      name: z.string(),
      nonce: natural,
      balanceMicro: amount,
      bondMicro: amount,
    }),
  ),
  holds: z.array(z.object({ owner: z.string(), amountMicro: amount })),
  validators: z.array(z.object({ agent: z.string(), stakeMicro: amount })),
})

/** One of `GET /contracts` */
export interface ContractView {
  readonly id: string
  readonly status: 'in-force' | 'ended'
  readonly formedHeight: number
  readonly endedHeight: number | null
  readonly why: string | null
  readonly words: readonly string[]
  readonly signers: readonly string[]
  /** Of the parties' seats, in order. */
  readonly terms: {
    readonly parties: readonly string[]
    readonly rounds: readonly [from: number, to: number]
  }
}

const contractsSchema: z.ZodType<{ readonly contracts: readonly ContractView[] }, unknown> =
  z.object({
    contracts: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['in-force', 'ended']),
        formedHeight: natural,
        endedHeight: natural.nullable(),
        why: z.string().nullable(),
        words: z.array(z.string()),
        signers: z.array(z.string()),
        terms: z.object({
          parties: z.array(z.string()),
          rounds: z.tuple([natural, natural]),
        }),
      }),
    ),
  })

/** One of `GET /negotiations`; its turns are checked where they are shown. */
export interface ConversationView {
  readonly conversation: string
  readonly subnet: string
  readonly target: number
  readonly turns: readonly unknown[]
}

const negotiationsSchema: z.ZodType<
  { readonly conversations: readonly ConversationView[] },
  unknown
> = z.object({
  conversations: z.array(
    z.object({
      conversation: z.string(),
      subnet: z.string(),
      target: natural,
      turns: z.array(z.unknown()),
    }),
  ),
})

/** `POST /transactions?wait=true` */
export type SubmittedView =
  | { readonly status: 'refused'; readonly code: string }
  | { readonly status: 'sent'; readonly id: string }
  | { readonly status: 'final'; readonly id: string; readonly receipt: { readonly code: string } }

const submittedSchema: z.ZodType<SubmittedView, unknown> = z.discriminatedUnion('status', [
  z.object({ status: z.literal('refused'), code: z.string() }),
  z.object({ status: z.literal('sent'), id: z.string() }),
  z.object({
    status: z.literal('final'),
    id: z.string(),
    receipt: z.object({ code: z.string() }),
  }),
])

export async function getStatus(api: NodeApi): Promise<StatusView> {
  return check(statusSchema, '/status', await api.get('/status'))
}

export async function getLedger(api: NodeApi): Promise<LedgerView> {
  return check(ledgerSchema, '/ledger', await api.get('/ledger'))
}

export async function getContracts(api: NodeApi): Promise<readonly ContractView[]> {
  return check(contractsSchema, '/contracts', await api.get('/contracts')).contracts
}

/** Conversations about rounds of epochs from `from` on. */
export async function getConversations(
  api: NodeApi,
  from: number,
): Promise<readonly ConversationView[]> {
  const path = `/negotiations?from=${from}`
  return check(negotiationsSchema, path, await api.get(path)).conversations
}

/** Sends a transaction of the node's agent, and waits for its receipt. */
export async function submitTransaction(api: NodeApi, body: object): Promise<SubmittedView> {
  const path = '/transactions?wait=true'
  return check(submittedSchema, path, await api.post(path, body))
}

/** What was answered, if it is as it should be. Errors  CommandError */
export function check<T>(schema: z.ZodType<T, unknown>, path: string, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new CommandError(
    `${path}: the node's answer is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  )
}
