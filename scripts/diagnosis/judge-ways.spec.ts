import { describe, expect, it } from 'vitest';
import {
  findIssuers,
  judgeCertificates,
  judgeOwnRoute,
  judgeShopRoutes,
  judgeStorage,
  parseStoresValues,
} from './judge-ways.ts';
import type { ObjectClass } from './objects.ts';

const of = (name: string, isDefault = false): ObjectClass => ({
  metadata: {
    name,
    annotations: isDefault
      ? {
          'storageclass.kubernetes.io/is-default-class': 'true',
          'ingressclass.kubernetes.io/is-default-class': 'true',
        }
      : {},
  },
});
const programmed = { metadata: { name: 'edge' }, status: { conditions: [{ type: 'Programmed', status: 'True' }] } };

describe('the stores’ values', () => {
  it('are read as the chart writes them', () => {
    const text =
      'exposure:\n  className: traefik\n  port: 8080\n  tls:\n    clusterIssuer: le\nstorage:\n  className: fast\n';
    expect(parseStoresValues(text)).toEqual({
      storageClass: 'fast',
      mode: 'ingress',
      ingressClass: 'traefik',
      gateway: { name: '', namespace: '' },
      clusterIssuer: 'le',
    });
  });

  it.each([[undefined], [''], ['exposure: {}\nstorage: null\n'], ['- a\n']])('are the defaults in %j', (text) => {
    expect(parseStoresValues(text)).toMatchObject({ storageClass: '', mode: 'ingress', ingressClass: '' });
  });
});

describe('storage', () => {
  it.each([
    ['the default class', [of('local', true), of('fast')], '', 'ok'],
    ['the class that is named', [of('fast')], 'fast', 'ok'],
    ['no default', [of('fast')], '', 'FAULT'],
    ['none at all', [], '', 'FAULT'],
    ['another name', [of('fast', true)], 'slow', 'FAULT'],
    ['two defaults', [of('a', true), of('b', true)], '', 'WARN'],
  ])('%s', (_, classes, wished, state) => {
    expect(judgeStorage(classes, wished).state).toBe(state);
  });
});

describe('ways to the shops', () => {
  const gatewayValues = 'exposure:\n  mode: gateway\n  gateway: {name: edge, namespace: infra}\n';
  it.each([
    ['the class that is named', 'exposure: {className: traefik}', [of('traefik')], null, 'ok'],
    ['the default class', '', [of('nginx', true)], null, 'ok'],
    ['a class that is not there', 'exposure: {className: traefik}', [of('nginx', true)], null, 'FAULT'],
    ['no default class', '', [of('nginx')], null, 'FAULT'],
    ['none by wish', 'exposure: {mode: none}', [], null, 'ok'],
    ['a Gateway', gatewayValues, [], programmed, 'ok'],
    ['a Gateway that waits', gatewayValues, [], { metadata: { name: 'edge' } }, 'WARN'],
    ['a Gateway that is not there', gatewayValues, [], undefined, 'FAULT'],
    ['no Gateway API', gatewayValues, [], null, 'FAULT'],
    ['a Gateway per shop', 'exposure: {mode: gateway, gateway: {name: edge}}', [], undefined, '?'],
  ])('%s', (_, text, ingressClasses, gateway, state) => {
    expect(judgeShopRoutes({ values: parseStoresValues(text), ingressClasses, gateway }).state).toBe(state);
  });

  it('the dashboard’s own is judged by its own class', () => {
    const own = {
      metadata: { name: 'urumi-api' },
      spec: { ingressClassName: 'traefik', rules: [{ host: 'shops.example' }] },
    };
    expect(judgeOwnRoute([own], 'urumi', [of('traefik')])).toMatchObject({
      state: 'ok',
      saw: expect.stringContaining('shops.example'),
    });
    expect(judgeOwnRoute([own], 'urumi', [of('nginx', true)]).state).toBe('FAULT');
    expect(judgeOwnRoute([], 'urumi', []).state).toBe('ok');
  });
});

describe('certificates', () => {
  const ready = { metadata: { name: 'le' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  it.each([
    ['nobody asks', [], [], 'ok'],
    ['made', ['le'], [ready], 'ok'],
    ['no cert-manager', ['le'], null, 'FAULT'],
    ['another issuer', ['le'], [], 'FAULT'],
    ['not ready', ['le'], [{ metadata: { name: 'le' } }], 'FAULT'],
  ])('%s', (_, asked, issuers, state) => {
    expect(judgeCertificates(asked, issuers).state).toBe(state);
  });

  it('are asked for shops and for the dashboard', () => {
    const ingress = { metadata: { annotations: { 'cert-manager.io/cluster-issuer': 'own' } } };
    const values = parseStoresValues('exposure: {tls: {clusterIssuer: le}}');
    expect(findIssuers(values, [ingress, {}])).toEqual(['le', 'own']);
  });
});
