import { type EffortFigures, measureEffort } from '../../games/effort-figures.ts'
import { splitEffort } from '../../games/hidden-effort.ts'
import { enact, fineLaw } from '../../games/mechanism.ts'
import { type BaseGame, publishedGames } from '../../games/published-games.ts'
import { format, rational } from '../../games/rational.ts'
import { type StageGame, stageGamesOf } from '../../games/stage-game.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'games'

/** The 60 published games with hidden effort. */
export const gamesSection: PaperSection = {
  name: NAME,
  title: 'Sixty games with hidden effort',
  text: [
    'Each action of a 2×2 game (R, S, T, P) is split into high and low effort, of which a contract sees nothing. Listed are the pure equilibria of selfish players, the only profile of greatest welfare, the gap between it and both defecting, what is lost at the best pure and at the symmetric mixed equilibrium when a contract leaves cooperation alone (η and 2ε), the chance of high effort in the latter, and the threshold λ* with effort hidden and in the 2×2 game itself.',
    'All in exact arithmetic. Each game is measured twice: with cooperation forced, and with a fine on defection as the ledger would carry it out. Both must agree.',
  ],
  measure() {
    return { rows: publishedGames.map(judgeGame) }
  },
}

function judgeGame(base: BaseGame, index: number): VerdictRow {
  const { family, R, S, T, P } = base
  const forced = inWords(measureEffort(base))
  const fined = inWords(measureEffort(base, ({ params }) => fineOnDefection(base, params)))
  return judge(NAME, {
    id: `games/${index + 1}`,
    what: `${family === 'stag-hunt' ? 'Stag Hunt' : "Prisoner's Dilemma"} (${[R, S, T, P].join(', ').replaceAll('-', '−')})`,
    expected: expectedWords(base),
    got: forced === fined ? forced : `forced: ${forced} · fined: ${fined}`,
  })
}

function expectedWords({ family, R, S, T, P }: BaseGame): string {
  const isHunt = family === 'stag-hunt'
  return join({
    equilibria: isHunt ? ['CH,CL', 'CL,CH', 'DH,DH'] : ['DH,DH'],
    optima: ['CH,CH'],
    gap: format(rational(2 * (R - P))),
    pure: format(rational(R - P, 12)),
    mixed: format(rational(R - P, 3)),
    high: '1/3',
    threshold: '2',
    baseThreshold: isHunt ? '0' : format(rational(T - R, 2 * R - S - T)),
  })
}

function inWords(figures: EffortFigures): string {
  const { equilibria, optima, gap, contractLoss, contractLossMixed, highChance } = figures
  return join({
    equilibria: equilibria.toSorted(),
    optima,
    gap: format(gap),
    pure: format(contractLoss),
    mixed: format(contractLossMixed),
    high: format(highChance),
    threshold: figures.threshold === null ? 'none' : format(figures.threshold),
    baseThreshold: figures.baseThreshold === null ? 'none' : format(figures.baseThreshold),
  })
}

interface Words {
  readonly equilibria: readonly string[]
  readonly optima: readonly string[]
  readonly gap: string
  readonly pure: string
  readonly mixed: string
  readonly high: string
  readonly threshold: string
  readonly baseThreshold: string
}

function join(words: Words): string {
  const list = (profiles: readonly string[]): string =>
    profiles.map((profile) => `(${profile})`).join(' ')
  return [
    `${list(words.equilibria)}; best ${list(words.optima)}`,
    `gap ${words.gap}, η ${words.pure}, 2ε ${words.mixed}`,
    `high ${words.high}, λ* ${words.threshold}, 2×2 ${words.baseThreshold}`,
  ].join('; ')
}

/** More than any seat gains by defecting from cooperation. */
function fineOnDefection(base: BaseGame, params: StageGame['params']): ReturnType<typeof enact> {
  const stages = stageGamesOf(splitEffort(base, { language: 'own-action' }).params)
  const amount = String(720n * params.unitMicro)
  return enact(stages, fineLaw('base == 1', amount), 'a fine on defection')
}
