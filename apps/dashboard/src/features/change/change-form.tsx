/** Size cards and the address. Never disabled; what is wrong is said at its field. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import type { PlanId } from '@urumi/shared/domain/plans';
import { ApiProblem, describeProblem } from '../../api/problem.ts';
import { plansQuery } from '../../api/queries.ts';
import type { ChangeStoreBody, StoreView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { DialogActions } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { PlanChoice } from '../create/plan-choice.tsx';
import { readHost, tellHostFault, toShortHost } from './host-rules.ts';

export interface ChangeFormProps {
  readonly store: StoreView;
  readonly baseDomain: string;
  /** What was chosen before, where the form comes back. */
  readonly draft: ChangeStoreBody;
  readonly pending: boolean;
  /** The api's answer to what was sent, `null` where it has not refused. */
  readonly error: unknown;
  readonly onEdit: () => void;
  readonly onClose: () => void;
  readonly onWish: (wish: ChangeStoreBody) => void;
}

interface Fields {
  readonly plan: PlanId;
  readonly host: string;
}

const typingPauseMs = 400;

export function ChangeForm({ store, baseDomain, draft, pending, error, onEdit, onClose, onWish }: ChangeFormProps) {
  const { data: plans } = useQuery(plansQuery);
  const presentHost = store.wishedHost ?? store.host;
  const form = useForm<Fields>({
    defaultValues: {
      plan: draft.plan ?? store.plan,
      host: toShortHost(draft.host ?? presentHost, baseDomain),
    },
    mode: 'onBlur',
  });
  const [nothing, setNothing] = useState(false);
  const context = { baseDomain, storeId: store.id };
  const typed = form.watch('host');
  const settled = useSettled(typed);
  const host = readHost(typed, context);

  const edit = () => {
    setNothing(false);
    if (error !== null) onEdit();
  };
  const submit = form.handleSubmit((fields) => {
    const wished = readHost(fields.host, context);
    const wish: ChangeStoreBody = {
      ...(fields.plan === store.plan ? {} : { plan: fields.plan }),
      ...(wished === null || wished === presentHost ? {} : { host: wished }),
    };
    const same = Object.keys(wish).length === 0;
    setNothing(same);
    if (!same) onWish(wish);
  });
  const refusal = error === null ? null : readRefusal(error);
  const hostFault =
    (refusal?.field === 'host' ? refusal.text : null) ??
    form.formState.errors.host?.message ??
    (settled === typed ? tellHostFault(typed, context) : null);

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-1 flex-col">
      <div className="flex-1 space-y-6 px-5 pt-5 sm:px-6">
        <PlanChoice
          plans={plans ?? null}
          value={form.watch('plan')}
          engine={store.engine}
          quota={null}
          fault={undefined}
          field={form.register('plan', { onChange: edit })}
        />
        <TextField
          {...form.register('host', {
            validate: (value) => tellHostFault(value, context) ?? true,
            onChange: () => {
              form.clearErrors('host');
              edit();
            },
          })}
          label="Address"
          className="[&_input]:scroll-mb-44"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={hostFault}
          hint={host === null ? `One word below .${baseDomain}` : `The shop answers at ${host}`}
        />
      </div>
      <div className="mt-4 sm:sticky sm:bottom-0 border-t border-line bg-raised">
        <div className="px-5 pt-4 empty:hidden sm:px-6">
          {nothing && (
            <Notice tone="info" announce>
              This is what the store has already. Choose another size or address.
            </Notice>
          )}
          {refusal !== null && refusal.field === null && (
            <Notice tone="bad" announce>
              {refusal.text}
            </Notice>
          )}
        </div>
        <DialogActions>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button type="submit" look="primary">
            {pending ? 'Asking for the change' : 'Change store'}
          </Button>
        </DialogActions>
      </div>
    </form>
  );
}

/** The text once typing has paused: what is still being typed is not judged. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), typingPauseMs);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}

/** A refusal belongs to the address or to the form as a whole. */
function readRefusal(error: unknown): { readonly field: 'host' | null; readonly text: string } {
  const atHost =
    error instanceof ApiProblem && (error.code === 'store.host-taken' || error.code === 'store.host-invalid');
  return { field: atHost ? 'host' : null, text: describeProblem(error) };
}
