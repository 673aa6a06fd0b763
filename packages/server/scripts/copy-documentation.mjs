// The documentation pages ask nobody but this server, so what they need is shipped with it.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const from = (specifier) => fileURLToPath(import.meta.resolve(specifier))
const target = at('dist/documentation')

mkdirSync(target, { recursive: true })
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
  copyFileSync(from(`swagger-ui-dist/${file}`), `${target}/${file}`)
}
// Redoc takes its logo from elsewhere: a drawing of the same name stands in for it.
const logo = 'https://cdn.redoc.ly/redoc/logo-mini-full.svg'
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="16"><text y="12" font-size="12">Redocly</text></svg>`
const redoc = readFileSync(at('node_modules/redoc/bundles/redoc.standalone.js'), 'utf8')
if (!redoc.includes(logo))
  throw new Error(`The bundle of redoc no longer has ${logo}: see what it asks for instead.`)
const own = redoc.replaceAll(logo, `data:image/svg+xml,${encodeURIComponent(drawing)}`)
writeFileSync(`${target}/redoc.standalone.js`, own)
for (const file of readdirSync(at('documentation')))
  copyFileSync(at(`documentation/${file}`), `${target}/${file}`)
