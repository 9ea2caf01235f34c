import {
  type ForecastAdversary,
  type ModelConfigFile,
  needsSuppliers,
  type Prosociality,
  type parseWeatherRole,
} from '@commonweal/node/agent'
import {
  createLocalForecastGenesis,
  createLocalSigners,
  type LocalAgent,
} from '@commonweal/node/local'
import { type Genesis, present, TOKEN_MICRO } from '@commonweal/protocol'

import { parsePolicyOption } from '../experiment-options.ts'
import type { Models } from '../model-options.ts'

/** What a node does in the supply chain of the weather. */
export type ChainRole = 'registrar' | 'data' | 'feature' | 'signal' | 'seller' | 'forecaster'

/** One node of the scenario. */
export interface ChainNode {
  readonly name: string
  readonly kind: ChainRole
  /** As the node's config takes it. */
  readonly role: string
  /** Names of those whose signals it asks for. */
  readonly suppliers: readonly string[]
}

export interface ForecastScenario {
  readonly genesis: Genesis
  readonly nodes: readonly (ChainNode & {
    readonly lambda: number
    /** The model that decides for it, or `assistant`; null where neither does. */
    readonly model: string | null
  })[]
  readonly agents: readonly LocalAgent[]
}

export interface ForecastScenarioOptions {
  readonly seed: string
  /** The file of the series. */
  readonly series: string
  /** First day that is asked about, and for how many. */
  readonly first: string
  readonly dayCount: number
  /** Of the forecasters, one each. */
  readonly prosociality: readonly Prosociality[]
  /** Adversaries that sell to the forecasters, by role. */
  readonly sellers: readonly Seller[]
  /** Language models of the forecasters, and how long they may think. */
  readonly models: Models
}

/** An adversary: `noise-seller`, or `noise-seller:2` for one more of the kind. */
export interface Seller {
  readonly role: string
  readonly name: ForecastAdversary
}

const SELFISH: Prosociality = { lambda: 0, alpha: 0, thetaDeg: 0 }
const UNASKED = { weight: SELFISH, model: null, isAssistant: false } as const
const UTILITY = parsePolicyOption('utility')
const LOCK_MICRO: bigint = 500n * TOKEN_MICRO
/** Heights that a question takes statements for, for each link of the chain: each waits for the seals of the one before. */
const LINK_HEIGHTS = 5
/** What a seal needs to get into a block. */
export const SEAL_HEIGHTS = 4
/** From the last, who pools, to the first, who measures. Sellers are a link of their own, where there are any. */
const LINKS: readonly (readonly ChainRole[])[] = [
  ['forecaster', 'registrar'],
  ['seller'],
  ['signal'],
  ['feature'],
  ['data'],
]

/** Whose signals a newcomer of each kind asks for: accounts whose names begin so. */
export const SUPPLIER_KINDS: Readonly<
  Record<ReturnType<typeof parseWeatherRole>['kind'], readonly ChainRole[]>
> = {
  data: [],
  feature: ['data'],
  signal: ['data', 'feature'],
  adversary: ['signal'],
  forecaster: ['signal'],
}

const SUPPLIERS: readonly ChainNode[] = [
  { name: 'registrar', kind: 'registrar', role: 'registrar', suppliers: [] },
  { name: 'data-sky', kind: 'data', role: 'data:precipitation,class', suppliers: [] },
  { name: 'data-air', kind: 'data', role: 'data:temp_max,temp_min,wind', suppliers: [] },
  {
    name: 'feature-persistence',
    kind: 'feature',
    role: 'feature:persistence',
    suppliers: ['data-sky'],
  },
  {
    name: 'feature-rolling',
    kind: 'feature',
    role: 'feature:rolling',
    suppliers: ['data-sky', 'data-air'],
  },
  { name: 'signal-climatology', kind: 'signal', role: 'signal:climatology', suppliers: [] },
  { name: 'signal-markov', kind: 'signal', role: 'signal:markov', suppliers: ['data-sky'] },
  {
    name: 'signal-logistic',
    kind: 'signal',
    role: 'signal:logistic',
    suppliers: ['data-sky', 'data-air', 'feature-persistence', 'feature-rolling'],
  },
]

interface PlannedNode extends ChainNode {
  readonly weight: Prosociality
  readonly model: ModelConfigFile | null
  readonly isAssistant: boolean
}

/** A supply chain of depth three over the real series: who measures, who derives, who models, who pools. */
export function createForecastScenario(options: ForecastScenarioOptions): ForecastScenario {
  const { seed, series, first, dayCount, prosociality, sellers, models } = options
  const signals = SUPPLIERS.filter(({ kind }) => kind === 'signal').map(({ name }) => name)
  // The last forecaster buys one signal less, so that there is somebody to be better than.
  const suppliersOf = (index: number): readonly string[] =>
    index > 0 && index === prosociality.length - 1 ? signals.slice(0, -1) : signals
  const chain: readonly PlannedNode[] = [
    ...SUPPLIERS.map((node) => ({ ...node, ...UNASKED })),
    ...sellers.map((seller) => ({ ...sellerNode(seller, signals), ...UNASKED })),
    ...prosociality.map((weight, index) => ({
      name: `forecaster-${index + 1}`,
      kind: 'forecaster' as const,
      role: 'forecaster',
      suppliers: [...suppliersOf(index), ...sellers.map(nameOf)],
      weight,
      model: models.byNode[index] ?? null,
      isAssistant: models.isAssistant[index] ?? false,
    })),
  ]
  const links = LINKS.filter((kinds) => chain.some(({ kind }) => kinds.includes(kind)))
  const signers = createLocalSigners(seed, chain.length)
  const agentOf = (name: string) =>
    present(signers[chain.findIndex((node) => node.name === name)], 'a supplier is a node').agent
  const thinkMs = models.thinkMs ?? 0
  const genesis = createLocalForecastGenesis({
    seed,
    thinkMs,
    nodes: chain.map(({ name, kind }) => ({
      name,
      lockedMicro: kind === 'forecaster' ? LOCK_MICRO : 0n,
      isOpener: kind === 'registrar',
    })),
  })
  // Whoever is waited for by one with a model leaves it its time.
  const thinkHeights = Math.ceil(thinkMs / genesis.consensus.blockIntervalMs)
  const windowHeights = links.length * LINK_HEIGHTS + thinkHeights
  return {
    genesis,
    nodes: chain.map(({ weight, model, isAssistant, ...node }) => ({
      ...node,
      lambda: weight.lambda,
      model: isAssistant ? 'assistant' : (model?.name ?? null),
    })),
    agents: chain.map(({ kind, role, suppliers, weight, model, isAssistant }) => ({
      policy: UTILITY,
      prosociality: weight,
      ...(model === null ? {} : { model }),
      ...(isAssistant ? { assistant: {} } : {}),
      weather: {
        role,
        series,
        first,
        asks: kind === 'registrar' ? { dayCount, windowHeights } : null,
        suppliers: suppliers.map(agentOf),
        marginHeights:
          links.findIndex((kinds) => kinds.includes(kind)) * LINK_HEIGHTS +
          SEAL_HEIGHTS +
          thinkHeights,
      },
    })),
  }
}

function sellerNode(seller: Seller, signals: readonly string[]): ChainNode {
  const { role, name } = seller
  const suppliers = needsSuppliers(name) ? signals : []
  return { name: nameOf(seller), kind: 'seller', role, suppliers }
}

/** A node's name has no colon. */
function nameOf({ role }: Seller): string {
  return role.replace(':', '-')
}
