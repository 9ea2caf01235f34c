import { z } from 'zod'
import { encode } from './codec/cbor.ts'
import { type Cid, cidOf } from './codec/cid.ts'
import type { Digest } from './codec/digest.ts'
import { isEncodable } from './codec/encodable.ts'
import { type EmissionSchedule, emissionScheduleSchema } from './emission/schedule.ts'
import type { AgentId } from './identity/agent-id.ts'
import {
  agentIdSchema,
  documentAmountSchema as amount,
  digestSchema,
  subnetIdSchema,
  TOKEN_MICRO,
  textSchema,
} from './schema/atoms.ts'

/** Version of the wire protocol: peers of another are refused at the handshake. */
export const PROTOCOL_VERSION = 1
/** Arrays and objects of an instance's params inside one another. [GEN-3] */
const PARAMS_DEPTH_MAX = 8

/** Whom an agreement binds: everybody with a seat, or who signed. [AGR-2] */
export type Binding = 'members' | 'signers'
/** `none`: talk only; `text`: words that nobody enforces; `law`: clauses that the ledger executes. [AGR-1] */
export type ContractMode = 'none' | 'text' | 'law'

/** One instance of a subnet, as the genesis founds it. */
export interface InstanceGenesis {
  readonly id: string
  readonly kind: string
  readonly binding: Binding
  readonly contract: ContractMode
  /** 0: an epoch's negotiation makes the law of that epoch's round; 1: of the next. */
  readonly contractDelay: number
  /** Signatures that form an agreement under `members`; null means ⌈4n/5⌉ of the seats held. */
  readonly quorum: number | null
  readonly turnsMax: number
  readonly seatBondMicro: bigint
  readonly seatCountMax: number
  /** Whether a new run starts, with the seats then held, in the epoch after a run ends. */
  readonly repeat: boolean
  readonly seats: readonly AgentId[]
  /** Of the subnet's own kind; its schema checks and fills them. */
  readonly params: unknown
}

/** The forecasting market of a network, as the genesis founds it. [FOR-2] */
export interface ForecastGenesis {
  readonly schedule: EmissionSchedule
  /** Weight of the house at the start. */
  readonly houseWeightMicro: bigint
  /** Whose questions need no admission. */
  readonly openers: readonly AgentId[]
  /** Locks that are open at the start; their tokens are issued with the balances. */
  readonly locks: readonly { readonly agent: AgentId; readonly lockedMicro: bigint }[]
  /** Questions that may be unsettled at once. */
  readonly questionCountMax: number
  /** Set aside while a question is unsettled; burned where it is never admitted. */
  readonly questionBondMicro: bigint
  /** Set aside with an agent's first seal of a question, until all of its seals are opened. */
  readonly statementBondMicro: bigint
  /** Heights in which statements may be opened; it ends early when all are. */
  readonly revealHeightsMax: number
  /** Heights from `resolveHeight` on in which a question may be resolved; then it is void. */
  readonly resolveHeightsMax: number
  readonly assertBondMicro: bigint
  /** Epochs after that of an assertion in which it may be disputed. */
  readonly disputeEpochs: number
  /** Jurors of each round, in order. */
  readonly jurySizes: readonly number[]
  /** Greatest length of each half of a jury's round, in heights: sealing, opening. */
  readonly juryHeightsMax: number
  /** An agent with more than this part of the weight awake on a question is none of its jurors. */
  readonly juryWeightBpsMax: number
}

/** The document that founds a network. The cid of its encoding is the network id. [GEN-1] */
export interface Genesis {
  readonly name: string
  readonly protocol: number
  readonly consensus: {
    readonly deltaMs: number
    readonly blockIntervalMs: number
    readonly retryMs: number
    readonly viewGapMax: number
    readonly validatorCountMax: number
    /** Least bond of a validator: who votes must have something to lose, and be few enough to wait for. [CON-1] */
    readonly validatorBondMinMicro: bigint
  }
  /** Greatest length of each phase, in heights; unbondingEpochs in epochs. [EPO-1] */
  readonly epochs: {
    readonly negotiateHeightsMax: number
    readonly signalHeightsMax: number
    readonly sealHeightsMax: number
    readonly revealHeightsMax: number
    readonly beaconHeightsMax: number
    readonly unbondingEpochs: number
  }
  readonly feePerByteMicro: bigint
  readonly talkBondMinMicro: bigint
  /** Heights that a speaker has for its turn before the next may speak. [NEG-9] */
  readonly turnHeightsMax: number
  readonly faucet: {
    readonly fundMicro: bigint
    readonly grantMicro: bigint
    readonly grantsPerEpochMax: number
    readonly intervalEpochs: number
  } | null
  readonly accounts: readonly {
    readonly agent: AgentId
    readonly name: string
    readonly balanceMicro: bigint
    readonly bondMicro: bigint
  }[]
  readonly instances: readonly InstanceGenesis[]
  /** Null where nobody forecasts. */
  readonly forecast: ForecastGenesis | null
  /** Digests of the signal shares of epoch 1, where an instance shows a signal. [EPO-8] */
  readonly signalDigests: readonly { readonly agent: AgentId; readonly digest: Digest }[]
}

