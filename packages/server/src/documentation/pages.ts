/** The page of Swagger UI. Its addresses are relative, so that it works wherever the app is mounted. */
export const swaggerPage = (name: string): string =>
  page(
    name,
    '<link rel="stylesheet" href="docs/files/swagger-ui.css">',
    '<div id="page"></div>\n<script src="docs/files/swagger-ui-bundle.js"></script>\n<script src="docs/files/swagger-init.js"></script>',
  )

/** The page of Redoc. */
export const redocPage = (name: string): string =>
  page(
    name,
    '',
    '<redoc spec-url="openapi.json" disable-telemetry="true"></redoc>\n<script type="module" src="docs/files/redoc.standalone.js"></script>',
  )

/**
 * What the pages may do: nothing but what they are for, and nothing elsewhere. Both make styles as they run, and Redoc
 * searches in a worker that it makes from a blob.
 */
export const pagePolicy = [
  "default-src 'none'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function page(name: string, head: string, body: string): string {
  const title = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="docs/files/favicon-32x32.png">
${head}
<body style="margin: 0">
${body}
</body>
</html>
`
}
