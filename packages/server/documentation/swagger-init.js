// Runs in the page /docs, after Swagger UI. No validator: it would ask a server elsewhere.
globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#page',
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
})
