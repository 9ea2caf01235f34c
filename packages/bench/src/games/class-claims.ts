import { capContracts } from '../commons/cap-contracts.ts'
import {
  measurePrivateSignal,
  PRIVATE_SIGNAL_SEATS,
  privateSignalParams,
} from '../commons/private-signal.ts'
import { createRenewal } from '../commons/renewal.ts'
import { measureCanonical } from './canonical-table.ts'
import { chargeContracts } from './charge-contracts.ts'
import { CONTRACT_COUNT, type SearchResult, searchContracts } from './contract-search.ts'
import { computeEffortBound } from './effort-bound.ts'
import { onlyStage } from './effort-figures.ts'
import { splitEffort } from './hidden-effort.ts'
import { canonicalGame } from './published-games.ts'
import { toNumber } from './rational.ts'
import { computeFirstBest, stageGamesOf } from './stage-game.ts'
import { measureState, smallestStateGame, stagesOf } from './state-figures.ts'

/** That selfish seats lose welfare under every contract of a class, in one round (a game) or one run (the commons). */
export interface ClassClaim {
  readonly scenario: 'hidden effort' | 'hidden state' | 'commons with a private signal'
  /** The language that a contract of the class is written in. */
  readonly language: 'own-action' | 'base-actions' | 'stock-cap'
  readonly firstBest: number
  /** What no contract of the class exceeds, worked out without a search. */
  readonly bound: number
  readonly search: SearchResult
  /** A contract outside the class, and what it reaches. */
  readonly control: { readonly contract: string; readonly welfare: number }
}

/**
 * The claims, each with a search for a contract that would refute it.
 *
 * Of the commons the claim is about seats that take all that a cap leaves them; seats that look ahead do better, see
 * `measurePrivateSignal`.
 */
export function measureClassClaims(
  seed: string,
  contractCount: number = CONTRACT_COUNT,
): readonly ClassClaim[] {
  const options = (name: string) => ({ seed: `${seed}/${name}`, contractCount })
  return [
    claimEffort('own-action', options('effort/own-action')),
    claimEffort('base-actions', options('effort/base-actions')),
    claimState(options('state/own-action')),
    claimCommons(options('commons/stock-cap')),
  ]
}

interface Options {
  readonly seed: string
  readonly contractCount: number
}

function claimEffort(language: 'own-action' | 'base-actions', options: Options): ClassClaim {
  const stages = stageGamesOf(splitEffort(canonicalGame, { language }).params)
  const stage = onlyStage(stages)
  const contracts = chargeContracts({ stages, baseNames: ['C', 'D'], unitsMax: 40 })
  const seen = measureCanonical().find(({ setting }) => setting.startsWith('effort observable'))
  return {
    scenario: 'hidden effort',
    language,
    firstBest: computeFirstBest(stage).welfare,
    bound: computeEffortBound(stage),
    search: searchContracts(contracts, options),
    control: {
      contract: 'a fine of 3 on low effort, which the language `full` can name',
      welfare: Number(seen?.welfare),
    },
  }
}

function claimState(options: Options): ClassClaim {
  const figures = measureState(smallestStateGame)
  const stages = stagesOf(smallestStateGame, 'own-action')
  const contracts = chargeContracts({ stages, baseNames: ['x = 0', 'x = 1'], unitsMax: 6 })
  return {
    scenario: 'hidden state',
    language: 'own-action',
    firstBest: toNumber(figures.firstBest),
    bound: toNumber(figures.bestContract),
    search: searchContracts(contracts, options),
    control: {
      contract: 'a fine of 3 on acting unlike the other, in the language `base-actions`',
      welfare: toNumber(figures.mismatchFine),
    },
  }
}

function claimCommons(options: Options): ClassClaim {
  const figures = measurePrivateSignal()
  const renewal = createRenewal(privateSignalParams(), PRIVATE_SIGNAL_SEATS)
  return {
    scenario: 'commons with a private signal',
    language: 'stock-cap',
    firstBest: figures.informed,
    bound: figures.bestCap,
    search: searchContracts(capContracts(renewal), options),
    control: {
      contract:
        'catches pooled and shared alike, in the language `full`: everybody wants what is best for all',
      welfare: figures.informed,
    },
  }
}
