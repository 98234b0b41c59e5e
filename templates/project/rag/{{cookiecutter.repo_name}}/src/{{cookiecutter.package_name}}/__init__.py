"""Chat over documents: answers with citations, from what the user may read and from nothing else."""
