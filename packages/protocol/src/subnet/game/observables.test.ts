import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assert as checkProperty, constantFrom, property, tuple } from 'fast-check'
import { digestOf } from '../../codec/digest.ts'
import { checkLaw } from '../../contract/law.ts'
import type { Clause, Primitive } from '../../contract/terms.ts'
import { game } from './game.ts'
import type { GameLanguage, GameParams } from './params.ts'

const LANGUAGES: readonly GameLanguage[] = ['own-action', 'base-actions', 'full']
const MATRIX = {
  form: 'matrix',
  row: [
    [10, 7, -8, -8],
    [12, 6, -12, -12],
    [18, 18, -2, 0],
    [16, 16, -4, -6],
  ],
  cells: [0, 0, 1, 1],
  matching: 'fixed',
}

function paramsOf(language: GameLanguage, form: object = MATRIX): GameParams {
  return game.paramsSchema.parse({ game: form, language })
}

/** What laws see of a round in which seats play these actions. */
function viewsOf(
  params: GameParams,
  actions: readonly number[],
  signal: Uint8Array,
): readonly [submission: ReturnType<typeof game.viewSubmission>, settlement: unknown] {
  const state = game.start(params, actions.length)
  const seats = actions.map((action) => ({ action: BigInt(action), absent: false }))
  const played = seats.map((seat) => ({ ...seat, enforced: seat.action }))
  const randomness = { beacon: digestOf(Uint8Array.of(1)), signal: digestOf(signal) }
  const outcome = game.play(params, state, played, randomness)
  const { state: next } = game.advance(params, state, outcome, randomness)
  const settlement = game.viewSettlement(params, state, seats, outcome, next)
  return [game.viewSubmission(params, state, seats), settlement]
}

function isAdmitted(language: GameLanguage, clause: Partial<Clause>, form?: object): boolean {
  const then: Primitive = { primitive: 'sanction', amount: '1' }
  const whole: Clause = { at: 'submission', when: 'true', then, ...clause }
  return checkLaw({ clauses: [whole] }, game.language(paramsOf(language, form), 2)).ok
}

describe('the languages of a game', () => {
  it('declare exactly what a law is shown', () => {
    for (const form of [MATRIX, { form: 'hidden-state' }]) {
      for (const language of LANGUAGES) {
        const params = paramsOf(language, form)
        const declared = game.language(params, 2)
        const [before, after] = viewsOf(params, [1, 0], Uint8Array.of(1))
        for (const [view, names] of [
          [before, declared.submission],
          [after as typeof before, declared.settlement],
        ] as const) {
          const shown = [view.common, view.bySeat, view.own[0] ?? {}].flatMap(Object.keys)
          assert.deepEqual(shown.toSorted(), Object.keys(names).toSorted())
        }
      }
    }
  })

  it('show the same view of two rounds that differ in effort alone, but for the full one', () => {
    const cell = constantFrom([0, 1], [2, 3])
    checkProperty(
      property(tuple(cell, cell), constantFrom(...LANGUAGES), ([first, second], language) => {
        const params = paramsOf(language)
        const high = viewsOf(params, [first[0] ?? 0, second[0] ?? 0], Uint8Array.of(1))
        const low = viewsOf(params, [first[1] ?? 0, second[1] ?? 0], Uint8Array.of(1))
        if (language === 'full') assert.notDeepEqual(high, low)
        else assert.deepEqual(high, low)
      }),
    )
  })

  it('show the same view of two states, but for the full one', () => {
    for (const language of LANGUAGES) {
      const params = paramsOf(language, { form: 'hidden-state' })
      const views = Array.from({ length: 20 }, (_, seed) =>
        viewsOf(params, [1, 0], Uint8Array.of(seed)),
      )
      const distinct = new Set(views.map((view) => JSON.stringify(view, textOf)))
      assert.equal(distinct.size, language === 'full' ? 2 : 1)
    }
  })

  it('let a charge on a seat depend on its own base action, and on nothing else, under own-action', () => {
    assert.ok(isAdmitted('own-action', { when: 'base == 1 && self == 0 && round < 3' }))
    for (const when of [
      'bases[0] == 1',
      'absent[0] == 1',
      'violations > 0',
      'pool > 0',
      'actions[self] == 1',
    ]) {
      assert.ok(!isAdmitted('own-action', { when }), when)
    }
    assert.ok(!isAdmitted('own-action', { at: 'settlement', when: 'base == 1' }))
    assert.ok(!isAdmitted('own-action', { then: { primitive: 'transfer', to: '0', amount: '1' } }))
  })

  it('let any rule on base actions be made under base-actions, and none on what they hide', () => {
    assert.ok(isAdmitted('base-actions', { when: 'bases[0] != bases[1]' }))
    assert.ok(
      isAdmitted('base-actions', { at: 'settlement', when: 'bases[self] != bases[partner]' }),
    )
    const transfer: Primitive = { primitive: 'transfer', to: '1 - self', amount: '1' }
    assert.ok(isAdmitted('base-actions', { then: transfer }))
    assert.ok(!isAdmitted('base-actions', { when: 'actions[self] == 1' }))
    assert.ok(!isAdmitted('base-actions', { at: 'settlement', when: 'sum(payoffs) < 20' }))
    const hidden = { form: 'hidden-state' }
    assert.ok(!isAdmitted('base-actions', { at: 'settlement', when: 'state == 1' }, hidden))
    assert.ok(!isAdmitted('base-actions', { at: 'settlement', when: 'partner == 1' }, hidden))
  })

  it('have no law set an action whose effort the language has no word for', () => {
    const override: Primitive = { primitive: 'override', action: '0' }
    for (const then of [override, { primitive: 'cap', limit: '0' } as const]) {
      assert.ok(!isAdmitted('own-action', { then }))
      assert.ok(!isAdmitted('base-actions', { then }))
      assert.ok(isAdmitted('full', { then }))
    }
  })

  it('are full where effort, payoffs and the state may be named', () => {
    assert.ok(isAdmitted('full', { when: 'actions[self] == 1 && size(history) == 0' }))
    assert.ok(isAdmitted('full', { at: 'settlement', when: 'payoffs[self] < payoffs[partner]' }))
    const hidden = { form: 'hidden-state' }
    assert.ok(isAdmitted('full', { at: 'settlement', when: 'state != base' }, hidden))
  })
})

function textOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
