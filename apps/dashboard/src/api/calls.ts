/** The calls of the api, by name: thin over the generated client, so that pages see answers only. Every one throws `ApiProblem`. */
import { client } from './generated/client.gen.ts';
import * as sdk from './generated/sdk.gen.ts';
import type {
  ActivityPageView,
  ChangeStoreBody,
  CreateStoreBody,
  EngineView,
  ListStoresData,
  MetricsView,
  MeView,
  PlanView,
  ReadActivityData,
  StorePageView,
  StoreView,
  TimelineEntryView,
} from './generated/types.gen.ts';
import { send } from './transport.ts';

client.setConfig({ baseUrl: window.location.origin, fetch: send });
const shared = { throwOnError: true } as const;

export async function listStores(query: ListStoresData['query'], signal?: AbortSignal): Promise<StorePageView> {
  return (await sdk.listStores({ ...shared, query, signal })).data;
}

export async function readStore(id: string, signal?: AbortSignal): Promise<StoreView> {
  return (await sdk.readStore({ ...shared, path: { id }, signal })).data;
}

/** Oldest first. */
export async function readTimeline(id: string, signal?: AbortSignal): Promise<TimelineEntryView[]> {
  return (await sdk.readTimeline({ ...shared, path: { id }, signal })).data.entries;
}

export async function readActivity(query: ReadActivityData['query'], signal?: AbortSignal): Promise<ActivityPageView> {
  return (await sdk.readActivity({ ...shared, query, signal })).data;
}

export async function readMetrics(signal?: AbortSignal): Promise<MetricsView> {
  return (await sdk.readMetrics({ ...shared, signal })).data;
}

export async function readMe(signal?: AbortSignal): Promise<MeView> {
  return (await sdk.readMe({ ...shared, signal })).data;
}

export async function listEngines(signal?: AbortSignal): Promise<EngineView[]> {
  return (await sdk.listEngines({ ...shared, signal })).data.items;
}

export async function listPlans(signal?: AbortSignal): Promise<PlanView[]> {
  return (await sdk.listPlans({ ...shared, signal })).data.items;
}

/** Asks whether the api knows this token, without keeping it. */
export async function checkToken(token: string): Promise<MeView> {
  return (await sdk.readMe({ ...shared, headers: { authorization: `Bearer ${token}` } })).data;
}

/** Safe to repeat with the same key: it stays one store. */
export async function createStore(
  body: CreateStoreBody,
  idempotencyKey: string,
  signal?: AbortSignal,
): Promise<StoreView> {
  return (await sdk.createStore({ ...shared, body, headers: { 'Idempotency-Key': idempotencyKey }, signal })).data;
}

/** Repeating it is harmless. */
export async function deleteStore(id: string): Promise<StoreView> {
  return (await sdk.deleteStore({ ...shared, path: { id } })).data;
}

/** @param recreate makes a store whose data is gone again, empty */
export async function retryStore(id: string, recreate: boolean): Promise<StoreView> {
  return (await sdk.retryStore({ ...shared, path: { id }, body: { recreate } })).data;
}

/** Another size or address. Repeating it is harmless. */
export async function changeStore(id: string, body: ChangeStoreBody): Promise<StoreView> {
  return (await sdk.changeStore({ ...shared, path: { id }, body })).data;
}

/** Stops what is under way; nothing is removed. */
export async function cancelStore(id: string): Promise<StoreView> {
  return (await sdk.cancelStore({ ...shared, path: { id } })).data;
}
