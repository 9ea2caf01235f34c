/** Measurements of the forecasting rules, their rivals and attacks, and resolved questions from files. */

export { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
export { measureSellers, type SellerOptions, type SellerPay } from './adversary-market.ts'
export {
  type BribeResult,
  type Bribery,
  briberies,
  measureBribedJury,
} from './attack/bribed-jury.ts'
export { measureLockChurn } from './attack/lock-churn.ts'
export { type Liar, type LieResult, liars, measureLiar } from './attack/lying-asserter.ts'
export {
  type BuyerOptions,
  measureNonPayingBuyer,
  type NonPayingGain,
} from './attack/non-paying-buyer.ts'
export { scoreAttacks } from './attacks.ts'
export { type MarketOptions, type MarketPay, measureCreditMarket } from './credit-market.ts'
export { formatCsv } from './csv.ts'
export { type Attack, type Gain, type GainOptions, honest, measureGain } from './gain.ts'
export {
  FORECAST_FIELDS,
  type Forecast,
  type ImportCode,
  type ImportedQuestions,
  type ImportFault,
  type ImportResult,
  importQuestions,
  QUESTION_FIELDS,
  type ResolvedQuestion,
} from './import-questions.ts'
export { countLate } from './last-reports.ts'
export { MARKET_EVENT_KINDS, type MarketEvent } from './market-reader.ts'
export { type ForecastScore, type MeanScore, meanScore, scoreForecast } from './pool-score.ts'
export {
  byClosing,
  byOpening,
  type Replication,
  type ReplicationOptions,
  replicate,
  type Standing,
  scoreOfLast,
} from './replication.ts'
export { type PayRule, type PaySituation, payRules } from './rivals.ts'
export { countRoles, MARKET_ROLE, type RoleCount } from './roles.ts'
export { type ForecastSpeed, measureForecastSpeed } from './speed.ts'
export { binaryReport, toReport } from './to-report.ts'
export { toldMarketEventSchema } from './told-market-event.ts'
export {
  BELIEF_DEFAULT,
  type BeliefSituation,
  expectedPay,
  measureTruthfulness,
  type OptimalReport,
} from './truthfulness.ts'
export { BASELINES, type Baseline, baselineReport } from './weather-baselines.ts'
export { playWeatherChain } from './weather-chain.ts'
export { SEATTLE_WEATHER, type WeatherChainPlan } from './weather-network.ts'
export type { WeatherRow } from './weather-row.ts'
export {
  measureWeatherSkill,
  WEATHER_PLAN,
  type WeatherScore,
  type WeatherSkill,
  type WeatherSkillPlan,
} from './weather-skill.ts'
