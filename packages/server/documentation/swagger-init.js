// Runs in the page /docs, after Swagger UI. No validator: it would ask a server elsewhere.
globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#page',
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  // A key is forgotten with the page: what a browser keeps, every script of this origin can read.
  persistAuthorization: false,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
})
