"""Proves the books: every invariant by its name, what it counted and what breaks it."""

from __future__ import annotations

from collections.abc import Callable

from services.platform.db import Database
from services.reporting import access_proofs, cost_proofs, document_proofs, file_proofs, stock_proofs, system_proofs
from services.reporting.proofs import Broken, Finding, Found, Proof

__all__ = ["PROOFS", "Broken", "Finding", "Found", "Proof", "check"]

PROOFS: tuple[Proof, ...] = (
    Proof("I01", "check.i01", stock_proofs.balances_equal_ledger),
    Proof("I02", "check.i02", stock_proofs.value_follows_quantity),
    Proof("I03", "check.i03", stock_proofs.never_below_zero),
    Proof("I06", "check.i06", stock_proofs.available_equals_ledger),
    Proof("I09", "check.i09", stock_proofs.customers_goods_cost_nothing),
    Proof("I11", "check.i11", document_proofs.chain_within_limits),
    Proof("I12", "check.i12", document_proofs.rolled_up),
    Proof("I13", "check.i13", document_proofs.posted_and_recorded),
    Proof("I14", "check.i14", document_proofs.reversals_negate),
    Proof("I15", "check.i15", document_proofs.numbers_unique),
    Proof("I16", "check.i16", document_proofs.closed_stay_closed),
    Proof("I18", "check.i18", stock_proofs.progress_mirrors_stock),
    Proof("I19", "check.i19", cost_proofs.in_equals_out),
    Proof("I20", "check.i20", stock_proofs.returns_within_draws),
    Proof("I23", "check.i23", system_proofs.bills_hold),
    Proof("I24", "check.i24", system_proofs.releases_linked),
    Proof("I30", "check.i30", document_proofs.amounts_follow_prices),
    Proof("I31", "check.i31", system_proofs.chain_unbroken),
    Proof("I32", "check.i32", system_proofs.references_resolve),
    Proof("I33", "check.i33", access_proofs.actions_were_allowed),
    Proof("I34", "check.i34", file_proofs.files_whole),
)


def check(db: Database, progress: Callable[[int, int, str], None] | None = None) -> list[Finding]:
    """Runs every proof on one consistent view of the book; the books hold when no finding has broken rows.

    progress: called before each proof with its position, their number, and its code; it may raise to stop.
    """
    made = []
    with db.read() as conn:
        for position, proof in enumerate(PROOFS):
            if progress is not None:
                progress(position, len(PROOFS), proof.code)
            found = proof.run(conn)
            made.append(Finding(proof.code, proof.sentence, found.counted, found.broken))
    return made
