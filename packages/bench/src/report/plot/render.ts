import { type EChartsOption, init } from 'echarts'
import { escapeHtml } from '../escape.ts'
import { BLACK } from './palette.ts'

export const WIDTH = 860
export const FONT = 'Helvetica, Arial, sans-serif'

/** Draws a plot without a browser: an SVG with a name for those who do not see it. The same options give the same picture. */
export function renderSvg(name: string, options: EChartsOption, height = 400): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 13, color: BLACK },
    ...options,
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return makeStill(svg, name)
}

/** Drops what only scripts and pointers use, and names that differ from one drawing to the next. */
function makeStill(svg: string, name: string): string {
  const prefix = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return svg
    .replaceAll(/ (?:ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replaceAll(/ class="zr\d+-cls-\d+"/g, '')
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replaceAll(/\bzr\d+-/g, `${prefix}-`)
    .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(name)}" `)
}
