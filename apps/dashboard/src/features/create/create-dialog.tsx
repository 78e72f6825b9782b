/** The form for a new store, over the list at /stores/new. It is never disabled, never cleared, and asks for three things; more waits
 * folded. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import type { PlanId } from '@urumi/shared/domain/plans';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { enginesQuery, meQuery, metricsQuery, plansQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { FoldButton } from '../../components/fold-button.tsx';
import { tell } from '../../components/toasts.tsx';
import { useTitle } from '../../lib/use-title.ts';
import { AddressField } from '../address/address-field.tsx';
import { readHost, tellHostFault } from '../address/host-rules.ts';
import { CreateAnswer, readFieldFaults } from './create-answer.tsx';
import { EngineChoice } from './engine-choice.tsx';
import { tellExpectation } from './expectation.ts';
import { NameField } from './name-field.tsx';
import { PlanChoice } from './plan-choice.tsx';
import { tellNameFault } from './name-rules.ts';
import { useCreateStore } from './use-create-store.ts';

export interface CreateForm {
  readonly name: string;
  readonly engine: EngineId | '';
  readonly plan: PlanId;
  /** Empty where one is to be made. */
  readonly host: string;
}

export function CreateDialog() {
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/stores' });
  const nameInput = useRef<HTMLInputElement>(null);
  const hostInput = useRef<HTMLInputElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const { data: engines } = useQuery(enginesQuery);
  const { data: plans } = useQuery(plansQuery);
  const { data: me } = useQuery(meQuery);
  const { data: metrics } = useQuery(metricsQuery);
  useTitle('Create store');

  const create = useCreateStore((store) => {
    tell(`${store.name} is on its way`);
    void navigate({ to: '/stores/$storeId', params: { storeId: store.id }, state: { focusHeading: true } });
  });
  const form = useForm<CreateForm>({
    defaultValues: { name: '', engine: '', plan: 'S', host: '' },
    mode: 'onBlur',
    shouldFocusError: false,
  });
  const [engineId, planId] = [form.watch('engine'), form.watch('plan')];
  const { errors } = form.formState;

  const available = useMemo(() => engines?.filter((engine) => engine.available) ?? [], [engines]);
  const onlyEngine = available.length === 1 ? available[0]?.id : undefined;
  useEffect(() => {
    if (engineId === '' && onlyEngine !== undefined) form.setValue('engine', onlyEngine);
  }, [engineId, onlyEngine, form]);

  // Whatever the api said was about the content it was sent.
  const change = (touch: () => void) => {
    if (create.state.phase !== 'idle') create.stop();
    touch();
  };

  const faults = readFieldFaults(create.state.phase === 'answered' ? create.state.error : null);
  const submit = form.handleSubmit(
    ({ name, engine, plan, host: typed }) => {
      const wished = typed === '' ? {} : { host: typed };
      if (engine !== '') create.send({ name: name.trim(), engine, plan, ...wished });
    },
    (found) => {
      if (found.name !== undefined) nameInput.current?.focus();
      else if (found.engine === undefined) hostInput.current?.focus();
      else document.getElementById('engine-choice')?.querySelector('input')?.focus();
    },
  );
  useEffect(() => {
    if (faults.name !== undefined) nameInput.current?.focus();
  }, [faults.name]);
  useEffect(() => {
    if (faults.host !== undefined) hostInput.current?.focus();
  }, [faults.host]);
  useEffect(() => {
    // It unfolds below the edge of the dialog: without the focus a press would seem to do nothing.
    if (unfolded) hostInput.current?.focus();
  }, [unfolded]);

  const context = me === undefined ? null : { baseDomain: me.baseDomain, storeId: null };
  const typedHost = form.watch('host');
  const hostFault = faults.host ?? errors.host?.message;
  // A fault is never folded away.
  const showsAdvanced = unfolded || hostFault !== undefined;
  const sending = create.state.phase === 'sending' || create.state.phase === 'waiting';
  return (
    <Dialog
      open
      size="form"
      onClose={() => void navigate({ to: '/stores', search })}
      title="Create store"
      description="It gets products and its own address, and takes orders with cash on delivery."
      initialFocus={nameInput}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-1 flex-col">
        <div className="flex-1 space-y-6 px-5 pt-5 sm:px-6">
          <NameField
            inputRef={nameInput}
            field={form.register('name', {
              validate: (name) => tellNameFault(name) ?? true,
              onChange: () => change(() => form.clearErrors('name')),
            })}
            value={form.watch('name')}
            fault={faults.name ?? errors.name?.message}
            baseDomain={me?.baseDomain ?? null}
            host={context && readHost(typedHost, context)}
          />
          <EngineChoice
            engines={engines ?? null}
            value={engineId}
            fault={faults.engine ?? errors.engine?.message}
            field={form.register('engine', {
              validate: (id) =>
                available.some((engine) => engine.id === id) || 'Choose an engine that can be used here.',
              onChange: () => change(() => form.clearErrors('engine')),
            })}
          />
          <PlanChoice
            plans={plans ?? null}
            value={planId}
            engine={engineId === '' ? 'medusa' : engineId}
            quota={me?.quota ?? null}
            fault={faults.plan}
            field={form.register('plan', { onChange: () => change(() => undefined) })}
          />
          <div>
            <FoldButton open={showsAdvanced} onToggle={() => setUnfolded(!showsAdvanced)}>
              Advanced
            </FoldButton>
            {/* Not unmounted: what was typed is judged and sent folded too. */}
            <div hidden={!showsAdvanced} className="pt-3">
              <AddressField
                inputRef={hostInput}
                field={form.register('host', {
                  validate: (text) => text === '' || context === null || (tellHostFault(text, context) ?? true),
                  onChange: () => change(() => form.clearErrors('host')),
                })}
                value={typedHost}
                fault={hostFault}
                context={context}
                emptyHint="Left empty, one is made for you. It can be changed later."
              />
            </div>
          </div>
        </div>
        <div className="sticky bottom-0 mt-4 border-t border-line bg-raised">
          {/* Beside the button, so that the answer is seen on the smallest screen. */}
          <div className="px-5 pt-4 empty:hidden sm:px-6">
            <CreateAnswer state={create.state} takenStoreId={faults.takenStoreId} onSendNow={create.sendNow} />
          </div>
          <DialogActions>
            <span className="mr-auto basis-full text-sm text-muted sm:basis-auto">
              {tellExpectation({ metrics, cluster: me?.cluster })}
            </span>
            <Button type="submit" look="primary" className="max-sm:w-full">
              {sending ? 'Creating store' : 'Create store'}
            </Button>
          </DialogActions>
        </div>
      </form>
    </Dialog>
  );
}
