-- Where the guards stand. Row triggers ask before a row is written, constraint triggers at the commit.

create trigger clerk_guard before insert or update or delete on doc for each row when (not gongfang.free()) execute function gongfang.guard_doc();
create constraint trigger clerk_made after insert or delete on doc deferrable initially deferred
  for each row when (not gongfang.free()) execute function gongfang.after_doc();
create constraint trigger clerk_changed after update on doc deferrable initially deferred
  for each row when (not gongfang.free() and (
    old.status <> new.status or (old.closing = 'H') <> (new.closing = 'H')
    or (old.number, old.kind, old.business_date, old.partner_id, old.workshop, old.note, old.source_id)
       is distinct from (new.number, new.kind, new.business_date, new.partner_id, new.workshop, new.note, new.source_id)))
  execute function gongfang.after_doc();

create trigger clerk_guard before insert or update or delete on doc_line
  for each row when (not gongfang.free()) execute function gongfang.guard_doc_line();
create constraint trigger clerk_rolled after update of done, closing on doc_line deferrable initially deferred
  for each row when (not gongfang.free() and (old.done <> new.done or old.closing <> new.closing)) execute function gongfang.after_doc_line();
create trigger clerk_guard before insert or update or delete on material_line
  for each row when (not gongfang.free()) execute function gongfang.guard_line_part();
create constraint trigger clerk_rolled after update of supplement, returned on material_line deferrable initially deferred
  for each row when (not gongfang.free() and (old.supplement <> new.supplement or old.returned <> new.returned))
  execute function gongfang.after_material_line();
create trigger clerk_guard before insert or update or delete on order_line
  for each row when (not gongfang.free()) execute function gongfang.guard_line_part();
create trigger clerk_guard before insert or update or delete on doc_link
  for each row when (not gongfang.free()) execute function gongfang.guard_doc_link();
create constraint trigger clerk_rolled after insert or delete on doc_link deferrable initially deferred
  for each row when (not gongfang.free()) execute function gongfang.after_doc_link();
create trigger clerk_guard before insert or update or delete on attachment
  for each row when (not gongfang.free()) execute function gongfang.guard_attachment();
create trigger clerk_guard before insert or update or delete on document_template
  for each row when (not gongfang.free()) execute function gongfang.guard_document_template();

create trigger clerk_guard before insert on stock_move for each row when (not gongfang.free()) execute function gongfang.guard_stock_move();
create trigger clerk_balance after insert on stock_move for each row when (not gongfang.free()) execute function gongfang.keep_balance();
create constraint trigger clerk_recorded after insert on stock_move deferrable initially deferred
  for each row when (not gongfang.free()) execute function gongfang.after_move();
create trigger clerk_guard before insert on wip_move for each row when (not gongfang.free()) execute function gongfang.guard_wip_move();
create constraint trigger clerk_recorded after insert on wip_move deferrable initially deferred
  for each row when (not gongfang.free()) execute function gongfang.after_move();
create constraint trigger clerk_recorded after insert or update on stock_value deferrable initially deferred
  for each row when (not gongfang.free()) execute function gongfang.after_stock_value();

create trigger clerk_guard before insert on audit_event for each row when (not gongfang.free()) execute function gongfang.guard_audit_event();
create constraint trigger clerk_done after insert on audit_event deferrable initially deferred
  for each row when (not gongfang.free() and (new.action in ('approve', 'reverse'))) execute function gongfang.after_audit_event();

create trigger clerk_guard before insert or update or delete on app_user
  for each row when (not gongfang.free()) execute function gongfang.guard_app_user();
create trigger clerk_right before insert or update or delete on role
  for each statement when (not gongfang.free()) execute function gongfang.need_right('admin.users');
create trigger clerk_right before insert or update or delete on role_right
  for each statement when (not gongfang.free()) execute function gongfang.need_right('admin.users');
create trigger clerk_right before insert or update or delete on user_role
  for each statement when (not gongfang.free()) execute function gongfang.need_right('admin.users');
