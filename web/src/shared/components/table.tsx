import type { ComponentChildren } from "preact";

export interface Column<Row> {
  id: string;
  title: ComponentChildren;
  cell: (row: Row) => ComponentChildren;
  numeric?: boolean;
  /** The cell names the row. */
  header?: boolean;
  /** What `aria-sort` says of this column. */
  sort?: "ascending" | "descending" | "none";
}

interface TableProps<Row> {
  caption: string;
  captionHidden?: boolean;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  rowState?: (row: Row) => string | undefined;
}

/** A data table that scrolls sideways by itself when the screen is too narrow. */
export function Table<Row>({ caption, captionHidden, columns, rows, rowKey, rowState }: TableProps<Row>) {
  return (
    <div class="ryoji-table" role="region" aria-label={caption} tabIndex={0}>
      <table class="ryoji-table__table">
        <caption class={captionHidden ? "ryoji-visually-hidden" : "ryoji-table__caption"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" class="ryoji-table__head" data-numeric={column.numeric ? "" : undefined} aria-sort={column.sort}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-state={rowState?.(row)}>
              {columns.map((column) => {
                const Cell = column.header ? "th" : "td";
                return (
                  <Cell key={column.id} class="ryoji-table__cell" scope={column.header ? "row" : undefined} data-numeric={column.numeric ? "" : undefined}>{column.cell(row)}</Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
