/** Games with hidden effort or a hidden state: what contracts reach, what prosocial weights do, and which weight play reveals. */
export { type CanonicalRow, measureCanonical } from './canonical-table.ts'
export { type ClassClaim, measureClassClaims } from './class-claims.ts'
export {
  CONTRACT_COUNT,
  type ContractClass,
  type SearchOptions,
  type SearchResult,
  searchContracts,
} from './contract-search.ts'
export { type EffortFigures, measureEffort } from './effort-figures.ts'
export {
  findBestEquilibrium,
  findPureEquilibria,
  type Setting,
  type Weight,
  weight,
} from './equilibrium.ts'
export {
  baseMatrix,
  EFFORT_NAMES,
  type GameOptions,
  type ScaledGame,
  splitEffort,
} from './hidden-effort.ts'
export { enact, fineLaw, forceBase, type Mechanism, NO_CONTRACT } from './mechanism.ts'
export { type BaseGame, canonicalGame, publishedGames } from './published-games.ts'
export { type QuantalResponse, solveQuantalResponse } from './quantal-response.ts'
export { format, type Rational } from './rational.ts'
export {
  type EstimateOptions,
  estimateWeight,
  isContradicted,
  type RevealedWeight,
  type Scenario,
} from './revealed-weight.ts'
export {
  computeFirstBest,
  type Profile,
  type StageGame,
  stageGamesOf,
  welfareOf,
} from './stage-game.ts'
export {
  equalCostsGame,
  measureFine,
  measureState,
  type StateFigures,
  type StateGame,
  smallestStateGame,
  stagesOf,
} from './state-figures.ts'
export { findSymmetricEquilibria, type MixedEquilibrium } from './symmetric-equilibrium.ts'
export { computeLambdaThreshold } from './threshold.ts'
