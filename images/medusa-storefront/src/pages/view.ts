/** What every page needs to draw itself, beside its own facts. */
import type { FormatMoney } from '../shop/money.ts';
import type { PictureOf } from '../shop/picture.ts';

export interface View {
  readonly shopName: string;
  readonly storeId: string;
  readonly storeOrigin: string;
  readonly locale: string;
  readonly money: FormatMoney;
  readonly pictureOf: PictureOf;
  /** Address of a file of this shop, with its version. */
  readonly href: (path: string) => string;
}
