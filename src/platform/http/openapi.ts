// The OpenAPI document at /docs-json and its page at /docs, which works without the internet.
import { applyDecorators } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { type AnswerMeta } from './answer.js';
import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.js';

const META_EXAMPLE = {
  requestId: '0f6c1a62-52a2-4d2c-9a0e-5b1a51a2f0c4',
  timestamp: '2026-01-15T09:30:00.000Z',
};

/** A successful answer, by an example of its `data` and of what is special in its `meta`. */
export function ApiSuccess(status: 200 | 201, data: unknown, meta: AnswerMeta = {}) {
  const example = { data, meta: { ...META_EXAMPLE, ...meta } };
  return ApiResponse({
    status,
    description: status === 201 ? 'Recorded' : 'OK',
    content: { 'application/json': { schema: { type: 'object' }, example } },
  });
}

/** The errors worth knowing of at one endpoint, besides those that every endpoint has. */
export function ApiErrors(...codes: ErrorCode[]) {
  const statuses = [...new Set(codes.map((code) => ERROR_CATALOGUE[code].status))];
  return applyDecorators(
    ...statuses.map((status) => {
      const here = codes.filter((code) => ERROR_CATALOGUE[code].status === status);
      const examples = Object.fromEntries(here.map((code) => [code, { value: exampleOf(code) }]));
      return ApiResponse({
        status,
        description: here.map((code) => `${code}: ${ERROR_CATALOGUE[code].meaning}`).join(' '),
        content: { 'application/json': { schema: { type: 'object' }, examples } },
      });
    }),
  );
}

export function serveOpenApi(app: NestFastifyApplication, version: string): void {
  const document = new DocumentBuilder()
    .setTitle('Daybook')
    .setDescription(
      'An event-sourced, double-entry ledger. Amounts are decimal strings; every answer is ' +
        '`{ data, meta }` or `{ error, meta }`; docs/errors.md explains every code.',
    )
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: 'Daybook API',
  });
}

function exampleOf(code: ErrorCode) {
  const { number, meaning } = ERROR_CATALOGUE[code];
  return { error: { code, number, message: meaning, details: {} }, meta: META_EXAMPLE };
}
