"""Screening: a watch list, lost documents, earlier outcomes and marks shared between cases. Hits for an officer."""
