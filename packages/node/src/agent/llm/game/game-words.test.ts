import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GameRow } from '@commonweal/protocol'
import type { GameSituation } from '../../agent.ts'
import { prosocialityOfLambda } from '../../prosocial.ts'
import type { Telling } from '../commons-words.ts'
import { describeTermsFor } from '../terms-words.ts'
import { describeAct, describeLanguage, describeNegotiation, describeRole } from './game-words.ts'
import { DILEMMA, fine, gameOf, heard, STATES, withDeposit } from './test-game.ts'

function telling(change: Partial<Telling> = {}): Telling {
  const prosociality = prosocialityOfLambda(1)
  assert.ok(prosociality.ok)
  return {
    prosociality: prosociality.value,
    memoryTokensMax: 500,
    showsHorizon: true,
    ...change,
  }
}

function rulesOf(situation: GameSituation): string {
  return describeRole(situation, telling())['rules'] ?? ''
}

const row: GameRow = {
  round: 1,
  actions: [2, 0],
  enforced: [2, 0],
  absent: [false, false],
  partners: [1, 0],
  payoffs: [18, -8],
  bases: [1, 0],
  state: null,
  status: 'open',
}

describe('the rules of a game in words', () => {
  it('say what each pair of actions brings both, from the own side', () => {
    const rules = rulesOf(gameOf())
    assert.match(rules, /You meet seat 0\./)
    assert.match(
      rules,
      / {2}you play 2: against 0: 18 \/ -8, against 1: 18 \/ -12, against 2: -2 \/ -2, against 3: 0 \/ -4/,
    )
  })

  it('say both sides where a seat may be drawn to either, and only its own where it cannot', () => {
    const game = { form: 'matrix', row: [[1, 2], [3, 4]], column: [[5, 6], [7, 8]] } // biome-ignore format: two by two
    const drawn = rulesOf(gameOf({ params: { game }, seatCount: 3 }))
    assert.match(drawn, /drawn anew .* One seat meets nobody and gets 0\./)
    assert.match(drawn, /first, units.*\n {2}you play 0: against 0: 1 \/ 5, against 1: 2 \/ 6/)
    assert.match(drawn, /second, units.*\n {2}you play 0: against 0: 5 \/ 1, against 1: 7 \/ 3/)
    const fixed = rulesOf(gameOf({ params: { game: { ...game, matching: 'fixed' } } }))
    assert.match(fixed, /you play 0: against 0: 5 \/ 1, against 1: 7 \/ 3/)
    assert.doesNotMatch(fixed, /1 \/ 5/)
    const params = { game: { ...game, matching: 'fixed' } }
    assert.match(rulesOf(gameOf({ params, seatCount: 3, seat: 2 })), /You meet nobody, and get 0/)
  })

  it('say what a state does, and who is told it', () => {
    const rules = rulesOf(gameOf({ params: { game: { ...STATES, harm: 3, costs: [-1, 2] } } }))
    assert.match(rules, /1 with a chance of 50 %\. All seats are told it before they choose/)
    assert.match(rules, /state 1, playing 1 costs you 2 units and brings 5 units to each other/)
    assert.match(rules, /state 0, playing 1 brings you 1 unit and takes 3 units from each other/)
    assert.match(rulesOf(gameOf({ params: { game: STATES } })), /changes nothing for the others/)
  })

  it('say what contracts can see', () => {
    const sight = (params: object): string =>
      describeRole(gameOf({ params }), telling())['contracts'] ?? ''
    assert.match(sight({}), /base action 0 is 0 or 1; base action 1 is 2 or 3.*own action alone/)
    assert.doesNotMatch(sight({ language: 'base-actions' }), /own action alone/)
    assert.match(sight({ language: 'full' }), /see the actions themselves, and change them/)
    assert.match(sight({ game: { ...DILEMMA, cells: null } }), /can see every action/)
    const states = { game: STATES, language: 'own-action' }
    assert.match(rulesOf(gameOf({ params: states })), /No contract can name it/)
    assert.match(
      rulesOf(gameOf({ params: { game: STATES, language: 'full' } })),
      /only when the round settles/,
    )
  })

  it('say how many rounds there are only where that is shown', () => {
    const say = (showsHorizon: boolean): string | undefined =>
      describeRole(gameOf(), telling({ showsHorizon }))['horizon']
    assert.equal(say(true), 'There are 4 rounds.')
    assert.equal(say(false), 'Nobody tells you how many rounds there are.')
  })
})

describe('a round of a game in words', () => {
  it('has the state for those who act, and not for those who negotiate', () => {
    const situation = gameOf({ params: { game: STATES }, signalState: 1 })
    assert.equal(
      describeAct(situation, telling(), [0, 1])['signal'],
      'The state of this round is 1.',
    )
    const said = JSON.stringify(describeNegotiation(situation, telling(), 0n))
    assert.doesNotMatch(said, /state of this round/)
  })

  it('has past rounds as the seat saw them, absences and what a contract changed', () => {
    const say = (change: Partial<GameRow>): string =>
      describeAct(gameOf({ history: [{ ...row, ...change }] }), telling(), [0])['memory'] ?? ''
    assert.equal(say({}), '- round 1: actions by seat 2 0, you met seat 0, units by seat 18 -8')
    assert.equal(
      say({ enforced: [0, 0], absent: [false, true] }),
      '- round 1: actions by seat 2 -, which the contract made 0 0, you met seat 0, units by seat 18 -8',
    )
    assert.equal(
      say({ state: 0, partners: [0, 1] }),
      '- round 1: state 0, actions by seat 2 0, units by seat 18 -8',
    )
  })

  it('has what is set aside for each round, so that no sum tells how many are left', () => {
    const situation = gameOf()
    const terms = withDeposit(situation, fine('base != 0', 13_000_000), 4n * 13_000_000n)
    assert.equal(
      describeTermsFor(situation, terms, 'seat 0'),
      [
        '- clause 0: each seat for which base is not 0 is fined 13 tokens',
        '- seat 0 sets aside 13000000 millionths of a token for each round',
        '- seat 1 sets aside 13000000 millionths of a token for each round',
      ].join('\n'),
    )
  })

  it('has the form of a proposal, with the limit of the deposit', () => {
    const situation = heard(gameOf(), withDeposit(gameOf(), fine('base != 0', 5), 4n))
    const values = describeNegotiation(situation, telling(), 13n)
    assert.match(values['howToPropose'] ?? '', /for each round, 0 to 13\./)
    const words = describeNegotiation({ ...situation, contract: 'text' }, telling(), 13n)
    assert.match(words['howToPropose'] ?? '', /^Give `words`/)
    assert.equal(words['language'], '')
  })

  it('names what clauses may name, and the primitives that the language admits', () => {
    const own = describeLanguage(gameOf())
    assert.match(own, /may name round, base, self, n\./)
    assert.doesNotMatch(own, /settlement|transfer|override|bases\[self\]/)
    const full = describeLanguage(gameOf({ params: { language: 'full' } }))
    assert.match(full, /override: the action becomes/)
    assert.match(full, /Lists are by seat: bases\[self\]/)
  })
})
