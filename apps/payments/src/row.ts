/** What a table's row holds, as plain data: decisions take it and give it back changed. */
export type Row<Entity> = { readonly [Field in keyof Entity]: Entity[Field] };
