"""Fine-tuning: clean data with evidence, a tuning job, and gates against unsafe or leaking models."""
