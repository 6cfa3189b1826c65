"""The rules of the house, executed. docs/architecture.md says why each one is there."""
