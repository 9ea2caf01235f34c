import { basename } from 'node:path'
import {
  type ForecastAdversary,
  LYING_ASSERTER_ROLE,
  needsSuppliers,
  type Prosociality,
  type parseWeatherRole,
} from '@commonweal/node/agent'
import { createLocalWeather, type LocalAgent, type LocalWeatherNode } from '@commonweal/node/local'
import type { Genesis } from '@commonweal/protocol'
import type { Models } from '../model-options.ts'

/** What a node does in the supply chain of the weather. */
export type ChainRole =
  | 'registrar'
  | 'data'
  | 'feature'
  | 'signal'
  | 'seller'
  | 'forecaster'
  | 'liar'

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
    /** The model that decides for it, `assistant`, or the name of a file; null where none does. */
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
  readonly resolution: ForecastResolution
}

/** Who answers questions: the series; whoever bonds for what it has seen; the same with somebody who bonds for what is false. */
export const RESOLUTIONS = ['record', 'assertion', 'disputed'] as const
export type ForecastResolution = (typeof RESOLUTIONS)[number]

/** An adversary: `noise-seller`, or `noise-seller:2` for one more of the kind. */
export interface Seller {
  readonly role: string
  readonly name: ForecastAdversary
}

const SELFISH: Prosociality = { lambda: 0, alpha: 0, thetaDeg: 0 }

/** Whose signals a newcomer of each kind asks for: accounts whose names begin so. */
export const SUPPLIER_KINDS: Readonly<
  Record<ReturnType<typeof parseWeatherRole>['kind'], readonly ChainRole[]>
> = {
  data: [],
  feature: ['data'],
  signal: ['data', 'feature'],
  adversary: ['signal'],
  'lying-asserter': [],
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

const LIAR: ChainNode = { name: 'liar', kind: 'liar', role: LYING_ASSERTER_ROLE, suppliers: [] }

/** A supply chain of depth three over the real series: who measures, who derives, who models, who pools. */
export function createForecastScenario(options: ForecastScenarioOptions): ForecastScenario {
  const { seed, series, first, dayCount, prosociality, sellers, models, resolution } = options
  const signals = SUPPLIERS.filter(({ kind }) => kind === 'signal').map(({ name }) => name)
  // The last forecaster buys one signal less, so that there is somebody to be better than.
  const suppliersOf = (index: number): readonly string[] =>
    index > 0 && index === prosociality.length - 1 ? signals.slice(0, -1) : signals
  const chain: readonly (ChainNode & LocalWeatherNode)[] = [
    ...SUPPLIERS.map((node) => ({ ...node, prosociality: SELFISH })),
    ...sellers.map((seller) => ({ ...sellerNode(seller, signals), prosociality: SELFISH })),
    ...prosociality.map((weight, index) => ({
      name: `forecaster-${index + 1}`,
      kind: 'forecaster' as const,
      role: 'forecaster',
      suppliers: [...suppliersOf(index), ...sellers.map(nameOf)],
      prosociality: weight,
      decider: deciderOf(models, index),
    })),
    ...(resolution === 'disputed' ? [{ ...LIAR, prosociality: SELFISH }] : []),
  ]
  const thinkMs = models.thinkMs ?? 0
  return {
    ...createLocalWeather({
      seed,
      series,
      first,
      dayCount,
      thinkMs,
      nodes: chain,
      resolution: resolution === 'record' ? 'record' : 'assertion',
    }),
    nodes: chain.map(({ prosociality: { lambda }, decider = {}, ...node }) => ({
      ...node,
      lambda,
      model: nameDecider(decider),
    })),
  }
}

function nameDecider({ model, assistant, plugin }: Decider): string | null {
  if (assistant !== undefined) return 'assistant'
  return plugin === undefined ? (model?.name ?? null) : basename(plugin.path)
}

function deciderOf({ byNode, isAssistant, plugins }: Models, index: number): Decider {
  const model = byNode[index] ?? null
  const plugin = plugins[index] ?? null
  return {
    ...(model === null ? {} : { model }),
    ...(isAssistant[index] === true ? { assistant: {} } : {}),
    ...(plugin === null ? {} : { plugin }),
  }
}

type Decider = NonNullable<LocalWeatherNode['decider']>

function sellerNode(seller: Seller, signals: readonly string[]): ChainNode {
  const { role, name } = seller
  const suppliers = needsSuppliers(name) ? signals : []
  return { name: nameOf(seller), kind: 'seller', role, suppliers }
}

/** A node's name has no colon. */
function nameOf({ role }: Seller): string {
  return role.replace(':', '-')
}
