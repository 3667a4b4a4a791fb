-- What a clerk's session reads: every table of the book under its own name, without the figures it has no right to.
-- The other tables are added as they are.

create view desk.doc_line as
  select l.id, l.doc_id, l.role, l.line_no, l.parent_line_id, l.item_id, l.quantity, l.done,
    case when (select gongfang.sees_all()) or (select d.type from @book@.doc d where d.id = l.doc_id)
              = any ((select gongfang.figure_types())::text[]) then l.price end as price,
    case when (select gongfang.sees_all()) or (select d.type from @book@.doc d where d.id = l.doc_id)
              = any ((select gongfang.figure_types())::text[]) then l.amount end as amount,
    l.warehouse_id, l.lot, l.start_date, l.due_date, l.source_line_id, l.demand_line_id, l.closing, l.hours, l.note
  from @book@.doc_line l;
