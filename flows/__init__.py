"""Retention that keeps its promise: the flow around the dbt project, and its console command."""
