import { present, scoreQuestion, shareEmission, WHOLE_BPS } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import { reportsOf, type WeatherRow } from './weather-chain.ts'

/** The role that has weight in a chain; all others are paid by what it passes on. */
export const FORECASTER = 'forecaster'

/** What is paid for each question. */
const EMISSION_MICRO = 1_000_000_000n

/** The weights of the forecaster of a chain and of the house, as they move from question to question, and what each brings. */
export class WeatherMarket {
  #weightMicro: bigint
  #houseMicro: bigint

  /** Args  weightMicro  what the forecaster begins with. The house has a tenth of all weight. */
  constructor(weightMicro: bigint) {
    this.#weightMicro = weightMicro
    this.#houseMicro = weightMicro / 9n
  }

  /** Scores a question and shares its emission, as the ledger does. */
  settle(row: WeatherRow): ReturnType<typeof shareEmission>['payments'] {
    const { question, outcome } = row
    const report = reportsOf(row).get(FORECASTER)
    const agent = agentNamed(FORECASTER)
    const scored = scoreQuestion({
      outcomeCount: question.outcomes.length,
      outcomeIndex: outcome,
      snapshotWeightsBps: [WHOLE_BPS],
      house: { weightMicro: this.#houseMicro, reference: question.referenceBps },
      reporters:
        report === undefined ? [] : [{ agent, weightMicro: this.#weightMicro, reports: [report] }],
    })
    this.#houseMicro = present(scored.houseMicro, 'a house that was given is scored')
    this.#weightMicro = scored.reporters[0]?.weightMicro ?? this.#weightMicro
    const earning = {
      source: question.id,
      weight: 1n,
      totalMicro: this.#houseMicro + this.#weightMicro,
      earnings: scored.reporters,
      budgetMaxMicro: null,
    }
    return shareEmission(EMISSION_MICRO, [earning]).payments
  }
}
