import type { Mandate } from '../llm/mandate.ts'

/** What the agent may sign, a line each. */
export function describeMandate(mandate: Mandate | null): readonly string[] {
  if (mandate === null) return ['There is no mandate: whatever a ledger takes is signed.']
  return [
    `A request is at most ${mandate.requestPercentMax} % of the stock, and at least ${mandate.requestPercentMin} % of what the seat may take.`,
    `Under a law that is signed the seat may take, in every case that is tried, at least ${mandate.allotmentPercentMin} % of the mean of all seats, and of a full stock at least ${mandate.harvestPercentMin} % of an equal part of all of it.`,
    `In one turn it gives up at most ${mandate.concessionPercentMax} % of the mean, against its own proposal before.`,
    `It sets aside at most ${mandate.collateralMicroMax} millionths of a token.`,
    `In a game it chooses ${describeActions(mandate.game.actions)}; of one payoff more than its own choice can change in a round it sets aside at most ${mandate.game.depositPercentMax} % for each round, and signs no law that costs it more than ${mandate.game.disadvantagePercentMax} % above the mean, or ${mandate.game.lossPercentMax} % where all do what is best for all.`,
    `A forecast gives each outcome at least ${mandate.forecast.poolPercentMin} % of what the pool of its suppliers gives to it. Of what it earns it passes on ${mandate.forecast.passPercentMin} to ${mandate.forecast.passPercentMax} %, to one supplier at most ${mandate.forecast.supplierPercentMax} %, and ${mandate.forecast.unprovenPercentMax} % to one that is not proven.`,
    'Terms name exactly the seats, cover this run and no more, and a turn that is over signs nothing.',
  ]
}

function describeActions(actions: readonly number[] | null): string {
  return actions === null ? 'any action' : `one of the actions ${actions.join(', ')}`
}
