/** Size cards and the address. Never disabled; what is wrong is said at its field. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { PlanId } from '@urumi/shared/domain/plans';
import { describeProblem } from '../../api/problem.ts';
import { plansQuery } from '../../api/queries.ts';
import type { ChangeStoreBody, StoreView } from '../../api/generated/types.gen.ts';
import { Button } from '../../components/button.tsx';
import { DialogActions } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { AddressField } from '../address/address-field.tsx';
import { readHost, tellHostFault, tellHostRefusal, toShortHost } from '../address/host-rules.ts';
import { PlanChoice } from '../create/plan-choice.tsx';

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
  const refusal = error === null || tellHostRefusal(error) !== null ? null : describeProblem(error);

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
        <AddressField
          field={form.register('host', {
            validate: (value) => tellHostFault(value, context) ?? true,
            onChange: () => {
              form.clearErrors('host');
              edit();
            },
          })}
          value={form.watch('host')}
          fault={tellHostRefusal(error) ?? form.formState.errors.host?.message}
          context={context}
        />
      </div>
      <div className="mt-4 sm:sticky sm:bottom-0 border-t border-line bg-raised">
        <div className="px-5 pt-4 empty:hidden sm:px-6">
          {nothing && (
            <Notice tone="info" announce>
              This is what the store has already. Choose another size or address.
            </Notice>
          )}
          {refusal !== null && (
            <Notice tone="bad" announce>
              {refusal}
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