const positive = z.int().positive()
/** No honest act may be cut off before eight leader draws. [EPO-1] */
const heights = z.int().min(8).max(100_000)

const instanceShape = z.strictObject({
  id: subnetIdSchema,
  kind: textSchema(32),
  binding: z.enum(['members', 'signers']).default('members'),
  contract: z.enum(['none', 'text', 'law']).default('law'),
  contractDelay: z.int().min(0).max(1).default(0),
  quorum: positive.nullable().default(null),
  turnsMax: z.int().min(1).max(64).default(10),
  seatBondMicro: amount.default(10n * TOKEN_MICRO),
  seatCountMax: z.int().min(1).max(64).default(64),
  repeat: z.boolean().default(false),
  seats: z.array(agentIdSchema).max(64),
  params: z
    .unknown()
    .refine(
      (params) => isEncodable(params, PARAMS_DEPTH_MAX),
      'whole numbers, text, lists, objects',
    ),
})

/** [GEN-3] */
const instanceSchema: z.ZodType<InstanceGenesis, unknown> = instanceShape
  .refine(({ seats }) => new Set(seats).size === seats.length, 'a seat occurs twice')
  .refine(({ seats, seatCountMax }) => seats.length <= seatCountMax, 'more seats than seatCountMax')

/** [FOR-2] */
const forecastSchema: z.ZodType<ForecastGenesis, unknown> = z.strictObject({
  schedule: emissionScheduleSchema,
  houseWeightMicro: amount,
  openers: z.array(agentIdSchema).max(64),
  locks: z
    .array(z.strictObject({ agent: agentIdSchema, lockedMicro: amount.refine((b) => b > 0n) }))
    .max(10_000),
  questionCountMax: z.int().min(1).max(4_096).default(1_024),
  questionBondMicro: amount.default(TOKEN_MICRO),
  statementBondMicro: amount.default(TOKEN_MICRO),
  revealHeightsMax: heights,
  resolveHeightsMax: heights,
  assertBondMicro: amount.default(50n * TOKEN_MICRO),
  disputeEpochs: positive.default(2),
  jurySizes: z.array(z.int().min(1).max(101)).min(1).max(3).default([7, 15, 31]),
  juryHeightsMax: heights,
  juryWeightBpsMax: z.int().min(0).max(10_000).default(100),
})

export const genesisSchema: z.ZodType<Genesis, unknown> = z.strictObject({
  name: textSchema(64),
  protocol: z.literal(PROTOCOL_VERSION),
  consensus: z.strictObject({
    deltaMs: positive,
    blockIntervalMs: positive,
    retryMs: positive,
    viewGapMax: z.int().min(1).max(256),
    validatorCountMax: z.int().min(1).max(1024),
    validatorBondMinMicro: amount.default(1n),
  }),
  epochs: z.strictObject({
    negotiateHeightsMax: heights,
    signalHeightsMax: heights,
    sealHeightsMax: heights,
    revealHeightsMax: heights,
    beaconHeightsMax: heights,
    unbondingEpochs: positive,
  }),
  feePerByteMicro: amount,
  talkBondMinMicro: amount,
  turnHeightsMax: positive,
  faucet: z
    .strictObject({
      fundMicro: amount,
      grantMicro: amount,
      grantsPerEpochMax: positive,
      intervalEpochs: positive,
    })
    .nullable(),
  accounts: z
    .array(
      z.strictObject({
        agent: agentIdSchema,
        name: textSchema(64),
        balanceMicro: amount,
        bondMicro: amount,
      }),
    )
    .max(10_000),
  instances: z.array(instanceSchema).max(64),
  forecast: forecastSchema.nullable().default(null),
  signalDigests: z.array(z.strictObject({ agent: agentIdSchema, digest: digestSchema })).max(1024),
})

/** Who may be a validator, as choosing them asks it. [CON-1] */
export function validatorChoiceOf({ consensus }: Genesis): {
  readonly validatorCountMax: number
  readonly bondMinMicro: bigint
} {
  const { validatorCountMax, validatorBondMinMicro } = consensus
  return { validatorCountMax, bondMinMicro: validatorBondMinMicro }
}

/** The network id: the cid of the genesis as this protocol encodes it. [GEN-1] */
export function networkIdOf(genesis: Genesis): Cid {
  return cidOf(encode(genesis))
}
