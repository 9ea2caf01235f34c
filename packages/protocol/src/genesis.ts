import { z } from 'zod'
import { encode } from './codec/cbor.ts'
import { type Cid, cidOf } from './codec/cid.ts'
import type { Digest } from './codec/digest.ts'
import { isEncodable } from './codec/encodable.ts'
import type { AgentId } from './identity/agent-id.ts'
import {
  AMOUNT_MICRO_MAX,
  agentIdSchema,
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
  /** Digests of the signal shares of epoch 1, where an instance shows a signal. [EPO-8] */
  readonly signalDigests: readonly { readonly agent: AgentId; readonly digest: Digest }[]
}

/** An amount in a JSON document: a whole number, or a decimal text where it exceeds 2^53. */
const amount = z
  .union([z.int().nonnegative(), z.bigint().nonnegative(), z.string().regex(/^(0|[1-9]\d{0,18})$/)])
  .transform((value) => BigInt(value))
  .refine((value) => value <= AMOUNT_MICRO_MAX)
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
