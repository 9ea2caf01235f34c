import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importQuestions } from './import-questions.ts'

const QUESTIONS = 'qid,text,outcomes,open,close,outcome_index\n'
const FORECASTS = 'qid,forecaster,role,time,probs\n'
const RAIN = 'rain,"Rain, or snow?",no|yes,2022-09-18,2022-11-08,1\n'

describe('importing resolved questions', () => {
  it('reads questions and what was said about them', () => {
    const imported = importQuestions(
      QUESTIONS + RAIN,
      `${FORECASTS}rain,ann,survey,2022-10-01T12:00:00Z,0.25|0.75\nrain,bob,model,2022-10-02,0|1e0\n`,
    )
    assert.deepEqual(imported, {
      ok: true,
      value: {
        questions: [
          {
            id: 'rain',
            text: 'Rain, or snow?',
            outcomes: ['no', 'yes'],
            openAtMs: Date.UTC(2022, 8, 18),
            closeAtMs: Date.UTC(2022, 10, 8),
            outcomeIndex: 1,
          },
        ],
        forecasts: [
          {
            questionId: 'rain',
            forecaster: 'ann',
            role: 'survey',
            atMs: Date.UTC(2022, 9, 1, 12),
            probabilities: [0.25, 0.75],
          },
          {
            questionId: 'rain',
            forecaster: 'bob',
            role: 'model',
            atMs: Date.UTC(2022, 9, 2),
            probabilities: [0, 1],
          },
        ],
      },
    })
  })

  const badQuestions: readonly (readonly [string, string])[] = [
    ['rain,again,no|yes,2022-09-18,2022-11-08,1', 'duplicate-question'],
    ['q,t,no|yes,2022-09-18,2022-11-08', 'wrong-field-count'],
    ['q,,no|yes,2022-09-18,2022-11-08,1', 'empty-field'],
    ['q,t,yes,2022-09-18,2022-11-08,0', 'wrong-outcome-count'],
    ['q,t,no||yes,2022-09-18,2022-11-08,0', 'wrong-outcome-count'],
    [`q,t,${'x|'.repeat(64)}x,2022-09-18,2022-11-08,0`, 'wrong-outcome-count'],
    ['q,t,yes|yes,2022-09-18,2022-11-08,0', 'duplicate-outcome'],
    ['q,t,no|yes,2022-02-30,2022-11-08,1', 'malformed-time'],
    ['q,t,no|yes,18.9.2022,2022-11-08,1', 'malformed-time'],
    ['q,t,no|yes,2022-09-18T10:00,2022-11-08,1', 'malformed-time'],
    ['q,t,no|yes,2022-13-18,2022-11-08,1', 'malformed-time'],
    ['q,t,no|yes,2022-09-18,2022-09-17,1', 'closes-before-open'],
    ['q,t,no|yes,2022-09-18,2022-11-08,2', 'outcome-out-of-range'],
    ['q,t,no|yes,2022-09-18,2022-11-08,-1', 'outcome-out-of-range'],
    ['q,t,no|yes,2022-09-18,2022-11-08,yes', 'outcome-out-of-range'],
    ['q,"t,no|yes,2022-09-18,2022-11-08,1', 'unclosed-quote'],
    ['q,t"t,no|yes,2022-09-18,2022-11-08,1', 'stray-quote'],
    ['q,t,no|yes,2022-09-18,2022-11-08,1\rr,t,no|yes,2022-09-18,2022-11-08,1', 'stray-return'],
  ]
  for (const [line, code] of badQuestions) {
    it(`refuses the question ${line.slice(0, 50)} as ${code}`, () => {
      assert.deepEqual(faultsOf(QUESTIONS + RAIN + line, FORECASTS), [`questions:3 ${code}`])
    })
  }

  const badForecasts: readonly (readonly [string, string])[] = [
    ['snow,ann,survey,2022-10-01,0.5|0.5', 'unknown-question'],
    ['rain,ann,survey,yesterday,0.5|0.5', 'malformed-time'],
    ['rain,ann,survey,2022-10-01,0.5|0.3|0.2', 'wrong-probability-count'],
    ['rain,ann,survey,2022-10-01,half|0.5', 'malformed-probability'],
    ['rain,ann,survey,2022-10-01,-0.1|1.1', 'malformed-probability'],
    ['rain,ann,survey,2022-10-01,0.33|0.33', 'not-a-whole'],
    ['rain,,survey,2022-10-01,0.5|0.5', 'empty-field'],
  ]
  for (const [line, code] of badForecasts) {
    it(`refuses the forecast ${line} as ${code}`, () => {
      assert.deepEqual(faultsOf(QUESTIONS + RAIN, FORECASTS + line), [`forecasts:2 ${code}`])
    })
  }

  it('names every fault of both files at once', () => {
    const faults = faultsOf(
      `${QUESTIONS}a,b\n${RAIN}c\n`,
      `${FORECASTS}x\nrain,ann,survey,no,1|0\n`,
    )
    assert.deepEqual(faults, [
      'questions:2 wrong-field-count',
      'questions:4 wrong-field-count',
      'forecasts:2 wrong-field-count',
      'forecasts:3 malformed-time',
    ])
  })

  it('does not blame forecasts for a question that has a fault', () => {
    const said = `${FORECASTS}rain,ann,survey,2022-10-01,1|0\nrain,ann,survey,2022-10-01,1|1\n`
    const wrong = RAIN.replace('2022-11-08,1', '2022-11-08,2')
    assert.deepEqual(faultsOf(QUESTIONS + wrong, said), ['questions:2 outcome-out-of-range'])
    assert.deepEqual(faultsOf(RAIN, said), ['questions:1 wrong-header'])
  })

  it('passes over spaces around values, and lines with none', () => {
    const spaced = ' rain , Rain? , no | yes , 2022-09-18 , 2022-11-08 , 1 \n  \n,,,,,\n'
    const imported = importQuestions(
      QUESTIONS + spaced,
      `${FORECASTS}rain, ann ,survey,2022-10-01, 0.25 | 0.75 \n`,
    )
    assert.ok(imported.ok)
    assert.deepEqual(imported.value.questions[0]?.outcomes, ['no', 'yes'])
    assert.equal(imported.value.forecasts[0]?.forecaster, 'ann')
  })

  it('says what is accepted after however long a value', () => {
    const said = `${FORECASTS}rain,ann,survey,2022-10-01,${'9'.repeat(10_000)}|0\n`
    const imported = importQuestions(QUESTIONS + RAIN, said)
    assert.ok(!imported.ok)
    assert.match(imported.faults[0]?.sentence ?? '', /^9{60}… is no probability; accepted are/)
  })

  it('wants its headers', () => {
    assert.deepEqual(faultsOf(RAIN, ''), ['questions:1 wrong-header', 'forecasts:1 wrong-header'])
  })
})

function faultsOf(questions: string, forecasts: string): readonly string[] {
  const imported = importQuestions(questions, forecasts)
  if (imported.ok) return []
  assert.ok(imported.faults.every(({ sentence }) => sentence.length > 0))
  return imported.faults.map(({ file, line, code }) => `${file}:${line} ${code}`)
}