create constraint trigger clerk_enroll after insert or delete or update of active, must_change, login on app_user
  deferrable initially deferred for each row execute function gongfang.enroll();
create constraint trigger clerk_enroll after insert or update or delete on role_right
  deferrable initially deferred for each row execute function gongfang.enroll();
create constraint trigger clerk_enroll after insert or update or delete on user_role
  deferrable initially deferred for each row execute function gongfang.enroll();

create trigger clerk_right before insert or update or delete on period
  for each statement when (not gongfang.free()) execute function gongfang.need_right('admin.period');
create trigger clerk_right before insert or update or delete on parameter
  for each statement when (not gongfang.free()) execute function gongfang.need_right('admin.parameters');
create trigger clerk_right before insert or update or delete on unit
  for each statement when (not gongfang.free()) execute function gongfang.need_right('master.units.change');
create trigger clerk_right before insert or update or delete on warehouse
  for each statement when (not gongfang.free()) execute function gongfang.need_right('master.warehouses.change');
create trigger clerk_right before insert or update or delete on item
  for each statement when (not gongfang.free()) execute function gongfang.need_right('master.items.change');
create trigger clerk_guard before insert or update on item for each row when (not gongfang.free()) execute function gongfang.guard_item();
create trigger clerk_right before insert or update or delete on item_alias
  for each statement when (not gongfang.free()) execute function gongfang.need_right(
    'master.aliases.change', 'master.items.change', 'master.customers.change', 'master.suppliers.change');
create trigger clerk_right before insert or update or delete on substitute
  for each statement when (not gongfang.free()) execute function gongfang.need_right('master.substitutes.change');
create trigger clerk_right before insert or update or delete on calendar_day
  for each statement when (not gongfang.free()) execute function gongfang.need_right('master.calendar.change');
create trigger clerk_guard before insert or update or delete on partner
  for each row when (not gongfang.free()) execute function gongfang.guard_partner();

create trigger clerk_guard before insert or update or delete on bom for each row when (not gongfang.free()) execute function gongfang.guard_bom();
create trigger clerk_right before insert or update or delete on bom_line
  for each statement when (not gongfang.free()) execute function gongfang.need_right('bom.change');
create trigger clerk_right before insert or update or delete on bom_output
  for each statement when (not gongfang.free()) execute function gongfang.need_right('bom.change');

create trigger clerk_right before insert or update or delete on mrp_run
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.run');
create trigger clerk_right before insert or update or delete on mrp_snapshot
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.run');
create trigger clerk_right before insert or update or delete on mrp_exception
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.run');
create trigger clerk_right before insert or delete on planned_order
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.run', 'plan.edit');
create trigger clerk_right_to_change before update on planned_order
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.run', 'plan.edit', 'plan.release', '%.delete');
create trigger clerk_guard before update on planned_order
  for each row when (not gongfang.free()) execute function gongfang.guard_planned_order();
create trigger clerk_right before insert or update or delete on release_batch
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.release');
create trigger clerk_right before insert or update on release_link
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.release');
create trigger clerk_right_to_take_back before delete on release_link
  for each statement when (not gongfang.free()) execute function gongfang.need_right('plan.release', '%.delete');

create trigger clerk_right before insert or update or delete on period_cost
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.change');
create trigger clerk_right before insert or update or delete on cost_run
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.run');
create trigger clerk_right before insert or update on cost_share
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.run');
create trigger clerk_right_to_take_back before delete on cost_share
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.run', 'cost.change');
create trigger clerk_right before insert or update or delete on wip_cost
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.run');
create trigger clerk_right before insert or update or delete on output_cost
  for each statement when (not gongfang.free()) execute function gongfang.need_right('cost.run');

create trigger clerk_guard before insert or update or delete on setting
  for each row when (not gongfang.free()) execute function gongfang.guard_setting();
create trigger clerk_guard before update on number_series
  for each row when (not gongfang.free()) execute function gongfang.guard_number_series();
create trigger clerk_guard before insert or update or delete on kept_view
  for each row when (not gongfang.free()) execute function gongfang.guard_kept_view();
