/** Why an action was refused, beside its button. */
import { describeProblem } from '../../api/problem.ts';
import { FieldFault } from '../../components/text-field.tsx';

export function ActionFault({ error }: { readonly error: unknown }) {
  return (
    <span role="alert" className="self-center text-sm">
      <FieldFault>{describeProblem(error)}</FieldFault>
    </span>
  );
}
