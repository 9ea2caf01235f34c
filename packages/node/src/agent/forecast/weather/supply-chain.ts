/** One agent of a supply chain: what it does, and on whose statements it builds. */
export interface WeatherSupply {
  readonly role: string
  /** Roles of its suppliers. */
  readonly suppliers: readonly string[]
}

const MEASURED = ['data:precipitation', 'data:temp_max,temp_min', 'data:wind', 'data:class']
const FEATURES: readonly WeatherSupply[] = [
  { role: 'feature:season', suppliers: [] },
  { role: 'feature:persistence', suppliers: ['data:precipitation', 'data:class'] },
  { role: 'feature:rolling', suppliers: MEASURED.slice(0, 3) },
  { role: 'feature:pressure', suppliers: ['data:temp_max,temp_min', 'data:wind'] },
]
const EVERYTHING = [...MEASURED, ...FEATURES.map(({ role }) => role)]
const SIGNALS: readonly WeatherSupply[] = [
  { role: 'signal:climatology', suppliers: [] },
  { role: 'signal:markov', suppliers: ['data:precipitation', 'data:class'] },
  { role: 'signal:logistic', suppliers: EVERYTHING },
  { role: 'signal:analogue', suppliers: EVERYTHING },
]

/** A whole supply chain of weather, suppliers before those whom they supply. */
export const WEATHER_CHAIN: readonly WeatherSupply[] = [
  ...MEASURED.map((role) => ({ role, suppliers: [] })),
  ...FEATURES,
  ...SIGNALS,
  { role: 'forecaster', suppliers: SIGNALS.map(({ role }) => role) },
]

/** A part of it that is as deep and has half the agents: for a network of few processes. */
export const SHORT_WEATHER_CHAIN: readonly WeatherSupply[] = [
  { role: 'data:precipitation', suppliers: [] },
  { role: 'data:class', suppliers: [] },
  { role: 'feature:persistence', suppliers: ['data:precipitation', 'data:class'] },
  { role: 'signal:climatology', suppliers: [] },
  {
    role: 'signal:logistic',
    suppliers: ['data:precipitation', 'data:class', 'feature:persistence'],
  },
  { role: 'forecaster', suppliers: ['signal:climatology', 'signal:logistic'] },
]
