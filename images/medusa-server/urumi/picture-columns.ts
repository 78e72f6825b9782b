/** Every column of Medusa's tables that holds a picture's address. */
export const pictureColumns = [
  { table: 'cart_line_item', column: 'thumbnail' },
  { table: 'image', column: 'url' },
  { table: 'inventory_item', column: 'thumbnail' },
  { table: 'order_claim_item_image', column: 'url' },
  { table: 'order_line_item', column: 'thumbnail' },
  { table: 'product', column: 'thumbnail' },
  { table: 'product_variant', column: 'thumbnail' },
  { table: 'user', column: 'avatar_url' },
] as const;
