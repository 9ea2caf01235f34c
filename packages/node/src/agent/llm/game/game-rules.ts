import {
  actionCountOf,
  baseOf,
  computePairPayoffs,
  type GameParams,
  type HiddenStateGame,
  type MatrixGame,
} from '@commonweal/protocol'
import type { GameSituation } from '../../agent.ts'

/** What actions bring whom, one rule a line. Nothing of who is met where that is drawn, nor of the state of a round. */
export function describeRules({ params, seat, seats }: GameSituation): string {
  const { game } = params
  const lines =
    game.form === 'matrix'
      ? describeMatrix(game, seat, seats.length)
      : describeStates(game, params.language === 'full')
  return lines.map((line) => (line.startsWith('  ') ? line : `- ${line}`)).join('\n')
}

function describeMatrix(game: MatrixGame, seat: number, seatCount: number): readonly string[] {
  if (game.matching === 'beacon') {
    const odd = seatCount % 2 === 1 ? ' One seat meets nobody and gets 0.' : ''
    return [
      `Seats meet in pairs, which are drawn anew in each round after all have chosen: nobody knows whom it will meet.${odd}`,
      ...(game.column === null
        ? describeTable(game, 'row')
        : [
            'In a pair one seat is the first and the other the second, which is drawn too.',
            ...describeTable(game, 'row', 'Where you are the first'),
            ...describeTable(game, 'column', 'Where you are the second'),
          ]),
    ]
  }
  const partner = seat % 2 === 0 ? seat + 1 : seat - 1
  if (partner >= seatCount)
    return ['Seats meet in pairs, always the same. You meet nobody, and get 0.']
  return [
    `Seats meet in pairs, always the same: 0 and 1, 2 and 3, and so on. You meet seat ${partner}.`,
    ...describeTable(game, seat < partner ? 'row' : 'column'),
  ]
}

/** One line an action of one's own: what each action of the other brings both. */
function describeTable(
  game: MatrixGame,
  side: 'row' | 'column',
  where = 'By your own action and the other’s',
): readonly string[] {
  const actions = game.row.map((_, action) => action)
  const pay = (own: number, other: number): string => {
    const [first, second] =
      side === 'row' ? computePairPayoffs(game, own, other) : computePairPayoffs(game, other, own)
    return side === 'row' ? `${first} / ${second}` : `${second} / ${first}`
  }
  return [
    `${where}, units for you / for the other:`,
    ...actions.map((own) => {
      const cells = actions.map((other) => `against ${other}: ${pay(own, other)}`)
      return `  you play ${own}: ${cells.join(', ')}`
    }),
  ]
}

function describeStates(game: HiddenStateGame, isNamed: boolean): readonly string[] {
  const { chancePercent, costs, benefit, harm } = game
  const reach = isNamed
    ? 'Contracts can name it only when the round settles.'
    : 'No contract can name it.'
  return [
    `Each round has a state, 1 or 0, drawn anew; it is 1 with a chance of ${chancePercent} %. All seats are told it before they choose. ${reach}`,
    `There are two actions, 0 and 1. In state 1, playing 1 ${describeCost(costs[1])} and brings ${countUnits(benefit)} to each other seat.`,
    harm === 0
      ? `In state 0, playing 1 ${describeCost(costs[0])} and changes nothing for the others.`
      : `In state 0, playing 1 ${describeCost(costs[0])} and takes ${countUnits(harm)} from each other seat.`,
    'Playing 0 costs nothing and brings nothing.',
  ]
}

function describeCost(cost: number): string {
  return cost < 0 ? `brings you ${countUnits(-cost)}` : `costs you ${countUnits(cost)}`
}

function countUnits(count: number): string {
  return count === 1 ? '1 unit' : `${count} units`
}

/** What contracts can tell apart. */
export function describeSight(params: GameParams): string {
  const actions = Array.from({ length: actionCountOf(params) }, (_, action) => action)
  const bases = Map.groupBy(actions, (action) => baseOf(params, action))
  const cells = [...bases].map(
    ([base, members]) => `base action ${base} is ${members.join(' or ')}`,
  )
  const own = 'What a contract takes from a seat can depend on that seat’s own action alone.'
  if (params.language === 'full') {
    return 'Contracts can see the actions themselves, and change them before they count.'
  }
  const reach = params.language === 'own-action' ? ` ${own}` : ''
  if (bases.size === actions.length)
    return `Contracts can see every action; they can charge for it.${reach}`
  return `Contracts see only the base action of a seat: ${cells.join('; ')}. Seats see the actions themselves.${reach}`
}
