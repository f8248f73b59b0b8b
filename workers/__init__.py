"""WHO works: the queue, the pipeline from answers to documents, and the programs it drives."""
