"""Costs of periods and what orders cost."""
