/** Plan sizes a store can be asked for. The numbers behind a size live in the chart (`files/sizes.yaml`). */
import { z } from 'zod';

export const planIds = ['S', 'M', 'L'] as const;
export const planSchema = z.enum(planIds);
export type PlanId = z.infer<typeof planSchema>;

/** What a person sees of a size. */
export interface Plan {
  readonly id: PlanId;
  readonly title: string;
  readonly summary: string;
}

export const plans: Readonly<Record<PlanId, Plan>> = {
  S: { id: 'S', title: 'Small', summary: 'For trying things out and small catalogues' },
  M: { id: 'M', title: 'Medium', summary: 'For a shop with steady visitors' },
  L: { id: 'L', title: 'Large', summary: 'For busy shops and large catalogues' },
};
