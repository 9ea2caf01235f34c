import type { CommonsParams, Law } from '@commonweal/protocol'

/**
 * Everybody harvests what the median request is, so that nobody's own request moves it where the others agree.
 *
 * The language has no median, so each seat's request is taken for it in turn: five times those below and those above is a place
 * in a list, and at a median there are at most two of either.
 */
export function medianLaw(): Law {
  const isMedian = '[1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]'
  const around = (own: string): string => `q < ${own} ? 5 : (q > ${own} ? 1 : 0)`
  return {
    clauses: FIVE.map((seat) => ({
      at: 'submission',
      when: `${isMedian}[sum(requests.map(q, ${around(`requests[${seat}]`)}))] == 1`,
      then: { primitive: 'override', action: `requests[${seat}]` },
    })),
  }
}

/** What is caught is pooled: everybody pays each of the others a fifth of its catch. */
export function poolLaw({ unitMicro }: CommonsParams): Law {
  const fifth = `catches[self] * ${unitMicro / 5n}`
  return {
    clauses: FIVE.map((to) => ({
      at: 'settlement',
      when: `self != ${to}`,
      then: { primitive: 'transfer', to: String(to), amount: fifth },
    })),
  }
}

const FIVE = [0, 1, 2, 3, 4]
