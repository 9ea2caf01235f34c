import {
  type CommonsParams,
  type ContractMode,
  commonsParamsSchema,
  createNobleSigner,
  type Digest,
  digestOf,
  type Genesis,
  type LanguageClass,
  PROTOCOL_VERSION,
  type Regeneration,
  type Signer,
  secretKeyOf,
  seededShare,
  seededValuesPercent,
  shareDigest,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import { fromString } from 'uint8arrays/from-string'

/** The one subnet instance of a local network. */
export const LOCAL_INSTANCE = 'commons'
/** What every agent of a local network starts with, beside its bond. */
export const LOCAL_BALANCE_MICRO: bigint = 1_000n * TOKEN_MICRO
/** Equal for all, so that every validator's vote weighs the same. */
export const LOCAL_BOND_MICRO: bigint = 1_000n * TOKEN_MICRO
/** How long a turn, or an answer, may take where no model thinks. */
export const LOCAL_TURN_HEIGHTS = 40
/** Most agents of a local network: as many as a subnet instance has seats. */
export const LOCAL_NODE_COUNT_MAX = 64

/** What a local experiment varies; what is left out has the value in brackets. */
export interface LocalGenesisOptions {
  /** Agents, each with a seat and an equal bond: 1 … LOCAL_NODE_COUNT_MAX. */
  readonly nodes: number
  /** Fixes the keys, the values and all randomness. */
  readonly seed: string
  /** [`local-<seed>`] */
  readonly name?: string
  /** Rounds of a run. [12] */
  readonly rounds?: number
  /** Units of the resource, at the start and at most. [100] */
  readonly capacity?: number
  /** What a unit is worth to each agent, in percent, or how to choose. [`seeded`] */
  readonly values?: 'seeded' | 'equal' | readonly number[]
  /** [`law`] */
  readonly contract?: ContractMode
  /** [0] */
  readonly contractDelay?: number
  /** How the stock renews itself: a mode with its published rates, or a rule. [`deterministic`] */
  readonly regeneration?: Regeneration['mode'] | Regeneration
  /** What a law may name. [`full`] */
  readonly language?: LanguageClass
  /** Signatures that form an agreement; null is ⌈4n/5⌉. [null] */
  readonly quorum?: number | null
  /** [`members`] */
  readonly binding?: 'members' | 'signers'
  /** Turns of a negotiation: enough for a quorum of speakers. [10, or 2n where that is more] */
  readonly turnsMax?: number
  /** Whether a new run starts when one ends. [false] */
  readonly repeat?: boolean
  /** How long an agent may think about one question. [4 s to speak, 2.4 s to act] */
  readonly thinkMs?: number
}

/**
 * The genesis of a network on one machine.
 *
 * Holds no port and no address, so that the plain state machine, the simulator and real processes share one network id
 * for the same options. The keys are public test keys: whoever knows the seed can sign with them.
 *
 * Units  `values` in percent. Blocks come every 100 ms, which suits five processes on two cores.
 */
export function createLocalGenesis(options: LocalGenesisOptions): Genesis {
  const params = createParams(options)
  const turnsMax = options.turnsMax ?? Math.min(64, Math.max(10, 2 * options.nodes))
  const rules = createLocalRules(options.name ?? `local-${options.seed}`)
  const signers = createLocalSigners(options.seed, options.nodes)
  const seats = signers.map((signer) => signer.agent)
  return {
    ...rules,
    ...giveTime(rules, options.thinkMs, turnsMax),
    forecast: null,
    accounts: seats.map((agent, index) => ({
      agent,
      name: localName(index),
      balanceMicro: LOCAL_BALANCE_MICRO,
      bondMicro: LOCAL_BOND_MICRO,
    })),
    instances: [
      {
        id: LOCAL_INSTANCE,
        kind: 'commons',
        binding: options.binding ?? 'members',
        contract: options.contract ?? 'law',
        contractDelay: options.contractDelay ?? 0,
        quorum: options.quorum ?? null,
        turnsMax,
        seatBondMicro: 10n * TOKEN_MICRO,
        seatCountMax: LOCAL_NODE_COUNT_MAX,
        repeat: options.repeat ?? false,
        seats,
        params,
      },
    ],
    signalDigests:
      params.regeneration.mode === 'private-signal'
        ? seats.map((agent) => ({
            agent,
            digest: shareDigest({
              author: agent,
              epoch: 1,
              purpose: 'signal',
              share: seededShare(options.seed, agent, 1, 'signal'),
            }),
          }))
        : [],
  }
}

/** What every network on one machine has in common. */
export function createLocalRules(
  name: string,
): Omit<Genesis, 'forecast' | 'accounts' | 'instances' | 'signalDigests'> {
  return {
    name,
    protocol: PROTOCOL_VERSION,
    consensus: {
      deltaMs: 300,
      blockIntervalMs: 100,
      retryMs: 500,
      viewGapMax: 32,
      validatorCountMax: 64,
      validatorBondMinMicro: 10n * TOKEN_MICRO,
    },
    epochs: {
      negotiateHeightsMax: 500,
      signalHeightsMax: 24,
      sealHeightsMax: 24,
      revealHeightsMax: 24,
      beaconHeightsMax: 24,
      // An epoch lasts about a second: hours, in which a newcomer may still trust an old bundle.
      unbondingEpochs: 5_000,
    },
    feePerByteMicro: 10n,
    talkBondMinMicro: 10n * TOKEN_MICRO,
    turnHeightsMax: LOCAL_TURN_HEIGHTS,
    faucet: {
      fundMicro: 100_000n * TOKEN_MICRO,
      grantMicro: 200n * TOKEN_MICRO,
      grantsPerEpochMax: 8,
      intervalEpochs: 100,
    },
  }
}

/** Turns, talks and seals that last as long as agents think; nobody waits longer than the slowest needs. */
function giveTime(
  rules: ReturnType<typeof createLocalRules>,
  thinkMs: number | undefined,
  turnsMax: number,
): Partial<Pick<Genesis, 'epochs' | 'turnHeightsMax'>> {
  if (thinkMs === undefined) return {}
  const heights = Math.ceil(thinkMs / rules.consensus.blockIntervalMs)
  const { epochs } = rules
  return {
    turnHeightsMax: Math.max(rules.turnHeightsMax, heights),
    epochs: {
      ...epochs,
      negotiateHeightsMax: Math.max(epochs.negotiateHeightsMax, turnsMax * heights),
      sealHeightsMax: Math.max(epochs.sealHeightsMax, heights),
    },
  }
}

/** The signers of a local network's agents, in the order of their seats. */
export function createLocalSigners(seed: string, count: number): readonly Signer[] {
  return Array.from({ length: count }, (_, index) => createNobleSigner(secretKeyOf(seed, index)))
}

/** What agent `index` of a local network is called. */
export function localName(index: number): string {
  return `node-${index}`
}

/** The parameters of a local network's commons, all defaults filled in. */
export function createParams(options: LocalGenesisOptions): CommonsParams {
  const { regeneration = 'deterministic' } = options
  return commonsParamsSchema.parse({
    capacity: options.capacity ?? 100,
    rounds: options.rounds ?? 12,
    collapseBelow: Math.min(5, options.capacity ?? 100),
    regeneration: typeof regeneration === 'string' ? { mode: regeneration } : regeneration,
    language: options.language ?? 'full',
    valuesPercent: chooseValues(options),
  })
}

function chooseValues(options: LocalGenesisOptions): readonly number[] {
  const { values = 'seeded', seed, nodes } = options
  if (values === 'equal') return Array.from({ length: nodes }, () => 100)
  return values === 'seeded' ? seededValuesPercent(seedDigest(seed), nodes) : values
}

/** What the draws of a local network that precede its genesis come from. */
function seedDigest(seed: string): Digest {
  return digestOf(fromString(`commonweal/local-seed/${seed}`))
}
