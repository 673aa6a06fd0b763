import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createRoutes } from '@colloquy/contract'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { allOf, execForm, oneOf, readDockerfile } from './read-dockerfile.ts'
import { adapt, readSnippet } from './read-snippet.ts'
import { root } from './read-workspace.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const final = readDockerfile().at(-1)
const port = Number(oneOf(final, 'EXPOSE'))
const user = Number(oneOf(final, 'USER').split(':')[0])
const volume = oneOf(final, 'VOLUME')

/** The longest that a stop takes with the defaults, in seconds: `--shutdown-grace`, and ten to close what is open. */
const longestStop = 40

const files = [
  'Dockerfile',
  'compose.yaml',
  'deploy/Caddyfile',
  'deploy/colloquy.service',
  'deploy/kubernetes.yaml',
  'deploy/nginx.conf',
  'docs/deployment.md',
]

describe('the deployment', () => {
  it.each(files)('names only settings that there are: %s', (path) => {
    const known = new Set(read('docs/settings.md').match(/COLLOQUY_[A-Z_]+/g))
    expect(known.size).toBeGreaterThan(20)
    expect((read(path).match(/\bCOLLOQUY_[A-Z_]+/g) ?? []).filter((name) => !known.has(name))).toEqual([])
  })

  it('is told with flags that there are', () => {
    const known = new Set(read('docs/settings.md').match(/--[a-z-]+/g))
    // In backticks and alone: what stands in a whole command may be another program's.
    const named = [...read('docs/deployment.md').matchAll(/`(--[a-z-]+)[^`]*`/g)].map(([, flag = '']) => flag)
    const ofDockerAndNode = new Set(['--init', '--build-arg', '--volume', '--env', '--max-old-space-size'])
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((flag) => !known.has(flag) && !ofDockerAndNode.has(flag))).toEqual([])
  })

  it('is told on a page whose links lead somewhere', () => {
    const page = 'docs/deployment.md'
    const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
    const anchors = [...read(page).matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
    const headings = new Set([...read(page).matchAll(/^## (.+)$/gm)].map(([, title = '']) => anchorOf(title)))
    expect(anchors.filter((anchor) => !headings.has(anchor))).toEqual([])
  })

  it('calls the unit, the proxies and the page by the same port and commands as the image', () => {
    const program = '/opt/colloquy/node_modules/colloquy/dist/bin.js'
    expect(execForm(oneOf(final, 'ENTRYPOINT'))).toEqual(['node', program])
    expect(readSnippet('colloquy.service')).toContain(`ExecStart=/usr/bin/node ${program} serve\n`)
    expect(readSnippet('colloquy.service')).toContain(`COLLOQUY_PORT=${port}\n`)
    for (const name of ['nginx.conf', 'Caddyfile']) expect(readSnippet(name)).toContain(`127.0.0.1:${port}`)
    const [deploy = '', prune = ''] = allOf(readDockerfile()[1], 'RUN').slice(-2)
    for (const command of [deploy, prune])
      expect(read('docs/deployment.md')).toContain(command.replace('/out', '/opt/colloquy'))
  })
})

describe('compose.yaml', () => {
  it('runs the image shut in, reachable from this machine only, and waits for its end', () => {
    const { services, secrets, volumes } = readYaml(read('compose.yaml'))[0] as Compose
    const { colloquy } = services
    expect(colloquy).toMatchObject({
      ports: [`127.0.0.1:${port}:${port}`],
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(Number.parseInt(colloquy.stop_grace_period, 10)).toBeGreaterThan(longestStop)
    expect(colloquy.environment['COLLOQUY_API_KEYS_FILE']).toBe(`/run/secrets/${colloquy.secrets[0]}`)
    expect(Object.keys(secrets)).toEqual(colloquy.secrets)
    expect(colloquy.volumes).toEqual(Object.keys(volumes).map((name) => `${name}:${volume}`))
  })
})

describe('kubernetes.yaml', () => {
  const [deployment, service, claim] = readYaml(readSnippet('kubernetes.yaml')) as [
    Deployment,
    Service,
    object,
  ]
  const pod = deployment.spec.template.spec
  const [container] = pod.containers

  it('asks routes that there are, on a port that is the image’s', () => {
    const paths = new Set(Object.values(createRoutes()).map((route) => route.path))
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect(paths).toContain(probe.httpGet.path)
      expect(probe.httpGet.port).toBe('http')
    }
    expect(container.ports).toContainEqual({ name: 'http', containerPort: port })
    expect(service.spec.ports[0]).toMatchObject({ targetPort: 'http' })
    expect(service.spec.selector).toEqual(deployment.spec.template.metadata.labels)
    expect(service.spec.selector).toEqual(deployment.spec.selector.matchLabels)
  })

  it('waits for the end of running turns, and is not told a wrong port by the name of its service', () => {
    const asleep = Number(container.lifecycle.preStop.exec.command[1])
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(asleep + longestStop)
    expect(pod.enableServiceLinks).toBe(false)
  })

  it('keeps sessions on a volume that one process at a time has', () => {
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
    const mount = container.volumeMounts.find(({ mountPath }) => mountPath === volume)
    const { persistentVolumeClaim } = pod.volumes.find(({ name }) => name === mount?.name) ?? {}
    expect(claim).toMatchObject({
      kind: 'PersistentVolumeClaim',
      metadata: { name: persistentVolumeClaim?.claimName },
      spec: { accessModes: ['ReadWriteOnce'] },
    })
  })

  it('runs as the image’s user, who may read the keys and nothing else', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: user, fsGroup: user })
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true })
    const variables = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))
    expect(variables['COLLOQUY_API_KEYS_FILE']).toBe(`${container.volumeMounts[0].mountPath}/keys`)
    const { annotations } = deployment.spec.template.metadata
    expect(annotations['prometheus.io/port']).toBe(variables['COLLOQUY_METRICS_PORT'])
  })
})

describe('colloquy.service', () => {
  const unit = readSnippet('colloquy.service')

  it('waits for the end of running turns, and does not start again what is configured wrongly', () => {
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(longestStop)
    expect(unit).toContain('RestartPreventExitStatus=2\n')
  })

  it('keeps sessions in a folder that belongs to its user', () => {
    const [, folder] = /^StateDirectory=(.+)$/m.exec(unit) ?? []
    expect(unit).toContain(`COLLOQUY_DATA_DIR=/var/lib/${folder}\n`)
  })

  const analyze = '/usr/bin/systemd-analyze'
  it.skipIf(!existsSync(analyze))(`is understood by systemd (skipped without ${analyze})`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-unit-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'colloquy.service')
    await writeFile(file, adapt(unit, { '/usr/bin/node': process.execPath }))
    expect(await promisify(execFile)(analyze, ['verify', file])).toEqual({ stdout: '', stderr: '' })
  })
})

/** All documents of a YAML text. */
function readYaml(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as unknown
  })
}

/** How a heading is linked to. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}

interface Compose {
  readonly services: {
    readonly colloquy: {
      readonly stop_grace_period: string
      readonly environment: Readonly<Record<string, string>>
      readonly secrets: readonly string[]
      readonly volumes: readonly string[]
    }
  }
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, unknown>>
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

interface Deployment {
  readonly spec: {
    readonly selector: { readonly matchLabels: object }
    readonly template: {
      readonly metadata: { readonly labels: object; readonly annotations: Readonly<Record<string, string>> }
      readonly spec: {
        readonly enableServiceLinks: boolean
        readonly terminationGracePeriodSeconds: number
        readonly securityContext: object
        readonly containers: readonly [
          {
            readonly startupProbe: Probe
            readonly livenessProbe: Probe
            readonly readinessProbe: Probe
            readonly ports: readonly object[]
            readonly lifecycle: {
              readonly preStop: { readonly exec: { readonly command: readonly string[] } }
            }
            readonly securityContext: object
            readonly env: readonly { readonly name: string; readonly value: string }[]
            readonly volumeMounts: readonly [Mount, ...Mount[]]
          },
        ]
        readonly volumes: readonly {
          readonly name: string
          readonly persistentVolumeClaim?: { readonly claimName: string }
        }[]
      }
    }
  }
}

interface Mount {
  readonly name: string
  readonly mountPath: string
}

interface Service {
  readonly spec: { readonly selector: object; readonly ports: readonly object[] }
}
