/** Marks the few routes that answer without a token. Everything else is refused by default. */
import { SetMetadata } from '@nestjs/common';

export const publicMetadata = 'urumi:public';
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicMetadata, true);
