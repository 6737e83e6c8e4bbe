"""Mutation testing of `src/domain`: one small change at a time, which some test has to notice."""
