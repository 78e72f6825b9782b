/** Builds the OpenAPI 3.1 document from the controllers. Needs neither Redis nor configuration: nothing is instantiated. */
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { pino } from 'pino';
import { AppModule } from '../app.module.ts';
import { digestToken } from '../auth/token-digest.ts';
import type { ApiConfig } from '../config.ts';

const unused: ApiConfig = {
  redisUrl: 'redis://127.0.0.1:1',
  allowUnsafeRedis: false,
  logLevel: 'silent',
  http: { host: '127.0.0.1', port: 0 },
  ops: null,
  baseDomain: 'localhost',
  adminToken: digestToken(''),
  tokensFile: null,
  storesMax: 0,
  enginesUnavailable: {},
  failedLoginsMax: 1,
  storeAddress: { scheme: 'http', port: 80 },
  dashboardDir: null,
};

export async function buildOpenApi(): Promise<OpenAPIObject> {
  const logger = pino({ level: 'silent' });
  const app = await NestFactory.create(AppModule.with(unused, logger), { preview: true, logger: false });
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Urumi')
    .setDescription('Creates, watches and removes online stores on Kubernetes.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, settings, { operationIdFactory: (_controller, method) => method });
  await app.close();
  return document;
}

/** The exact text of the committed file. */
export function formatOpenApi(document: OpenAPIObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
