/** The agents and their desks: what the bench plays with, without the network stack of a node. */

export { createClock } from '../clock.ts'
export type { ForecastFault } from '../forecast/agent-calls.ts'
export { ForecastDesk } from '../forecast/forecast-desk.ts'
export { OpenerDesk } from '../forecast/opener-desk.ts'
export type { SignalFrame } from '../forecast/signal-frame.ts'
export { inTime } from '../in-time.ts'
export type { EventQuery, StoredEvent } from '../ports.ts'
export { createNegotiationSituation, createSituation } from '../situation.ts'
export {
  createForecastAdversary,
  type ForecastAdversary,
  forecastAdversaries,
  needsSuppliers,
} from './adversary/forecast/role.ts'
export {
  ADVERSARIES_BY_LAYER,
  ADVERSARY_FORMS,
  ADVERSARY_NAMES,
  isAdversary,
  isRingAdversary,
} from './adversary/policy.ts'
export { idealThetas, preferenceOfTheta } from './adversary/preference.ts'
export { TEXT_ATTACK_NAMES, type TextAttackName } from './adversary/text/text-attack.ts'
export type {
  Agent,
  Answer,
  CommonsNegotiation,
  CommonsSituation,
  GameNegotiation,
  GameSituation,
  LawInForce,
  Move,
  Negotiation,
  NegotiationSituation,
  SeatView,
  Situation,
  Standing,
  Turn,
} from './agent.ts'
export { type AgentOptions, createAgent } from './create-agent.ts'
export type {
  Customer,
  Forecaster,
  ForecastSituation,
  OpenQuestion,
  SettledQuestion,
  Signal,
} from './forecast/forecaster.ts'
export type { HeardQuestion, HeardSignal } from './forecast/heard-question.ts'
export { computePool } from './forecast/log-pool.ts'
export { weightOf } from './forecast/online-weights.ts'
export { computePayShares } from './forecast/pay-shares.ts'
export { KEEP_BPS_DEFAULT, type PayTerms, toPayStreams } from './forecast/pay-streams.ts'
export { createPoolingForecaster, type PoolingOptions } from './forecast/pooling-forecaster.ts'
export { type CreditMethodName, creditMethods } from './forecast/rival-credit.ts'
export { type WeightRuleName, weightRules } from './forecast/rival-weights.ts'
export { SERVING_TERMS_DEFAULT, type ServingTerms, servesCustomer } from './forecast/serving.ts'
export { toStreamShares } from './forecast/stream-shares.ts'
export { emptyBook, type SupplierBook, stepBook } from './forecast/supplier-book.ts'
export { probabilitiesOf, toReport } from './forecast/to-report.ts'
export {
  createWeatherForecaster,
  LYING_ASSERTER_ROLE,
  parseWeatherRole,
  WEATHER_ROLE_FORMS,
  type WeatherAgentOptions,
  type WeatherRole,
} from './forecast/weather/roles.ts'
export { WEATHER_SERVING } from './forecast/weather/serving-terms.ts'
export {
  SHORT_WEATHER_CHAIN,
  WEATHER_CHAIN,
  type WeatherSupply,
} from './forecast/weather/supply-chain.ts'
export {
  formatTopic,
  parseTopic,
  WEATHER_KINDS,
  WEATHER_OUTCOMES,
  type WeatherKind,
  type WeatherTopic,
} from './forecast/weather/topic.ts'
export { isDate, shiftDate, type WeatherDay } from './forecast/weather/weather-day.ts'
export { loadWeatherDays } from './forecast/weather/weather-file.ts'
export { createWeatherPart, REGISTRAR_ROLE } from './forecast/weather/weather-part.ts'
export {
  createWeatherQuestions,
  type UndatedQuestion,
  type WeatherQuestionPlan,
  weatherRecords,
} from './forecast/weather/weather-questions.ts'
export { type Derive, knownDraws, secretDraws } from './game/draw.ts'
export { type ActionValues, type MixedStrategy, solveLogit } from './game/logit.ts'
export { languageOf } from './language-of.ts'
export {
  CASSETTE_MODES,
  Cassette,
  type CassetteMode,
  type ChatOutcome,
  formatHeading,
  type Tape,
} from './llm/cassette.ts'
export { type ChatRequest, estimatePromptTokens } from './llm/chat-model.ts'
export { createModelAgent } from './llm/create-model-agent.ts'
export { findEndpoint, MODEL_NAME_FORMS, parseModelName } from './llm/endpoint.ts'
export type { LanguageModelParts } from './llm/language-model.ts'
export {
  type ModelConfig,
  type ModelConfigFile,
  modelConfigSchema,
} from './llm/model-config.ts'
export { ModelFailure, type ModelFailureCode } from './llm/model-failure.ts'
export type { ModelUsage } from './llm/model-usage.ts'
export type { Amount, Purse } from './llm/spending.ts'
export { isPluginPath, loadPlugin, PLUGIN_FORMS } from './plugin/load-plugin.ts'
export type {
  AgentPluginOptions,
  ForecasterPluginOptions,
  Plugin,
  PluginDoor,
} from './plugin/plugin.ts'
export { createPluginAgent } from './plugin/plugin-agent.ts'
export { DIGEST_FORM, type PluginConfigFile } from './plugin/plugin-config.ts'
export { PluginError } from './plugin/plugin-error.ts'
export { createPluginForecaster } from './plugin/plugin-forecaster.ts'
export { PluginWatch } from './plugin/plugin-watch.ts'
export {
  computeThreshold,
  isProsocialEnough,
  type Prosociality,
  type ProsocialityCode,
  parseProsociality,
  prosocialityOfAlpha,
  prosocialityOfLambda,
  prosocialityOfTheta,
  type SvoClass,
  svoClassOf,
  weigh,
} from './prosocial.ts'
export { composeTerms, computeConcession } from './utility/bargaining.ts'
export { capLaw } from './utility/candidate.ts'
export {
  computeRequest,
  formatPolicy,
  type HarvestPolicy,
  isHarvestPolicy,
  POLICY_FORMS,
  type Policy,
  parsePolicy,
  RATE_PERCENT_DEFAULT,
} from './utility/policy.ts'
