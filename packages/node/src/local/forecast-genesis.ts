import { type Genesis, present, TOKEN_MICRO } from '@commonweal/protocol'
import {
  createLocalRules,
  createLocalSigners,
  LOCAL_BALANCE_MICRO,
  LOCAL_BOND_MICRO,
} from './genesis.ts'

/** Votes of so many nodes settle blocks; the others follow, and may sit in juries. */
const VALIDATOR_COUNT = 4
const EMISSION_MICRO: bigint = 10n * TOKEN_MICRO
/** The house has a ninth of what the nodes lock: a tenth of all weight at the start. */
const HOUSE_DIVISOR = 9n

/** One node of a local network that forecasts. */
export interface LocalForecastNode {
  readonly name: string
  /** Forecasting weight, in micro-tokens; 0n for one that only hands signals on. */
  readonly lockedMicro: bigint
  /** Whether its questions need no admission. */
  readonly isOpener: boolean
}

export interface LocalForecastGenesisOptions {
  readonly nodes: readonly LocalForecastNode[]
  /** Fixes the keys and all randomness. */
  readonly seed: string
  /** How long an agent may think about one question. [4 s] */
  readonly thinkMs?: number
}

/**
 * The genesis of a forecasting network on one machine. The first four nodes are validators; everybody has a bond, so that
 * there are jurors. Epochs end as soon as they may, a few blocks each: most mint nothing, those with a settled question do.
 */
export function createLocalForecastGenesis({
  nodes,
  seed,
  thinkMs = 0,
}: LocalForecastGenesisOptions): Genesis {
  const agents = createLocalSigners(seed, nodes.length).map((signer) => signer.agent)
  const agentAt = (index: number) => present(agents[index], 'every node has its agent')
  const lockedMicro = nodes.reduce((sum, node) => sum + node.lockedMicro, 0n)
  const rules = createLocalRules(`forecast-${seed}`)
  return {
    ...rules,
    turnHeightsMax: Math.max(
      rules.turnHeightsMax,
      Math.ceil(thinkMs / rules.consensus.blockIntervalMs),
    ),
    consensus: { ...rules.consensus, validatorCountMax: VALIDATOR_COUNT },
    accounts: nodes.map(({ name }, index) => ({
      agent: agentAt(index),
      name,
      balanceMicro: LOCAL_BALANCE_MICRO,
      bondMicro: index < VALIDATOR_COUNT ? 2n * LOCAL_BOND_MICRO : LOCAL_BOND_MICRO,
    })),
    instances: [],
    forecast: {
      schedule: { epochMicro: EMISSION_MICRO, halvingEpochs: 100_000 },
      houseWeightMicro: lockedMicro / HOUSE_DIVISOR,
      openers: nodes.flatMap(({ isOpener }, index) => (isOpener ? [agentAt(index)] : [])),
      locks: nodes.flatMap((node, index) =>
        node.lockedMicro > 0n ? [{ agent: agentAt(index), lockedMicro: node.lockedMicro }] : [],
      ),
      questionCountMax: 1_024,
      questionBondMicro: TOKEN_MICRO,
      statementBondMicro: TOKEN_MICRO,
      revealHeightsMax: 24,
      resolveHeightsMax: 240,
      assertBondMicro: 50n * TOKEN_MICRO,
      disputeEpochs: 2,
      jurySizes: [3, 5, 7],
      juryHeightsMax: 24,
      juryWeightBpsMax: 100,
    },
    signalDigests: [],
  }
}
